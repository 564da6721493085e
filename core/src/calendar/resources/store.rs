//! The SQL of resources.

use super::{NewResource, Resource, ResourceId};
use crate::identity::UserId;
use crate::sql;
use crate::tenancy::{DbError, List, Refusal, Statement, TenantTx, change, records, select, statement};
use crate::value::{Text, TimeZone};

const IN_USE: Refusal = Refusal::InTheWay {
    code: "resource_in_use",
    detail: "There are bookings of this resource. Set `active` to false instead, so that nobody books it any more.",
};

pub(super) fn list() -> List<Resource> {
    records(sql!("calendar_resources"))
}

pub(in crate::calendar) fn find(id: ResourceId) -> Statement<Option<Resource>> {
    select::<Resource>(sql!("FROM calendar_resources WHERE id = $1")).bind(id).optional()
}

/// Locks the row until the transaction ends, as whoever books it does.
pub(super) fn lock(id: ResourceId) -> Statement<Option<Resource>> {
    select::<Resource>(sql!("FROM calendar_resources WHERE id = $1 FOR NO KEY UPDATE")).bind(id).optional()
}

pub(super) fn insert(
    id: ResourceId,
    new: NewResource,
    zone: TimeZone,
    module: Option<&'static str>,
) -> Statement<Resource> {
    let NewResource { name, kind, user_id, time_zone, hours, capacity } = new;
    change(sql!("calendar_resources"))
        .set(sql!("id"), id)
        .set(sql!("name"), name)
        .set(sql!("kind"), kind)
        .set(sql!("user_id"), user_id)
        .set(sql!("time_zone"), time_zone.unwrap_or(zone))
        .set(sql!("hours"), hours)
        .set(sql!("capacity"), capacity.unwrap_or(1))
        .set(sql!("active"), true)
        .set(sql!("module"), module)
        .insert()
}

pub(super) fn update(resource: Resource) -> Statement<Resource> {
    change(sql!("calendar_resources"))
        .set(sql!("name"), resource.name)
        .set(sql!("kind"), resource.kind)
        .set(sql!("user_id"), resource.user_id)
        .set(sql!("time_zone"), resource.time_zone)
        .set(sql!("hours"), resource.hours)
        .set(sql!("capacity"), resource.capacity)
        .set(sql!("active"), resource.active)
        .update(resource.id)
}

pub(super) fn delete(id: ResourceId) -> Statement<()> {
    statement(sql!("DELETE FROM calendar_resources WHERE id = $1"))
        .bind(id)
        .done()
        .refused_by("booking_parts_resource_id_fkey", IN_USE)
}

/// Makes a resource of a module's own record, in the transaction that makes the record.
///
/// # Errors
/// Those of the database.
pub async fn make_resource(
    tx: &mut TenantTx,
    module: &'static str,
    id: ResourceId,
    new: NewResource,
) -> Result<(), DbError> {
    let zone = tx.run(crate::notify::time_zone()).await?;
    tx.run(insert(id, new, zone, Some(module))).await.map(drop)
}

/// Makes resources of a module's own records, open always; those that are there already stay as they are.
pub fn make_resources(module: &'static str, mut made: Vec<(ResourceId, NewResource)>) -> Statement<()> {
    // In one order, so that two of us never wait in a circle.
    made.sort_by_key(|(id, _)| id.as_uuid());
    let (mut ids, mut names, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    let (mut users, mut zones, mut capacities) = (Vec::new(), Vec::new(), Vec::new());
    for (id, new) in made {
        ids.push(id.as_uuid());
        names.push(new.name.as_str().to_owned());
        kinds.push(new.kind.as_str());
        users.push(new.user_id.map(UserId::as_uuid));
        zones.push(new.time_zone.map(|zone| zone.as_str().to_owned()));
        capacities.push(new.capacity.unwrap_or(1));
    }
    statement(sql!(
        "INSERT INTO calendar_resources (id, name, kind, user_id, time_zone, capacity, active, module) ",
        "SELECT n.id, n.name, n.kind, n.user_id, coalesce(n.zone, (SELECT time_zone FROM notification_settings LIMIT 1)), ",
        "n.capacity, true, $7 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::int[]) ",
        "AS n (id, name, kind, user_id, zone, capacity) ORDER BY n.id ON CONFLICT (id) DO NOTHING"
    ))
    .bind(ids)
    .bind(names)
    .bind(kinds)
    .bind(users)
    .bind(zones)
    .bind(capacities)
    .bind(module)
    .done()
}

/// Deletes a resource of a module's own record that was never booked, with the record.
pub fn unmake_resource(module: &'static str, id: ResourceId) -> Statement<()> {
    statement(sql!("DELETE FROM calendar_resources WHERE id = $1 AND module = $2"))
        .bind(id)
        .bind(module)
        .done()
        .refused_by("booking_parts_resource_id_fkey", IN_USE)
}

/// Says how a resource of a module's own is called from now on, whose time it is, and whether it can be booked.
pub fn rename_resource(
    module: &'static str,
    id: ResourceId,
    name: Text<200>,
    user: Option<UserId>,
    active: bool,
) -> Statement<()> {
    statement(sql!(
        "UPDATE calendar_resources SET name = $3, user_id = $4, active = $5, version = version + 1, updated_at = now() ",
        "WHERE id = $1 AND module = $2 AND (name, user_id, active) IS DISTINCT FROM ($3, $4, $5)"
    ))
    .bind(id)
    .bind(module)
    .bind(name)
    .bind(user)
    .bind(active)
    .done()
}
