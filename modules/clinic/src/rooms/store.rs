//! The SQL of rooms and devices.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, change, records, select, statement};

use super::{NewRoom, Room, RoomId};
use crate::locations::LocationId;

const NAME_TAKEN: Refusal = Refusal::Taken {
    pointer: "/name",
    code: "name_taken",
    detail: "Something else at this location is called so. Choose another name.",
};
const NO_LOCATION: Refusal = Refusal::Missing { pointer: "/location_id" };

pub(super) fn list() -> List<Room> {
    records(sql!("rooms"))
}

pub(crate) fn find(id: RoomId) -> Statement<Option<Room>> {
    select::<Room>(sql!("FROM rooms WHERE id = $1")).bind(id).optional()
}

/// The rooms at a location that are in use.
pub(crate) fn rooms_at(location: LocationId) -> Statement<Vec<Room>> {
    select::<Room>(sql!("FROM rooms WHERE location_id = $1 AND kind = 'room' AND active ORDER BY lower(name), id"))
        .bind(location)
        .many()
}

pub(super) fn lock(id: RoomId) -> Statement<Option<Room>> {
    select::<Room>(sql!("FROM rooms WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: RoomId, new: NewRoom) -> Statement<Room> {
    let NewRoom { location_id, name, kind, active } = new;
    change(sql!("rooms"))
        .set(sql!("id"), id)
        .set(sql!("location_id"), location_id)
        .set(sql!("name"), name)
        .set(sql!("kind"), kind)
        .set(sql!("active"), active.unwrap_or(true))
        .insert()
        .refused_by("rooms_location_id_fkey", NO_LOCATION)
        .refused_by("rooms_name_key", NAME_TAKEN)
}

pub(super) fn update(room: Room) -> Statement<Room> {
    change(sql!("rooms"))
        .set(sql!("location_id"), room.location_id)
        .set(sql!("name"), room.name)
        .set(sql!("kind"), room.kind)
        .set(sql!("active"), room.active)
        .update(room.id)
        .refused_by("rooms_location_id_fkey", NO_LOCATION)
        .refused_by("rooms_name_key", NAME_TAKEN)
}

pub(super) fn delete(id: RoomId) -> Statement<()> {
    statement(sql!("DELETE FROM rooms WHERE id = $1")).bind(id).done()
}
