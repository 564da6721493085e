//! Who is expected at an open house, and who came. A visitor is the contact's owner's: who does not reach the contact does not see that
//! they come.

mod api;
pub(crate) mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::{owned_row, record_id, sorts};
use time::OffsetDateTime;

use super::OpenHouseId;

pub use api::OpenHouseVisitorsApi;

record_id! {
    /// The id of a visitor of an open house.
    OpenHouseVisitorId
}

/// Somebody who is expected at an open house.
#[derive(Debug, Clone, Serialize, Object)]
pub struct OpenHouseVisitor {
    /// Its id.
    pub id: OpenHouseVisitorId,
    /// The open house.
    pub open_house_id: OpenHouseId,
    /// Who.
    pub contact_id: ContactId,
    /// Since when they are there; null where they have not come.
    #[serde(with = "time::serde::rfc3339::option")]
    pub came_at: Option<OffsetDateTime>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
owned_row!(OpenHouseVisitor in "open_house_visitors" of "contact_id" in "contacts" {
    id,
    open_house_id,
    contact_id,
    came_at,
    created_at
});

/// Somebody to expect at an open house.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewOpenHouseVisitor {
    /// Who.
    contact_id: ContactId,
}

sorts! {
    /// How visitors can be sorted.
    pub enum OpenHouseVisitorSort of OpenHouseVisitor {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |visitor| visitor.created_at,
    }
}
