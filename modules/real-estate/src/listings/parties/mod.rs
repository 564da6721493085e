//! Whose a listing is: contacts who sell or let, and who act for them. A party is its contact's owner's: who does not reach the
//! contact does not see that it has a part in a listing.

mod api;
pub(crate) mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::{choice, owned_row, record_id, sorts};
use time::OffsetDateTime;

use super::ListingId;

pub use api::ListingPartiesApi;

record_id! {
    /// The id of a party of a listing.
    ListingPartyId
}

choice! {
    /// What somebody has to do with a listing.
    pub enum PartyRole {
        /// Sells it.
        Vendor = "vendor",
        /// Lets it.
        Landlord = "landlord",
        /// Acts for who sells or lets it.
        Solicitor = "solicitor",
        /// Has the keys, or opens the door.
        Caretaker = "caretaker",
    }
}

/// Somebody who has to do with a listing.
#[derive(Debug, Clone, Serialize, Object)]
pub struct ListingParty {
    /// Its id.
    pub id: ListingPartyId,
    /// The listing.
    pub listing_id: ListingId,
    /// Who.
    pub contact_id: ContactId,
    /// What they have to do with it.
    pub role: PartyRole,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
owned_row!(ListingParty in "listing_parties" of "contact_id" in "contacts" { id, listing_id, contact_id, role, created_at });

/// Somebody to be a party of a listing.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewListingParty {
    /// Who.
    contact_id: ContactId,
    /// What they have to do with it.
    role: PartyRole,
}

sorts! {
    /// How parties can be sorted.
    pub enum ListingPartySort of ListingParty {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |party| party.created_at,
    }
}
