//! The operation on queues.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{Answer, ApiError, ApiResult, Can};
use tenantry_core::notify::time_zone;
use tenantry_core::value::{Clock, Date};
use time::OffsetDateTime;

use super::{Queue, store};
use crate::practitioners::{self, PractitionerId};
use crate::{AppointmentsRead, Tag};

/// Queues.
#[derive(Default)]
pub struct QueueApi;

#[OpenApi(tag = "Tag::Appointments")]
impl QueueApi {
    /// See who waits for a practitioner.
    ///
    /// Those who are checked in, in the order in which they were.
    #[oai(path = "/clinic/practitioners/:id/queue", method = "get", operation_id = "practitioners_queue")]
    async fn queue(
        &self,
        caller: Can<AppointmentsRead>,
        id: Path<PractitionerId>,
        /// The day, by the organization's clock; today where it is left out.
        day: Query<Option<Date>>,
    ) -> ApiResult<Answer<Queue>> {
        let waiting = caller.read_all(async |tx| {
            tx.run(practitioners::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            let zone = tx.run(time_zone()).await?;
            let clock = Clock::of_or_utc(&zone);
            let day = day.0.map_or_else(|| clock.day(OffsetDateTime::now_utc()), time::Date::from);
            let far = || ApiError::invalid().at("day", "is too far away");
            let next = day.next_day().ok_or_else(far)?;
            Ok(tx.run(store::waiting(caller.reach(), id.0, clock.start(day), clock.start(next))).await?)
        });
        Ok(Answer(Queue { items: waiting.await? }))
    }
}
