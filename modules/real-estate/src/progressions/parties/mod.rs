//! Who has a part in a progression: the solicitors of both sides, and who lends. A party is its contact's owner's: who does not reach
//! the contact does not see that it has a part.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::{choice, owned_row, record_id, sorts};
use time::OffsetDateTime;

use super::ProgressionId;

pub use api::ProgressionPartiesApi;

record_id! {
    /// The id of a party of a progression.
    ProgressionPartyId
}

choice! {
    /// What somebody does in a progression.
    pub enum ProgressionRole {
        /// Acts for who sells or lets.
        SellerSolicitor = "seller_solicitor",
        /// Acts for who buys or rents.
        BuyerSolicitor = "buyer_solicitor",
        /// Lends the money.
        Lender = "lender",
    }
}

/// Somebody who has a part in a progression.
#[derive(Debug, Clone, Serialize, Object)]
pub struct ProgressionParty {
    /// Its id.
    pub id: ProgressionPartyId,
    /// The progression.
    pub progression_id: ProgressionId,
    /// Who.
    pub contact_id: ContactId,
    /// What they do.
    pub role: ProgressionRole,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
owned_row!(ProgressionParty in "progression_parties" of "contact_id" in "contacts" { id, progression_id, contact_id, role, created_at });

/// Somebody to have a part in a progression.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewProgressionParty {
    /// Who.
    contact_id: ContactId,
    /// What they do; one in each role.
    role: ProgressionRole,
}

sorts! {
    /// How parties can be sorted.
    pub enum ProgressionPartySort of ProgressionParty {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |party| party.created_at,
    }
}
