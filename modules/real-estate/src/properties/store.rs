//! The SQL of properties.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Statement, change, records, select, statement};

use super::{NewProperty, Property, PropertyId, PropertyStatus};

/// How many hours ahead who lives in a property is told of a viewing, where nothing else is said.
const OCCUPIER_NOTICE_HOURS: i16 = 24;

pub(super) fn list() -> List<Property> {
    records(sql!("properties"))
}

pub(crate) fn find(id: PropertyId) -> Statement<Option<Property>> {
    select::<Property>(sql!("FROM properties WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: PropertyId) -> Statement<Option<Property>> {
    select::<Property>(sql!("FROM properties WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: PropertyId, new: NewProperty) -> Statement<Property> {
    let NewProperty {
        kind,
        status,
        price,
        currency,
        street,
        postcode,
        city,
        country,
        rooms,
        living_area,
        description,
        occupied,
        occupier_notice_hours,
    } = new;
    change(sql!("properties"))
        .set(sql!("id"), id)
        .set(sql!("type"), kind)
        .set(sql!("status"), status.unwrap_or(PropertyStatus::Incomplete))
        .set(sql!("price"), price)
        .set(sql!("currency"), currency)
        .set(sql!("street"), street)
        .set(sql!("postcode"), postcode)
        .set(sql!("city"), city)
        .set(sql!("country"), country)
        .set(sql!("rooms"), rooms)
        .set(sql!("living_area"), living_area)
        .set(sql!("description"), description)
        .set(sql!("occupied"), occupied.unwrap_or_default())
        .set(sql!("occupier_notice_hours"), occupier_notice_hours.unwrap_or(OCCUPIER_NOTICE_HOURS))
        .insert()
}

pub(super) fn update(property: Property) -> Statement<Property> {
    change(sql!("properties"))
        .set(sql!("type"), property.kind)
        .set(sql!("status"), property.status)
        .set(sql!("price"), property.price)
        .set(sql!("currency"), property.currency)
        .set(sql!("street"), property.street)
        .set(sql!("postcode"), property.postcode)
        .set(sql!("city"), property.city)
        .set(sql!("country"), property.country)
        .set(sql!("rooms"), property.rooms)
        .set(sql!("living_area"), property.living_area)
        .set(sql!("description"), property.description)
        .set(sql!("occupied"), property.occupied)
        .set(sql!("occupier_notice_hours"), property.occupier_notice_hours)
        .update(property.id)
}

pub(super) fn delete(id: PropertyId) -> Statement<()> {
    statement(sql!("DELETE FROM properties WHERE id = $1")).bind(id).done()
}

/// Notes that it is sold or let.
pub(crate) fn close(id: PropertyId) -> Statement<Property> {
    change(sql!("properties")).set(sql!("status"), PropertyStatus::Closed).update(id)
}
