//! Open houses: a property is open to whoever is expected, up to a number of visitors.
//!
//! - this file: the open house, and what a list is asked for; `terms.rs`: what a client may send; `steps.rs`: planning, moving and
//!   cancelling one;
//! - `visitors/`: who is expected, and who came; `source.rs`: what the descriptor says of them;
//! - `api.rs`: the operations; `store.rs`: the SQL.

mod api;
pub(crate) mod source;
mod steps;
pub(crate) mod store;
mod terms;
pub(crate) mod visitors;

use poem_openapi::Object;
use serde::Serialize;
use tenantry_core::calendar::BookingId;
use tenantry_core::http::Versioned;
use tenantry_core::identity::UserId;
use tenantry_core::value::{Moment, Prose, Text};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

pub use api::OpenHousesApi;

use crate::listings::ListingId;
use crate::properties::PropertyId;

record_id! {
    /// The id of an open house.
    OpenHouseId
}

choice! {
    /// How an open house stands.
    pub enum OpenHouseStatus {
        /// It takes place, or has.
        Planned = "planned",
        /// It does not take place.
        Cancelled = "cancelled",
    }
}

/// A time at which a property is open to whoever is expected.
#[derive(Debug, Clone, Serialize, Object)]
pub struct OpenHouse {
    /// Its id.
    pub id: OpenHouseId,
    /// What is shown.
    pub listing_id: ListingId,
    /// The property of the listing.
    pub property_id: PropertyId,
    /// The member who shows it.
    pub agent_id: UserId,
    /// How it stands.
    pub status: OpenHouseStatus,
    /// When it begins.
    pub starts_at: Moment,
    /// When it is over.
    pub ends_at: Moment,
    /// How many minutes the agent needs to get there, and to get away.
    pub travel_minutes: i16,
    /// How many visitors there may be.
    pub capacity: i16,
    /// Its booking in the calendar.
    pub booking_id: BookingId,
    /// Anything worth saying.
    pub note: Option<Prose<2000>>,
    /// Why it does not take place.
    pub cancel_reason: Option<Text<500>>,
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

row!(OpenHouse {
    id,
    listing_id,
    property_id,
    agent_id,
    status,
    starts_at,
    ends_at,
    travel_minutes,
    capacity,
    booking_id,
    note,
    cancel_reason,
    created_at,
    updated_at,
    version
});

impl Versioned for OpenHouse {
    fn version(&self) -> i64 {
        self.version
    }
}

criteria! {
    /// What open houses are listed by.
    pub struct OpenHouseFields of OpenHouse in "open_houses" by "-starts_at" {
        /// What is shown.
        listing_id: ListingId => [eq in];
        /// The property.
        property_id: PropertyId => [eq in];
        /// Who shows it.
        agent_id: UserId => [eq in];
        /// How it stands.
        status: OpenHouseStatus => [eq];
        /// When it begins.
        starts_at: Moment => [gt gte lt lte], sort timestamptz |house| OffsetDateTime::from(house.starts_at);
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |house| house.created_at;
    }
}
