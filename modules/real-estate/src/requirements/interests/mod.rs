//! What applicants think of listings: one word for each requirement and listing. It is the contact's owner's, as the requirement is.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::{choice, owned_row, record_id};
use time::OffsetDateTime;

use super::RequirementId;
use crate::listings::ListingId;

pub use api::InterestsApi;
pub(crate) use store::note;

record_id! {
    /// The id of an interest.
    ListingInterestId
}

choice! {
    /// What an applicant thinks of a listing.
    pub enum Interest {
        /// They want to see it.
        Interested = "interested",
        /// They do not want it.
        NotInterested = "not_interested",
        /// They have seen it.
        Viewed = "viewed",
    }
}

/// What an applicant thinks of a listing.
#[derive(Debug, Clone, Serialize, Object)]
pub struct ListingInterest {
    /// Its id.
    pub id: ListingInterestId,
    /// The listing.
    pub listing_id: ListingId,
    /// What the applicant looks for.
    pub requirement_id: RequirementId,
    /// The applicant.
    pub contact_id: ContactId,
    /// What they think of it.
    pub interest: Interest,
    /// When it was first noted.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}
owned_row!(ListingInterest in "listing_interests" of "contact_id" in "contacts" {
    id,
    listing_id,
    requirement_id,
    contact_id,
    interest,
    created_at,
    updated_at
});

/// What an applicant thinks.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewInterest {
    /// What they think of it.
    interest: Interest,
}
