//! The SQL of locations.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, change, records, select, statement};

use super::{Location, LocationId, NewLocation};

const NAME_TAKEN: Refusal = Refusal::Taken {
    pointer: "/name",
    code: "name_taken",
    detail: "Another location is called so. Choose another name.",
};

pub(super) fn list() -> List<Location> {
    records(sql!("locations"))
}

pub(crate) fn find(id: LocationId) -> Statement<Option<Location>> {
    select::<Location>(sql!("FROM locations WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: LocationId) -> Statement<Option<Location>> {
    select::<Location>(sql!("FROM locations WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: LocationId, new: NewLocation) -> Statement<Location> {
    let NewLocation { name, street, postcode, city, region, country, time_zone } = new;
    change(sql!("locations"))
        .set(sql!("id"), id)
        .set(sql!("name"), name)
        .set(sql!("street"), street)
        .set(sql!("postcode"), postcode)
        .set(sql!("city"), city)
        .set(sql!("region"), region)
        .set(sql!("country"), country)
        .set(sql!("time_zone"), time_zone)
        .insert()
        .refused_by("locations_name_key", NAME_TAKEN)
}

pub(super) fn update(location: Location) -> Statement<Location> {
    change(sql!("locations"))
        .set(sql!("name"), location.name)
        .set(sql!("street"), location.street)
        .set(sql!("postcode"), location.postcode)
        .set(sql!("city"), location.city)
        .set(sql!("region"), location.region)
        .set(sql!("country"), location.country)
        .set(sql!("time_zone"), location.time_zone)
        .update(location.id)
        .refused_by("locations_name_key", NAME_TAKEN)
}

pub(super) fn delete(id: LocationId) -> Statement<()> {
    statement(sql!("DELETE FROM locations WHERE id = $1")).bind(id).done()
}
