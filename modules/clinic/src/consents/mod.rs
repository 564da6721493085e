//! Consents: what a patient allows, to whom, for how long. What is in force is looked up each time that it is asked for, so a withdrawal
//! holds from the next reading on.
//!
//! - this file: the consent, what a client may send; `api.rs`, `store.rs`: as for every resource;
//! - `disclosure.rs`: who may be told of a patient, or may do something, at this moment.

mod api;
mod disclosure;
mod source;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::Versioned;
use tenantry_core::value::{Moment, Text};
use tenantry_core::{choice, criteria, owned_row, record_id};
use time::OffsetDateTime;

pub use api::ConsentsApi;
pub(crate) use source::SOURCE;

use crate::patients::PatientId;

record_id! {
    /// The id of a consent.
    TreatmentConsentId
}

choice! {
    /// What a patient allows.
    pub enum PatientConsentPurpose {
        /// To be treated.
        Treatment = "treatment",
        /// That somebody is told about the patient.
        Disclosure = "disclosure",
        /// To be part of research.
        Research = "research",
        /// To be photographed.
        Photography = "photography",
    }
}

/// Something that a patient allows. It is not changed: it is withdrawn, and another one is given.
#[derive(Debug, Clone, Serialize, Object)]
pub struct PatientConsent {
    /// Its id.
    pub id: TreatmentConsentId,
    /// Who allows it.
    pub patient_id: PatientId,
    /// What is allowed.
    pub purpose: PatientConsentPurpose,
    /// Whom it is allowed, by name.
    pub grantee: Option<Text<200>>,
    /// Whom it is allowed, by contact.
    pub grantee_contact_id: Option<ContactId>,
    /// From when on.
    pub from: Moment,
    /// Until when; null where there is no end.
    pub until: Option<Moment>,
    /// When it was withdrawn; null as long as it is not.
    pub withdrawn_at: Option<Moment>,
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

owned_row!(PatientConsent in "treatment_consents" of "patient_id" in "patients" {
    id,
    patient_id,
    purpose,
    grantee,
    grantee_contact_id,
    from = "valid_from",
    until = "valid_until",
    withdrawn_at,
    created_at,
    updated_at,
    version
});

impl Versioned for PatientConsent {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A consent to write down. Whom it is given to is said by name, by contact, or by both.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewPatientConsent {
    /// Who allows it.
    patient_id: PatientId,
    /// What is allowed.
    purpose: PatientConsentPurpose,
    /// Whom it is allowed, by name.
    grantee: Option<Text<200>>,
    /// Whom it is allowed, by contact.
    grantee_contact_id: Option<ContactId>,
    /// From when on; from now on where it is left out.
    from: Option<Moment>,
    /// Until when; without an end where it is left out.
    until: Option<Moment>,
}

criteria! {
    /// What consents are listed by.
    pub struct TreatmentConsentFields of PatientConsent in "treatment_consents" by "-created_at" {
        /// Who allows it.
        patient_id: PatientId => [eq in];
        /// What is allowed.
        purpose: PatientConsentPurpose => [eq in];
        /// Whom it is allowed, by contact.
        grantee_contact_id: ContactId => [eq];
        /// When it was withdrawn.
        withdrawn_at: Moment => [gt gte lt lte null];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |consent| consent.created_at;
    }
}
