//! What an appointment takes: who comes, to whom, in which room, with which device; each a resource of the calendar.

use tenantry_core::calendar::{Group, Need, Period, ResourceId, free_of, make_resources};
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::TenantTx;
use time::{Duration, OffsetDateTime};

use super::store;
use crate::MODULE;
use crate::locations::{self, LocationId};
use crate::patients::PatientId;
use crate::practitioners::{self, PractitionerId};
use crate::rooms::{self, Room, RoomId, RoomKind};
use crate::services::{self, Service, ServiceId};

/// What an appointment takes.
#[derive(Clone, Debug)]
pub(crate) struct Takes {
    pub(crate) patient: PatientId,
    pub(crate) service: ServiceId,
    /// How many patients share the practitioner, the room and the device.
    pub(crate) places: i32,
    pub(crate) practitioner: PractitionerId,
    pub(crate) room: Option<RoomId>,
    pub(crate) device: Option<RoomId>,
    /// Minutes that are kept free before and behind.
    pub(crate) around: (i32, i32),
}

impl Takes {
    /// What a service takes, without a room.
    pub(super) fn of(service: &Service, patient: PatientId, practitioner: PractitionerId) -> Self {
        let around = (service.buffer_before_minutes, service.buffer_after_minutes);
        let (service, places) = (service.id, service.capacity);
        Self { patient, service, places, practitioner, room: None, device: None, around }
    }

    /// The room and the device of those who come together at this time, if anybody does.
    pub(super) async fn mates(
        &self,
        tx: &mut TenantTx,
        starts_at: OffsetDateTime,
    ) -> ApiResult<(Option<RoomId>, Option<RoomId>)> {
        match self.places {
            ..=1 => Ok((None, None)),
            _ => {
                // Who looks at the same moment looks once this is booked.
                tx.run(practitioners::in_turn(self.practitioner)).await?;
                Ok(tx.run(store::mates(self, starts_at)).await?.unwrap_or_default())
            }
        }
    }

    /// The resources, which are there from then on. The patient alone is not needed before and behind, and alone is nobody else's.
    pub(super) async fn needs(&self, tx: &mut TenantTx) -> ApiResult<Vec<Need>> {
        let missing = || ApiError::not_found().at("/practitioner_id", "there is no such record");
        let practitioner = tx.run(practitioners::find(self.practitioner)).await?.ok_or_else(missing)?;
        let mut resources = vec![practitioner.resource()];
        for (room, kind, pointer) in
            [(self.room, RoomKind::Room, "/room_id"), (self.device, RoomKind::Device, "/device_id")]
        {
            if let Some(id) = room {
                resources.push(room_of(tx, id, kind, pointer).await?.resource());
            }
        }
        let (minutes_before, minutes_after) = self.around;
        let shared = Group::of(self.service.as_uuid(), self.places);
        let need =
            |resource_id: ResourceId| Need { resource_id, minutes_before, minutes_after, shared: shared.clone() };
        let mut needs: Vec<Need> = resources.iter().map(|(id, _)| need(*id)).collect();
        tx.run(make_resources(MODULE, resources)).await?;
        needs.extend(store::resources_of(tx, self.patient).await?.into_iter().map(Need::of));
        Ok(needs)
    }
}

/// A room or a device that a body names.
async fn room_of(tx: &mut TenantTx, id: RoomId, kind: RoomKind, pointer: &'static str) -> ApiResult<Room> {
    let missing = || ApiError::not_found().at(pointer, "there is no such record");
    let room = tx.run(rooms::find(id)).await?.ok_or_else(missing)?;
    match (room.kind == kind, kind) {
        (true, _) => Ok(room),
        (false, RoomKind::Room) => Err(ApiError::invalid().at(pointer, "expected a room, and this is a device")),
        (false, RoomKind::Device) => Err(ApiError::invalid().at(pointer, "expected a device, and this is a room")),
    }
}

/// A service that a body names, which this practitioner offers.
pub(super) async fn service(tx: &mut TenantTx, id: ServiceId, by: PractitionerId) -> ApiResult<Service> {
    let missing = || ApiError::not_found().at("/service_id", "there is no such record");
    let service = tx.run(services::find(id)).await?.ok_or_else(missing)?;
    if !service.active {
        return Err(ApiError::invalid().at("/service_id", "is not offered at this time"));
    }
    let missing = || ApiError::not_found().at("/practitioner_id", "there is no such record");
    tx.run(practitioners::find(by)).await?.ok_or_else(missing)?;
    if !service.practitioner_ids.contains(&by) {
        return Err(ApiError::invalid().at("/practitioner_id", "does not offer this service"));
    }
    Ok(service)
}

/// Refuses what patients may not book by themselves.
pub(super) fn online(service: &Service, starts_at: OffsetDateTime) -> ApiResult<()> {
    if !service.bookable_online {
        return Err(ApiError::invalid().at("/service_id", "patients do not book this service by themselves"));
    }
    let now = OffsetDateTime::now_utc();
    if starts_at < now + Duration::minutes(service.min_notice_minutes.into()) {
        return Err(ApiError::invalid().at("/starts_at", "is too soon for patients to book it"));
    }
    if starts_at > now + Duration::days(service.max_days_ahead.into()) {
        return Err(ApiError::invalid().at("/starts_at", "is too far ahead for patients to book it"));
    }
    Ok(())
}

/// A room that is named together with its location.
pub(super) async fn room_at(tx: &mut TenantTx, id: RoomId, location: LocationId) -> ApiResult<RoomId> {
    let missing = || ApiError::not_found().at("/location_id", "there is no such record");
    tx.run(locations::find(location)).await?.ok_or_else(missing)?;
    let room = room_of(tx, id, RoomKind::Room, "/room_id").await?;
    match room.location_id == location {
        true => Ok(id),
        false => Err(ApiError::invalid().at("/room_id", "is not at this location")),
    }
}

/// Whether a room is at a location.
pub(super) async fn is_at(tx: &mut TenantTx, id: RoomId, location: LocationId) -> ApiResult<bool> {
    Ok(tx.run(rooms::find(id)).await?.is_some_and(|room| room.location_id == location))
}

/// A room at a location that is free for a period.
pub(super) async fn any_room(
    tx: &mut TenantTx,
    location: LocationId,
    period: Period,
    (minutes_before, minutes_after): (i32, i32),
) -> ApiResult<RoomId> {
    let rooms = tx.run(rooms::rooms_at(location)).await?;
    if rooms.is_empty() {
        return Err(ApiError::not_found().at("/location_id", "there is no room at such a location"));
    }
    let resources: Vec<_> = rooms.iter().map(Room::resource).collect();
    let need = |id: ResourceId| Need { resource_id: id, minutes_before, minutes_after, shared: None };
    let needs = resources.iter().map(|(id, _)| need(*id)).collect();
    tx.run(make_resources(MODULE, resources)).await?;
    let free = tx.run(free_of(needs, period)).await?.into_iter().next();
    free.map(|id| id.as_uuid().into()).ok_or_else(|| {
        let detail =
            "No room of this location is free at this time. Ask for slots with `location_id`, and choose another time.";
        ApiError::conflict("slot_taken", detail)
    })
}
