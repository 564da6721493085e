//! The SQL of open houses.

use tenantry_core::calendar::BookingId;
use tenantry_core::sql;
use tenantry_core::tenancy::{List, Statement, change, records, select, statement};
use tenantry_core::value::Text;
use uuid::Uuid;

use super::terms::NewOpenHouse;
use super::{OpenHouse, OpenHouseId, OpenHouseStatus};
use crate::properties::PropertyId;

pub(super) fn list() -> List<OpenHouse> {
    records(sql!("open_houses"))
}

pub(super) fn find(id: OpenHouseId) -> Statement<Option<OpenHouse>> {
    select::<OpenHouse>(sql!("FROM open_houses WHERE id = $1")).bind(id).optional()
}

/// Locks the row until the transaction ends. Whoever says who is expected does so too.
pub(super) fn lock(id: OpenHouseId) -> Statement<Option<OpenHouse>> {
    select::<OpenHouse>(sql!("FROM open_houses WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(
    id: OpenHouseId,
    property: PropertyId,
    booking: BookingId,
    new: NewOpenHouse,
) -> Statement<OpenHouse> {
    let NewOpenHouse { listing_id, agent_id, starts_at, ends_at, travel_minutes, capacity, note } = new;
    change(sql!("open_houses"))
        .set(sql!("id"), id)
        .set(sql!("listing_id"), listing_id)
        .set(sql!("property_id"), property)
        .set(sql!("agent_id"), agent_id)
        .set(sql!("starts_at"), starts_at)
        .set(sql!("ends_at"), ends_at)
        .set(sql!("travel_minutes"), travel_minutes.unwrap_or_default())
        .set(sql!("capacity"), capacity)
        .set(sql!("booking_id"), booking)
        .set(sql!("note"), note)
        .insert()
}

pub(super) fn update(house: OpenHouse) -> Statement<OpenHouse> {
    change(sql!("open_houses"))
        .set(sql!("agent_id"), house.agent_id)
        .set(sql!("starts_at"), house.starts_at)
        .set(sql!("ends_at"), house.ends_at)
        .set(sql!("travel_minutes"), house.travel_minutes)
        .set(sql!("capacity"), house.capacity)
        .set(sql!("note"), house.note)
        .update(house.id)
}

pub(super) fn cancel(id: OpenHouseId, reason: Text<500>) -> Statement<OpenHouse> {
    change(sql!("open_houses"))
        .set(sql!("status"), OpenHouseStatus::Cancelled)
        .set(sql!("cancel_reason"), reason)
        .update(id)
}

/// Its visitors go with it.
pub(super) fn delete(id: OpenHouseId) -> Statement<()> {
    statement(sql!("DELETE FROM open_houses WHERE id = $1")).bind(id).done()
}

/// Cancels those of listings that are still to come, and tells which, with their bookings.
pub(crate) fn call_off(listings: Vec<Uuid>, reason: &'static str) -> Statement<Vec<(OpenHouseId, BookingId)>> {
    statement(sql!(
        "UPDATE open_houses SET status = 'cancelled', cancel_reason = $2, version = version + 1, updated_at = now() ",
        "WHERE listing_id = ANY ($1) AND status = 'planned' AND starts_at > now() RETURNING id, booking_id"
    ))
    .bind(listings)
    .bind(reason)
    .many()
}
