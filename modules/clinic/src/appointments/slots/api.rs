//! The operation that finds when a service can be had.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::calendar::{Every, FreeOption, Period, free_options};
use tenantry_core::http::{Answer, ApiError, ApiResult, Can};
use tenantry_core::value::Moment;
use time::Duration;

use super::store::{Asked, chosen};
use super::{ServiceSlot, ServiceSlots};
use crate::appointments::desk::moment;
use crate::locations::LocationId;
use crate::practitioners::PractitionerId;
use crate::rooms::RoomId;
use crate::services::ServiceId;
use crate::{AppointmentsRead, Tag};

/// How far one can look at once.
const WINDOW: Duration = Duration::days(62);

/// Slots of services.
#[derive(Default)]
pub struct ClinicSlotsApi;

#[OpenApi(tag = "Tag::Appointments")]
impl ClinicSlotsApi {
    /// Find when a service can be had.
    ///
    /// Of everybody who offers it, or of one; with the time that is kept free around it. Nothing is promised by it: a hold is.
    #[oai(path = "/clinic/services/:id/slots", method = "get", operation_id = "services_slots")]
    #[allow(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn slots(
        &self,
        caller: Can<AppointmentsRead>,
        id: Path<ServiceId>,
        /// When to look from.
        from: Query<Moment>,
        /// Until when; at most 62 days later.
        until: Query<Moment>,
        /// Whose; of anybody who offers it where it is left out.
        practitioner_id: Query<Option<PractitionerId>>,
        /// In which room.
        room_id: Query<Option<RoomId>>,
        /// In any room of this location.
        location_id: Query<Option<LocationId>>,
        /// With which device.
        device_id: Query<Option<RoomId>>,
        /// Whether a patient asks, who books by itself.
        online: Query<Option<bool>>,
        /// Every how many minutes one may begin; 15 where it is left out.
        every: Query<Option<Every>>,
        /// How many to find; 100 where it is left out.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
        limit: Query<Option<i32>>,
    ) -> ApiResult<Answer<ServiceSlots>> {
        let far = || ApiError::invalid().at("until", "has to be later than `from`, and at most 62 days");
        let window = Period::new(from.0.into(), until.0.into()).filter(|window| window.length() <= WINDOW);
        let asked = Asked {
            service: id.0,
            practitioner: practitioner_id.0,
            room: room_id.0,
            location: location_id.0,
            device: device_id.0,
            online: online.0.unwrap_or(false),
        };
        let most = usize::try_from(limit.0.unwrap_or(100)).unwrap_or(100);
        let found = free_options(chosen(asked), window.ok_or_else(far)?, every.0.unwrap_or(Every::Quarter), most);
        let found = caller.read(found).await?.ok_or_else(ApiError::not_found)?;
        let has_room = room_id.0.is_some() || location_id.0.is_some();
        let items = found.items.into_iter().map(|free| slot(&free, has_room)).collect::<ApiResult<_>>()?;
        Ok(Answer(ServiceSlots { items, has_more: found.has_more }))
    }
}

fn slot(free: &FreeOption, has_room: bool) -> ApiResult<ServiceSlot> {
    let room = free.resources.get(1).filter(|_| has_room);
    Ok(ServiceSlot {
        starts_at: moment(free.period.starts_at)?,
        ends_at: moment(free.period.ends_at)?,
        practitioner_id: free.option.into(),
        room_id: room.map(|room| room.as_uuid().into()),
        places: free.places,
    })
}
