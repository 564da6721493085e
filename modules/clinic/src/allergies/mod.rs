//! Allergies: what a patient does not tolerate. Prescribing asks them.

mod api;
mod store;
pub(crate) mod substance;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use tenantry_core::value::{Moment, Text};
use tenantry_core::{choice, criteria, guarded_row, record_id};
use time::OffsetDateTime;

pub use api::AllergiesApi;
pub(crate) use store::against;

use crate::patients::PatientId;
use crate::practitioners::PractitionerId;

record_id! {
    /// The id of an allergy.
    AllergyId
}

choice! {
    /// How bad a reaction would be.
    pub enum AllergySeverity {
        /// Bothersome.
        Mild = "mild",
        /// In need of treatment.
        Moderate = "moderate",
        /// Dangerous to life.
        Severe = "severe",
        /// Not known.
        Unknown = "unknown",
    }
}

choice! {
    /// Whether an allergy counts.
    pub enum AllergyStatus {
        /// The patient has it.
        Active = "active",
        /// The patient had it, or was thought to.
        Inactive = "inactive",
        /// It was written down by mistake.
        EnteredInError = "entered_in_error",
    }
}

/// Something that a patient does not tolerate.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Allergy {
    /// Its id.
    pub id: AllergyId,
    /// The patient.
    pub patient_id: PatientId,
    /// Who wrote it down.
    pub practitioner_id: PractitionerId,
    /// What the patient does not tolerate.
    pub substance: Text<200>,
    /// What happens then.
    pub reaction: Option<Text<500>>,
    /// How bad that would be.
    pub severity: AllergySeverity,
    /// Whether it counts.
    pub status: AllergyStatus,
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

guarded_row!(Allergy in "allergies" {
    id,
    patient_id,
    practitioner_id,
    substance,
    reaction,
    severity,
    status,
    created_at,
    updated_at,
    version
});

impl Versioned for Allergy {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An allergy to write down.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewAllergy {
    /// What the patient does not tolerate; nothing that stands there as active already.
    substance: Text<200>,
    /// What happens then.
    reaction: Option<Text<500>>,
    /// How bad that would be.
    severity: AllergySeverity,
}

impl NewAllergy {
    fn checked(self) -> ApiResult<Self> {
        substance::key(&self.substance)?;
        Ok(self)
    }
}

/// What to change in an allergy. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct AllergyPatch {
    /// What happens then.
    reaction: MaybeUndefined<Text<500>>,
    /// How bad that would be.
    severity: Change<AllergySeverity>,
    /// Whether it counts. What was written down by mistake stays so.
    status: Change<AllergyStatus>,
}

impl AllergyPatch {
    fn apply(self, allergy: &mut Allergy) -> ApiResult<()> {
        if allergy.status == AllergyStatus::EnteredInError {
            return Err(ApiError::conflict(
                "entered_in_error",
                "This was marked as written down by mistake, and stays so. Write it down anew.",
            ));
        }
        patch(&mut allergy.reaction, self.reaction);
        replace(&mut allergy.severity, self.severity);
        replace(&mut allergy.status, self.status);
        Ok(())
    }
}

criteria! {
    /// What allergies are listed by.
    pub struct AllergyFields of Allergy in "allergies" by "-created_at" {
        /// How bad a reaction would be.
        severity: AllergySeverity => [eq in];
        /// Whether it counts.
        status: AllergyStatus => [eq in];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |allergy| allergy.created_at;
    }
}
