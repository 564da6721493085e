//! Encounters: what happened when a practitioner saw a patient. A draft is changed by who wrote it; once it is signed only addenda
//! follow, and the database itself holds what was signed in place (`encounter_signatures`).

mod addenda;
mod api;
mod billing;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use tenantry_core::value::{Moment, Prose, Several, Text};
use tenantry_core::{choice, criteria, guarded_row, record_id};
use time::OffsetDateTime;

pub use api::EncountersApi;

use addenda::Addendum;

use crate::appointments::AppointmentId;
use crate::patients::PatientId;
use crate::practitioners::PractitionerId;

record_id! {
    /// The id of an encounter.
    EncounterId
}

choice! {
    /// How an encounter stands.
    pub enum EncounterStatus {
        /// It is being written.
        Draft = "draft",
        /// It is signed, and does not change.
        Signed = "signed",
        /// It is signed, and something was added.
        Amended = "amended",
        /// It was written by mistake.
        EnteredInError = "entered_in_error",
    }
}

choice! {
    /// What a code is of.
    pub enum CodeSystem {
        /// ICD-10: diagnoses.
        Icd10 = "icd10",
        /// ICPC-2: reasons of primary care.
        Icpc2 = "icpc2",
        /// Procedures, as they are billed.
        Procedure = "procedure",
        /// SNOMED CT.
        Snomed = "snomed",
        /// LOINC.
        Loinc = "loinc",
        /// Another system.
        Other = "other",
    }
}

/// A diagnosis or a procedure, by its code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct EncounterCode {
    /// What the code is of.
    pub system: CodeSystem,
    /// The code.
    pub code: Text<20>,
    /// What it says, in words.
    pub text: Option<Text<200>>,
}

/// What happened when a practitioner saw a patient.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Encounter {
    /// Its id.
    pub id: EncounterId,
    /// The patient.
    pub patient_id: PatientId,
    /// The practitioner whose encounter it is.
    pub practitioner_id: PractitionerId,
    /// The appointment that it came of.
    pub appointment_id: Option<AppointmentId>,
    /// How it stands.
    pub status: EncounterStatus,
    /// Why the patient came.
    pub reason: Option<Text<500>>,
    /// What was found, thought and done.
    pub note: Option<Prose<20_000>>,
    /// Diagnoses and procedures.
    pub codes: Several<EncounterCode>,
    /// When it began.
    pub started_at: Moment,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// When it was signed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub signed_at: Option<OffsetDateTime>,
    /// What was added since, in the order in which it was.
    pub addenda: Several<Addendum>,
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

guarded_row!(Encounter in "encounters" {
    id,
    patient_id,
    practitioner_id,
    appointment_id,
    status,
    reason,
    note,
    codes,
    started_at,
    ended_at,
    signed_at,
    addenda = "(SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'practitioner_id', a.practitioner_id, 'text', a.text, \
        'created_at', to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')) ORDER BY a.created_at, a.id), \
        '[]') FROM encounter_addenda a WHERE a.encounter_id = encounters.id)",
    created_at,
    updated_at,
    version
});

impl Versioned for Encounter {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An encounter to write down, as a draft of the caller's.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewEncounter {
    /// The appointment that it came of, of the same patient.
    appointment_id: Option<AppointmentId>,
    /// Why the patient came.
    reason: Option<Text<500>>,
    /// What was found, thought and done.
    note: Option<Prose<20_000>>,
    /// Diagnoses and procedures, up to 20.
    codes: Option<Several<EncounterCode>>,
    /// When it began, not in the future; now where it is left out.
    started_at: Option<Moment>,
    /// When it ended, not before it began.
    ended_at: Option<Moment>,
}

impl NewEncounter {
    fn checked(mut self) -> ApiResult<Self> {
        let started_at = self.started_at.map_or_else(now, Ok)?;
        self.started_at = Some(started_at);
        check(started_at, self.ended_at)?;
        Ok(self)
    }
}

/// What to change in a draft. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct EncounterPatch {
    /// The appointment that it came of, of the same patient. Signing notes that it has taken place.
    appointment_id: MaybeUndefined<AppointmentId>,
    /// Why the patient came.
    reason: MaybeUndefined<Text<500>>,
    /// What was found, thought and done.
    note: MaybeUndefined<Prose<20_000>>,
    /// Diagnoses and procedures, up to 20.
    codes: Change<Several<EncounterCode>>,
    /// When it began.
    started_at: Change<Moment>,
    /// When it ended.
    ended_at: MaybeUndefined<Moment>,
}

impl EncounterPatch {
    fn apply(self, encounter: &mut Encounter) -> ApiResult<()> {
        patch(&mut encounter.appointment_id, self.appointment_id);
        patch(&mut encounter.reason, self.reason);
        patch(&mut encounter.note, self.note);
        replace(&mut encounter.codes, self.codes);
        replace(&mut encounter.started_at, self.started_at);
        patch(&mut encounter.ended_at, self.ended_at);
        check(encounter.started_at, encounter.ended_at)
    }
}

impl Encounter {
    /// Refuses to change what is no draft, or somebody else's.
    fn expect_own_draft(&self, practitioner: PractitionerId) -> ApiResult<()> {
        self.expect_own(practitioner)?;
        match self.status {
            EncounterStatus::Draft => Ok(()),
            EncounterStatus::Signed | EncounterStatus::Amended => Err(ApiError::conflict(
                "encounter_signed",
                "This encounter is signed and does not change. Write an addendum with POST …/addenda.",
            )),
            EncounterStatus::EnteredInError => Err(ApiError::conflict(
                "entered_in_error",
                "This was marked as written by mistake, and stays so. Write it down anew.",
            )),
        }
    }

    /// Refuses who is not the practitioner whose encounter it is.
    fn expect_own(&self, practitioner: PractitionerId) -> ApiResult<()> {
        if self.practitioner_id == practitioner {
            return Ok(());
        }
        Err(ApiError::refused(
            "not_your_encounter",
            "This encounter is another practitioner's, who alone changes and signs it. Once it is signed, write an addendum.",
        ))
    }
}

fn now() -> ApiResult<Moment> {
    Moment::try_from(OffsetDateTime::now_utc()).map_err(|_| ApiError::internal())
}

fn check(started_at: Moment, ended_at: Option<Moment>) -> ApiResult<()> {
    let (start, end) = (OffsetDateTime::from(started_at), ended_at.map(OffsetDateTime::from));
    let now = OffsetDateTime::now_utc();
    if start > now {
        return Err(ApiError::invalid().at("/started_at", "not in the future"));
    }
    match end {
        Some(end) if end < start => Err(ApiError::invalid().at("/ended_at", "not before it began")),
        Some(end) if end > now => Err(ApiError::invalid().at("/ended_at", "not in the future")),
        _ => Ok(()),
    }
}

criteria! {
    /// What encounters are listed by.
    pub struct EncounterFields of Encounter in "encounters" by "-started_at" {
        /// The practitioner whose encounter it is.
        practitioner_id: PractitionerId => [eq in];
        /// How it stands.
        status: EncounterStatus => [eq in];
        /// When it began.
        started_at: Moment => [gt gte lt lte], sort timestamptz |encounter| encounter.started_at;
    }
}
