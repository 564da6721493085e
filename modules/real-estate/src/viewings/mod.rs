//! Viewings: an applicant is shown what is on the market. A viewing takes the time of the property, and of who shows it, from the
//! moment on in which it is asked for. It is its applicant's owner's: who does not reach the contact does not see it.
//!
//! - this file: the viewing, and what a list is asked for; `terms.rs`: what a client may send;
//! - `make.rs`: asking for one, or coming with others; `checks.rs`: what has to be so before it is confirmed;
//! - `steps/`: confirming, moving and ending one, and what the applicant thinks; `source.rs`: what the descriptor says of them;
//! - `api.rs`: the operations; `store.rs`: the SQL.

mod api;
mod checks;
mod make;
pub(crate) mod source;
pub(crate) mod steps;
pub(crate) mod store;
mod terms;

use poem_openapi::Object;
use serde::Serialize;
use tenantry_core::calendar::BookingId;
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::Versioned;
use tenantry_core::identity::UserId;
use tenantry_core::value::{Moment, Prose, Text};
use tenantry_core::{choice, criteria, owned_row, record_id, sorts};
use time::OffsetDateTime;

pub use api::ViewingsApi;

use crate::listings::ListingId;
use crate::properties::PropertyId;
use crate::requirements::interests::Interest;
use crate::showings::Guest;

record_id! {
    /// The id of a viewing.
    ViewingId
}

choice! {
    /// How a viewing stands.
    pub enum ViewingStatus {
        /// Somebody has asked for it.
        Requested = "requested",
        /// It is settled.
        Confirmed = "confirmed",
        /// It has taken place.
        Done = "done",
        /// The applicant did not come.
        NoShow = "no_show",
        /// It does not take place.
        Cancelled = "cancelled",
    }
}

/// A time at which an applicant is shown what is on the market.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Viewing {
    /// Its id.
    pub id: ViewingId,
    /// What is shown.
    pub listing_id: ListingId,
    /// The property of the listing.
    pub property_id: PropertyId,
    /// The contact who is shown it.
    pub applicant_id: ContactId,
    /// The member who shows it, or looks after it where the applicant is alone there.
    pub agent_id: UserId,
    /// How it stands.
    pub status: ViewingStatus,
    /// When it begins.
    pub starts_at: Moment,
    /// When it is over.
    pub ends_at: Moment,
    /// Whether the agent is there. Where nobody is, the applicant has keys of the property.
    pub accompanied: bool,
    /// How many minutes the agent needs to get there, and to get away.
    pub travel_minutes: i16,
    /// How many applicants may come together; 1 where it is for one alone.
    pub capacity: i16,
    /// Its booking in the calendar. Those who come together have one.
    pub booking_id: BookingId,
    /// When who lives there was told of it.
    pub occupier_told_at: Option<Moment>,
    /// Anything worth saying.
    pub note: Option<Prose<2000>>,
    /// Why it does not take place.
    pub cancel_reason: Option<Text<500>>,
    /// What the applicant thinks of the property by now.
    pub interest: Option<Interest>,
    /// How much the applicant likes it: 1 to 5.
    pub rating: Option<i16>,
    /// What the applicant said of it.
    pub feedback: Option<Prose<10_000>>,
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

owned_row!(Viewing in "viewings" of "applicant_id" in "contacts" {
    id,
    listing_id,
    property_id,
    applicant_id,
    agent_id,
    status,
    starts_at,
    ends_at,
    accompanied,
    travel_minutes,
    capacity,
    booking_id,
    occupier_told_at,
    note,
    cancel_reason,
    interest,
    rating,
    feedback,
    created_at,
    updated_at,
    version
});

impl Versioned for Viewing {
    fn version(&self) -> i64 {
        self.version
    }
}

impl ViewingStatus {
    /// Whether it may still take place.
    const fn is_pending(self) -> bool {
        matches!(self, Self::Requested | Self::Confirmed)
    }
}

impl Viewing {
    /// Who comes to see what.
    pub(crate) fn guest(&self) -> Guest {
        Guest { contact: self.applicant_id, property: self.property_id, starts_at: self.starts_at }
    }
}

criteria! {
    /// What viewings are listed by.
    pub struct ViewingFields of Viewing in "viewings" by "-starts_at" {
        /// What is shown.
        listing_id: ListingId => [eq in];
        /// The property.
        property_id: PropertyId => [eq in];
        /// Who is shown it.
        applicant_id: ContactId => [eq in];
        /// Who shows it.
        agent_id: UserId => [eq in];
        /// How it stands.
        status: ViewingStatus => [eq in ne];
        /// When it begins.
        starts_at: Moment => [gt gte lt lte], sort timestamptz |viewing| OffsetDateTime::from(viewing.starts_at);
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |viewing| viewing.created_at;
    }
}

sorts! {
    /// How the viewings of a property can be sorted.
    pub enum ViewingSort of Viewing {
        StartsAt | StartsAtDesc: "starts_at" | "-starts_at" = timestamptz starts_at => |viewing| OffsetDateTime::from(viewing.starts_at),
    }
}
