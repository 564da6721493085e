//! Locations: where patients are treated.

mod api;
mod source;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{Change, Versioned, patch, replace};
use tenantry_core::value::{Country, Moment, Text, TimeZone};
use tenantry_core::{criteria, record_id, row};
use time::OffsetDateTime;

pub use api::LocationsApi;
pub(crate) use source::SOURCE;
pub(crate) use store::find;

record_id! {
    /// The id of a location.
    LocationId
}

/// A place where patients are treated.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// What it is called; no other location has the same name.
    pub name: Text<200>,
    /// Street and number.
    pub street: Option<Text<200>>,
    /// The postcode.
    pub postcode: Option<Text<20>>,
    /// The city.
    pub city: Option<Text<100>>,
    /// The state, the province or the county.
    pub region: Option<Text<100>>,
    /// The country by its code of ISO 3166-1: two capital letters.
    pub country: Option<Country>,
    /// The time zone that its clocks go by, as the IANA names it.
    pub time_zone: TimeZone,
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

row!(Location { id, name, street, postcode, city, region, country, time_zone, created_at, updated_at, version });

impl Versioned for Location {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A location to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewLocation {
    /// What it is called; no other location may have the same name.
    name: Text<200>,
    /// Street and number.
    street: Option<Text<200>>,
    /// The postcode.
    postcode: Option<Text<20>>,
    /// The city.
    city: Option<Text<100>>,
    /// The state, the province or the county.
    region: Option<Text<100>>,
    /// The country by its code of ISO 3166-1: two capital letters.
    country: Option<Country>,
    /// The time zone that its clocks go by, as the IANA names it.
    time_zone: TimeZone,
}

/// What to change in a location. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct LocationPatch {
    /// What it is called.
    name: Change<Text<200>>,
    /// Street and number.
    street: MaybeUndefined<Text<200>>,
    /// The postcode.
    postcode: MaybeUndefined<Text<20>>,
    /// The city.
    city: MaybeUndefined<Text<100>>,
    /// The state, the province or the county.
    region: MaybeUndefined<Text<100>>,
    /// The country by its code of ISO 3166-1: two capital letters.
    country: MaybeUndefined<Country>,
    /// The time zone that its clocks go by.
    time_zone: Change<TimeZone>,
}

impl LocationPatch {
    fn apply(self, location: &mut Location) {
        replace(&mut location.name, self.name);
        patch(&mut location.street, self.street);
        patch(&mut location.postcode, self.postcode);
        patch(&mut location.city, self.city);
        patch(&mut location.region, self.region);
        patch(&mut location.country, self.country);
        replace(&mut location.time_zone, self.time_zone);
    }
}

criteria! {
    /// What locations are listed by.
    pub struct LocationFields of Location in "locations" by "-created_at" {
        /// What it is called, in any case.
        name: Text<200> => folded [eq in], sort folded |location| location.name;
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |location| location.created_at;
    }
}
