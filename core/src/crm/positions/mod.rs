//! Positions: which contacts work for which companies, and as what. They are a part of the contact: who does not reach that does
//! not reach them, and one at a company out of reach is not there either.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::PositionsApi;

use super::companies::CompanyId;
use super::contacts::ContactId;
use crate::value::Text;
use crate::{owned_row, record_id, sorts};

record_id! {
    /// The id of a position.
    PositionId
}

/// That a contact works for a company.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Position {
    /// Its id, as events have it.
    pub id: PositionId,
    /// The person.
    pub contact_id: ContactId,
    /// The person's family and given name.
    pub contact_name: String,
    /// The company.
    pub company_id: CompanyId,
    /// What it is called.
    pub company_name: Text<200>,
    /// What the person is there.
    pub title: Option<Text<200>>,
    /// Whether it is the company to name first.
    pub is_primary: bool,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

owned_row!(Position in "positions" of "contact_id" in "contacts" {
    id,
    contact_id,
    contact_name = "(SELECT c.display_name FROM contacts c WHERE c.id = positions.contact_id)",
    company_id,
    company_name = "(SELECT c.name FROM companies c WHERE c.id = positions.company_id)",
    title,
    is_primary = "EXISTS (SELECT 1 FROM contacts c WHERE c.id = positions.contact_id AND c.primary_company_id = positions.company_id)",
    created_at,
    updated_at
});

/// As what a contact works for a company.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewPosition {
    /// What the person is there; left out it is not known.
    title: Option<Text<200>>,
    /// Whether it is the company to name first, in the place of any other; left out it is not.
    #[serde(default)]
    #[oai(default)]
    is_primary: bool,
}

sorts! {
    /// How positions can be sorted.
    pub enum PositionSort of Position {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |position| position.created_at,
    }
}
