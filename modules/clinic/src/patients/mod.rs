//! Patients: contacts whom the clinic treats. A patient is its contact's owner's: who does not reach the contact does not
//! reach the patient.

mod api;
mod open;
mod source;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{Change, Versioned, patch, replace};
use tenantry_core::value::{Date, Moment, Text};
use tenantry_core::{choice, criteria, owned_row, record_id};
use time::OffsetDateTime;

pub use api::PatientsApi;
pub(crate) use open::{open, open_by};
pub(crate) use source::SOURCE;
pub(crate) use store::{find, lock, set_status};

record_id! {
    /// The id of a patient.
    PatientId
}

choice! {
    /// Gender for administration (FHIR's administrative-gender).
    pub enum Gender {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
        /// Other.
        Other = "other",
        /// Not known.
        Unknown = "unknown",
    }
}

choice! {
    /// What became of a patient's record.
    pub enum PatientStatus {
        /// It is in use.
        Active = "active",
        /// It is put away and kept; nothing is added to it.
        Archived = "archived",
        /// It was merged into another patient's.
        Merged = "merged",
    }
}

/// A patient. Names and addresses are those of the contact.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Patient {
    /// Its id.
    pub id: PatientId,
    /// The contact that it extends.
    pub contact_id: ContactId,
    /// The number on the chart.
    pub number: Text<40>,
    /// The day of birth.
    pub date_of_birth: Date,
    /// Gender for administration.
    pub gender: Gender,
    /// Who pays.
    pub insurer: Option<Text<200>>,
    /// The contact who decides for the patient, such as a child's parent.
    pub guardian_contact_id: Option<ContactId>,
    /// What became of the record.
    pub status: PatientStatus,
    /// The patient that this one was merged into, under which everything is now; null as long as it was not.
    pub merged_into: Option<PatientId>,
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

owned_row!(Patient in "patients" of "contact_id" in "contacts" {
    id,
    contact_id,
    number,
    date_of_birth,
    gender,
    insurer,
    guardian_contact_id,
    status,
    merged_into,
    created_at,
    updated_at,
    version
});

impl Versioned for Patient {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A patient to make, of a contact that is there already.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewPatient {
    /// The contact that it extends; no other patient may extend it.
    contact_id: ContactId,
    /// The number on the chart; no other patient may have it.
    number: Text<40>,
    /// The day of birth.
    date_of_birth: Date,
    /// Gender for administration.
    gender: Gender,
    /// Who pays.
    insurer: Option<Text<200>>,
    /// The contact who decides for the patient; another one than the patient's own.
    guardian_contact_id: Option<ContactId>,
}

/// What to change in a patient. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct PatientPatch {
    /// The number on the chart.
    number: Change<Text<40>>,
    /// The day of birth.
    date_of_birth: Change<Date>,
    /// Gender for administration.
    gender: Change<Gender>,
    /// Who pays.
    insurer: MaybeUndefined<Text<200>>,
    /// The contact who decides for the patient.
    guardian_contact_id: MaybeUndefined<ContactId>,
}

impl PatientPatch {
    fn apply(self, patient: &mut Patient) {
        replace(&mut patient.number, self.number);
        replace(&mut patient.date_of_birth, self.date_of_birth);
        replace(&mut patient.gender, self.gender);
        patch(&mut patient.insurer, self.insurer);
        patch(&mut patient.guardian_contact_id, self.guardian_contact_id);
    }
}

criteria! {
    /// What patients are listed by.
    pub struct PatientFields of Patient in "patients" by "-created_at" {
        /// The contact that it extends.
        contact_id: ContactId => [eq in];
        /// The number on the chart.
        number: Text<40> => [eq in];
        /// The day of birth.
        date_of_birth: Date => [eq gt gte lt lte], sort date |patient| patient.date_of_birth;
        /// Who pays.
        insurer: Text<200> => [eq in ne null], sort text nullable |patient| patient.insurer;
        /// The contact who decides for the patient.
        guardian_contact_id: ContactId => [eq];
        /// What became of the record.
        status: PatientStatus => [eq in];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |patient| patient.created_at;
    }
}
