//! Properties: what an agency sells and lets.

mod api;
pub(crate) mod source;
pub(crate) mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use tenantry_core::value::{Amount, Country, Currency, Moment, Prose, Text};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

pub use api::PropertiesApi;
pub(crate) use store::close;

record_id! {
    /// The id of a property.
    PropertyId
}

choice! {
    /// What kind of property it is.
    pub enum PropertyType {
        /// A house.
        House = "house",
        /// A flat.
        Apartment = "apartment",
        /// A plot without a building.
        Land = "land",
        /// Business premises.
        Commercial = "commercial",
    }
}

choice! {
    /// Where it stands on the market (RESO's StandardStatus).
    pub enum PropertyStatus {
        /// Being written.
        Incomplete = "incomplete",
        /// Announced.
        ComingSoon = "coming_soon",
        /// On the market.
        Active = "active",
        /// On the market, with an accepted offer.
        ActiveUnderContract = "active_under_contract",
        /// Off the market, waiting for completion.
        Pending = "pending",
        /// Sold or let.
        Closed = "closed",
        /// Off the market for a while.
        Hold = "hold",
        /// Taken off the market.
        Withdrawn = "withdrawn",
        /// The mandate has run out.
        Expired = "expired",
        /// The mandate was canceled.
        Canceled = "canceled",
    }
}

/// A property.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Property {
    /// Its id.
    pub id: PropertyId,
    /// What kind it is.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    pub kind: PropertyType,
    /// Where it stands on the market.
    pub status: PropertyStatus,
    /// The price asked.
    pub price: Amount,
    /// The currency of the price.
    pub currency: Currency,
    /// Street and number.
    pub street: Text<200>,
    /// The postcode.
    pub postcode: Option<Text<20>>,
    /// The city.
    pub city: Text<100>,
    /// The country by its code of ISO 3166-1: two capital letters.
    pub country: Country,
    /// How many rooms it has: 1 to 1000.
    pub rooms: Option<i16>,
    /// How much of it is lived in, in square metres: 1 to 1,000,000.
    pub living_area: Option<i32>,
    /// Anything worth saying.
    pub description: Option<Prose<10_000>>,
    /// Whether somebody lives there, beside those who do by a tenancy.
    pub occupied: bool,
    /// How many hours ahead who lives there is told of a viewing.
    pub occupier_notice_hours: i16,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(Property {
    id, kind = "type", status, price, currency, street, postcode, city, country, rooms, living_area, description, occupied, occupier_notice_hours, created_at, updated_at, version
});

impl Versioned for Property {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A property to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewProperty {
    /// What kind it is.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    kind: PropertyType,
    /// Where it stands on the market; `incomplete` where it is left out.
    status: Option<PropertyStatus>,
    /// The price asked.
    price: Amount,
    /// The currency of the price.
    currency: Currency,
    /// Street and number.
    street: Text<200>,
    /// The postcode.
    postcode: Option<Text<20>>,
    /// The city.
    city: Text<100>,
    /// The country by its code of ISO 3166-1: two capital letters.
    country: Country,
    /// How many rooms it has: 1 to 1000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
    rooms: Option<i16>,
    /// How much of it is lived in, in square metres: 1 to 1,000,000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    living_area: Option<i32>,
    /// Anything worth saying.
    description: Option<Prose<10_000>>,
    /// Whether somebody lives there, beside those who do by a tenancy; nobody does where it is left out.
    occupied: Option<bool>,
    /// How many hours ahead who lives there is told of a viewing: 0 to 720; 24 where it is left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "720")))]
    occupier_notice_hours: Option<i16>,
}

/// What to change in a property. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct PropertyPatch {
    /// What kind it is.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    kind: Change<PropertyType>,
    /// Where it stands on the market.
    status: Change<PropertyStatus>,
    /// The price asked.
    price: Change<Amount>,
    /// The currency of the price.
    currency: Change<Currency>,
    /// Street and number.
    street: Change<Text<200>>,
    /// The postcode.
    postcode: MaybeUndefined<Text<20>>,
    /// The city.
    city: Change<Text<100>>,
    /// The country.
    country: Change<Country>,
    /// How many rooms it has: 1 to 1000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
    rooms: MaybeUndefined<i16>,
    /// How much of it is lived in, in square metres: 1 to 1,000,000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    living_area: MaybeUndefined<i32>,
    /// Anything worth saying.
    description: MaybeUndefined<Prose<10_000>>,
    /// Whether somebody lives there, beside those who do by a tenancy.
    occupied: Change<bool>,
    /// How many hours ahead who lives there is told of a viewing: 0 to 720.
    #[oai(validator(minimum(value = "0"), maximum(value = "720")))]
    occupier_notice_hours: Change<i16>,
}

impl PropertyPatch {
    /// Applies it, and checks what comes out.
    fn apply(self, property: &mut Property) -> ApiResult<()> {
        replace(&mut property.kind, self.kind);
        replace(&mut property.status, self.status);
        replace(&mut property.price, self.price);
        replace(&mut property.currency, self.currency);
        replace(&mut property.street, self.street);
        patch(&mut property.postcode, self.postcode);
        replace(&mut property.city, self.city);
        replace(&mut property.country, self.country);
        patch(&mut property.rooms, self.rooms);
        patch(&mut property.living_area, self.living_area);
        patch(&mut property.description, self.description);
        replace(&mut property.occupied, self.occupied);
        replace(&mut property.occupier_notice_hours, self.occupier_notice_hours);
        sized(property.rooms, property.living_area)?;
        told_ahead(property.occupier_notice_hours)
    }
}

impl NewProperty {
    fn checked(self) -> ApiResult<Self> {
        sized(self.rooms, self.living_area)?;
        told_ahead(self.occupier_notice_hours.unwrap_or_default())?;
        Ok(self)
    }
}

fn sized(rooms: Option<i16>, living_area: Option<i32>) -> ApiResult<()> {
    if rooms.is_some_and(|rooms| !(1..=1000).contains(&rooms)) {
        return Err(ApiError::invalid().at("/rooms", "expected 1 to 1000"));
    }
    if living_area.is_some_and(|area| !(1..=1_000_000).contains(&area)) {
        return Err(ApiError::invalid().at("/living_area", "expected 1 to 1000000 square metres"));
    }
    Ok(())
}

fn told_ahead(hours: i16) -> ApiResult<()> {
    match hours {
        0..=720 => Ok(()),
        _ => Err(ApiError::invalid().at("/occupier_notice_hours", "expected 0 to 720 hours")),
    }
}

criteria! {
    /// What properties are listed by.
    pub struct PropertyFields of Property in "properties" by "-created_at" {
        /// What kind it is.
        type: PropertyType => [eq in];
        /// Where it stands on the market.
        status: PropertyStatus => [eq in ne];
        /// The price asked.
        price: Amount => [eq gt gte lt lte], sort numeric |property| property.price;
        /// The city, in any case.
        city: Text<100> => folded [eq in];
        /// Street and number.
        street: Text<200> => folded [contains];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |property| property.created_at;
    }
}
