//! Addenda: what is added to an encounter that is signed.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::tenancy::{Statement, statement};
use tenantry_core::value::Prose;
use tenantry_core::{record_id, sql};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Encounter;
use crate::charts::access::Entered;

record_id! {
    /// The id of an addendum.
    AddendumId
}

/// Something that was added to an encounter after it was signed.
#[derive(Debug, Clone, Serialize, Deserialize, Object)]
pub struct Addendum {
    /// Its id.
    pub id: Uuid,
    /// Who added it.
    pub practitioner_id: Uuid,
    /// What was added.
    pub text: Prose<10_000>,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// What to add to an encounter.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewAddendum {
    /// What to add.
    pub text: Prose<10_000>,
}

/// How many addenda an encounter may have.
pub(super) const MOST: usize = 20;

/// Adds to an encounter that was found within the caller's reach and is locked.
pub(super) fn insert(entered: Entered, encounter: &Encounter, new: NewAddendum) -> Statement<()> {
    statement(sql!("INSERT INTO encounter_addenda (id, encounter_id, practitioner_id, text) VALUES ($1, $2, $3, $4)"))
        .bind(AddendumId::new())
        .bind(encounter.id)
        .bind(entered.practitioner)
        .bind(new.text)
        .done()
}
