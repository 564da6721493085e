//! Identifiers: numbers that others have for a patient, such as an insurer's or a register's.

mod api;
mod source;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::http::Versioned;
use tenantry_core::value::{Moment, Text};
use tenantry_core::{criteria, owned_row, record_id};
use time::OffsetDateTime;

pub use api::IdentifiersApi;
pub(crate) use source::SOURCE;

use crate::patients::PatientId;

record_id! {
    /// The id of an identifier.
    PatientIdentifierId
}

/// A number that somebody else has for a patient. Another number is another identifier: it is made or deleted, and not changed.
#[derive(Debug, Clone, Serialize, Object)]
pub struct PatientIdentifier {
    /// Its id.
    pub id: PatientIdentifierId,
    /// Whose number it is.
    pub patient_id: PatientId,
    /// Who numbers: a URI, or a name such as `insurance-card`.
    pub system: Text<100>,
    /// The number; no other patient has the same one in the system.
    pub value: Text<100>,
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

owned_row!(PatientIdentifier in "patient_identifiers" of "patient_id" in "patients" {
    id, patient_id, system, value, created_at, updated_at, version
});

impl Versioned for PatientIdentifier {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An identifier to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewPatientIdentifier {
    /// Whose number it is.
    patient_id: PatientId,
    /// Who numbers: a URI, or a name such as `insurance-card`.
    system: Text<100>,
    /// The number; no other patient may have the same one in the system.
    value: Text<100>,
}

criteria! {
    /// What identifiers are listed by.
    pub struct PatientIdentifierFields of PatientIdentifier in "patient_identifiers" by "-created_at" {
        /// Whose number it is.
        patient_id: PatientId => [eq in];
        /// Who numbers.
        system: Text<100> => [eq];
        /// The number.
        value: Text<100> => [eq in];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |identifier| identifier.created_at;
    }
}
