//! What whoever bills sees of an encounter: codes and dates, and no word of what was found. That is no chart read.

use poem_openapi::Object;
use serde::Serialize;
use tenantry_core::tenancy::{Reach, Statement, reached};
use tenantry_core::value::{Several, Text};
use tenantry_core::{row, sql};
use time::OffsetDateTime;

use super::{CodeSystem, EncounterCode, EncounterId, EncounterStatus};
use crate::patients::{Patient, PatientId};
use crate::practitioners::PractitionerId;

/// A code without words.
#[derive(Debug, Clone, Serialize, Object)]
pub struct BillingCode {
    /// What the code is of.
    pub system: CodeSystem,
    /// The code.
    pub code: Text<20>,
}

/// An encounter as it is billed.
#[derive(Debug, Clone, Serialize, Object)]
pub struct EncounterBilling {
    /// The id of the encounter.
    pub id: EncounterId,
    /// The patient.
    pub patient_id: PatientId,
    /// The practitioner whose encounter it is.
    pub practitioner_id: PractitionerId,
    /// How it stands. Only what is signed is final.
    pub status: EncounterStatus,
    /// Diagnoses and procedures.
    pub codes: Vec<BillingCode>,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    /// When it ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
    /// When it was signed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub signed_at: Option<OffsetDateTime>,
}

struct Stored {
    id: EncounterId,
    patient_id: PatientId,
    practitioner_id: PractitionerId,
    status: EncounterStatus,
    codes: Several<EncounterCode>,
    started_at: OffsetDateTime,
    ended_at: Option<OffsetDateTime>,
    signed_at: Option<OffsetDateTime>,
}
row!(Stored { id, patient_id, practitioner_id, status, codes, started_at, ended_at, signed_at });

impl From<Stored> for EncounterBilling {
    fn from(stored: Stored) -> Self {
        let Stored { id, patient_id, practitioner_id, status, codes, started_at, ended_at, signed_at } = stored;
        let code = |own: &EncounterCode| BillingCode { system: own.system, code: own.code.clone() };
        let codes = codes.iter().map(code).collect();
        Self { id, patient_id, practitioner_id, status, codes, started_at, ended_at, signed_at }
    }
}

/// An encounter of a patient, as it is billed.
pub(super) fn find(reach: Reach, patient: PatientId, id: EncounterId) -> Statement<Option<EncounterBilling>> {
    let find = reached(reach).with::<Patient>().statement(sql!(
        "SELECT e.id, e.patient_id, e.practitioner_id, e.status, e.codes, e.started_at, e.ended_at, e.signed_at ",
        "FROM patients_in_reach t JOIN encounters e ON e.patient_id = t.id WHERE t.id = $1 AND e.id = $2"
    ));
    find.bind(patient).bind(id).optional::<Stored>().map(|found| found.map(EncounterBilling::from))
}
