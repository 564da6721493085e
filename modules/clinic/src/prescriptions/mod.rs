//! Prescriptions: what a physician or dentist orders. What the patient does not tolerate is asked for in the same transaction.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Versioned};
use tenantry_core::value::{Moment, Prose, Text};
use tenantry_core::{choice, criteria, guarded_row, record_id};
use time::OffsetDateTime;

pub use api::PrescriptionsApi;

use crate::allergies::substance;
use crate::patients::PatientId;
use crate::practitioners::PractitionerId;

record_id! {
    /// The id of a prescription.
    PrescriptionId
}

choice! {
    /// How a substance gets into the body.
    pub enum MedicationRoute {
        /// By the mouth.
        Oral = "oral",
        /// Into a vein.
        Intravenous = "intravenous",
        /// Into a muscle.
        Intramuscular = "intramuscular",
        /// Under the skin.
        Subcutaneous = "subcutaneous",
        /// By breathing.
        Inhaled = "inhaled",
        /// Onto the skin.
        Topical = "topical",
        /// By the rectum.
        Rectal = "rectal",
        /// Into the eye.
        Ophthalmic = "ophthalmic",
        /// Another way.
        Other = "other",
    }
}

choice! {
    /// How a prescription stands.
    pub enum PrescriptionStatus {
        /// It is to be taken.
        Active = "active",
        /// It is not to be taken any more.
        Stopped = "stopped",
        /// It was written by mistake.
        EnteredInError = "entered_in_error",
    }
}

/// What somebody has ordered for a patient.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Prescription {
    /// Its id.
    pub id: PrescriptionId,
    /// The patient.
    pub patient_id: PatientId,
    /// Who ordered it.
    pub practitioner_id: PractitionerId,
    /// What is to be taken.
    pub substance: Text<200>,
    /// How much of it, and how often.
    pub dose: Text<200>,
    /// How it gets into the body.
    pub route: MedicationRoute,
    /// For how many days.
    pub duration_days: i32,
    /// What else there is to say of it.
    pub instructions: Option<Prose<2000>>,
    /// Why it was ordered although the patient does not tolerate it; null where nothing stood against it.
    pub override_reason: Option<Prose<1000>>,
    /// How it stands.
    pub status: PrescriptionStatus,
    /// When it was stopped.
    #[serde(with = "time::serde::rfc3339::option")]
    pub stopped_at: Option<OffsetDateTime>,
    /// Why.
    pub stop_reason: Option<Prose<1000>>,
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

guarded_row!(Prescription in "prescriptions" {
    id,
    patient_id,
    practitioner_id,
    substance,
    dose,
    route,
    duration_days,
    instructions,
    override_reason,
    status,
    stopped_at,
    stop_reason,
    created_at,
    updated_at,
    version
});

impl Versioned for Prescription {
    fn version(&self) -> i64 {
        self.version
    }
}

/// What to order for a patient.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewPrescription {
    /// What is to be taken.
    substance: Text<200>,
    /// How much of it, and how often.
    dose: Text<200>,
    /// How it gets into the body.
    route: MedicationRoute,
    /// For how many days; up to two years.
    #[oai(validator(minimum(value = "1"), maximum(value = "730")))]
    duration_days: i32,
    /// What else there is to say of it.
    instructions: Option<Prose<2000>>,
    /// Why it is ordered although an allergy stands against it. It is kept where one does.
    override_reason: Option<Prose<1000>>,
}

impl NewPrescription {
    fn checked(self) -> ApiResult<Self> {
        substance::key(&self.substance)?;
        if !(1..=730).contains(&self.duration_days) {
            return Err(ApiError::invalid().at("/duration_days", "expected a number from 1 to 730"));
        }
        Ok(self)
    }
}

/// That a prescription ends.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct StopPrescription {
    /// Why.
    reason: Option<Prose<1000>>,
}

criteria! {
    /// What prescriptions are listed by.
    pub struct PrescriptionFields of Prescription in "prescriptions" by "-created_at" {
        /// How it stands.
        status: PrescriptionStatus => [eq in];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |prescription| prescription.created_at;
    }
}
