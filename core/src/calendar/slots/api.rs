//! The operation that finds what is free.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use time::Duration;

use super::{Every, Slots, SlotsAsked, free_slots};
use crate::calendar::CalendarRead;
use crate::calendar::bookings::Need;
use crate::calendar::period::Period;
use crate::calendar::resources::{self, ResourceId};
use crate::http::{Answer, ApiError, ApiResult, Can};
use crate::module::Tag;
use crate::value::Moment;

/// How far one can look at once.
const WINDOW: Duration = Duration::days(62);

/// Slots.
#[derive(Default)]
pub struct SlotsApi;

#[OpenApi(tag = "Tag::Calendar")]
impl SlotsApi {
    /// Find when a resource is free.
    ///
    /// What has passed is not free. Nothing is promised by it: a hold is.
    #[oai(path = "/calendar/resources/:id/slots", method = "get", operation_id = "calendar_slots")]
    #[allow(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn slots(
        &self,
        caller: Can<CalendarRead>,
        id: Path<ResourceId>,
        /// When to look from.
        from: Query<Moment>,
        /// Until when; at most 62 days later.
        until: Query<Moment>,
        /// How many minutes a slot has.
        #[oai(validator(minimum(value = "5"), maximum(value = "1440")))]
        minutes: Query<i32>,
        /// Every how many minutes one may begin; 15 where it is left out.
        every: Query<Option<Every>>,
        /// Minutes that are needed before.
        #[oai(validator(minimum(value = "0"), maximum(value = "1440")))]
        minutes_before: Query<Option<i32>>,
        /// Minutes that are needed behind.
        #[oai(validator(minimum(value = "0"), maximum(value = "1440")))]
        minutes_after: Query<Option<i32>>,
        /// How many to find; 100 where it is left out.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
        limit: Query<Option<i32>>,
    ) -> ApiResult<Answer<Slots>> {
        let far = || ApiError::invalid().at("until", "has to be later than `from`, and at most 62 days");
        let window = Period::new(from.0.into(), until.0.into()).filter(|window| window.length() <= WINDOW);
        let need = Need {
            resource_id: id.0,
            minutes_before: minutes_before.0.unwrap_or(0),
            minutes_after: minutes_after.0.unwrap_or(0),
            shared: None,
        };
        let asked = SlotsAsked {
            needs: vec![need],
            window: window.ok_or_else(far)?,
            length: Duration::minutes(minutes.0.into()),
            every: every.0.unwrap_or(Every::Quarter),
            most: usize::try_from(limit.0.unwrap_or(100)).unwrap_or(100),
        };
        let found = caller.read_all(async |tx| {
            tx.run(resources::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(free_slots(asked)).await?)
        });
        found.await.map(Answer)
    }
}
