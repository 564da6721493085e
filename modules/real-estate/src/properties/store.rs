//! The SQL of properties.

use tenantry_core::http::{Page, Paging};
use tenantry_core::sql;
use tenantry_core::tenancy::{Statement, returning, select, statement};
use tenantry_core::value::Amount;

use super::{NewProperty, Property, PropertyId, PropertySort, PropertyStatus, PropertyType};

/// Which properties to list.
pub(super) struct Filter {
    pub(super) kind: Option<PropertyType>,
    pub(super) status: Option<PropertyStatus>,
    pub(super) price_min: Option<Amount>,
    pub(super) price_max: Option<Amount>,
}

pub(super) fn list(filter: Filter, paging: Paging<PropertySort>) -> Statement<Page<Property>> {
    let mut query = select::<Property>(sql!("FROM properties WHERE true"));
    if let Some(kind) = filter.kind {
        query = query.push_bind(sql!("AND type ="), kind);
    }
    if let Some(status) = filter.status {
        query = query.push_bind(sql!("AND status ="), status);
    }
    if let Some(price) = filter.price_min {
        query = query.push_bind(sql!("AND price >="), price);
    }
    if let Some(price) = filter.price_max {
        query = query.push_bind(sql!("AND price <="), price);
    }
    paging.page(query)
}

pub(super) fn find(id: PropertyId) -> Statement<Option<Property>> {
    select::<Property>(sql!("FROM properties WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: PropertyId) -> Statement<Option<Property>> {
    select::<Property>(sql!("FROM properties WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: PropertyId, new: NewProperty) -> Statement<Property> {
    returning::<Property>(sql!(
        "INSERT INTO properties (id, type, status, price, currency, street, postcode, city, country, description) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    ))
    .bind(id)
    .bind(new.kind)
    .bind(new.status.unwrap_or(PropertyStatus::Incomplete))
    .bind(new.price)
    .bind(new.currency)
    .bind(new.street)
    .bind(new.postcode)
    .bind(new.city)
    .bind(new.country)
    .bind(new.description)
    .one()
}

pub(super) fn update(property: Property) -> Statement<Property> {
    returning::<Property>(sql!(
        "UPDATE properties SET type = $2, status = $3, price = $4, currency = $5, street = $6, postcode = $7, ",
        "city = $8, country = $9, description = $10, version = version + 1, updated_at = now() WHERE id = $1"
    ))
    .bind(property.id)
    .bind(property.kind)
    .bind(property.status)
    .bind(property.price)
    .bind(property.currency)
    .bind(property.street)
    .bind(property.postcode)
    .bind(property.city)
    .bind(property.country)
    .bind(property.description)
    .one()
}

pub(super) fn delete(id: PropertyId) -> Statement<bool> {
    statement(sql!("DELETE FROM properties WHERE id = $1 RETURNING 1")).bind(id).any()
}
