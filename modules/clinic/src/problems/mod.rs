//! Problems: what a patient suffers from, or did.

mod api;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use tenantry_core::value::{Date, Moment, Text};
use tenantry_core::{choice, criteria, guarded_row, record_id};
use time::OffsetDateTime;

pub use api::ProblemsApi;

use crate::patients::PatientId;
use crate::practitioners::PractitionerId;

record_id! {
    /// The id of a problem.
    ProblemId
}

choice! {
    /// How a problem stands.
    pub enum ProblemStatus {
        /// The patient has it.
        Active = "active",
        /// It is over.
        Resolved = "resolved",
        /// It was written down by mistake.
        EnteredInError = "entered_in_error",
    }
}

/// Something that a patient suffers from, or did.
#[derive(Debug, Clone, Serialize, Object)]
#[oai(rename = "PatientProblem")]
pub struct Problem {
    /// Its id.
    pub id: ProblemId,
    /// The patient.
    pub patient_id: PatientId,
    /// Who wrote it down.
    pub practitioner_id: PractitionerId,
    /// Its code in ICD-10, if it has one.
    pub code: Option<Text<20>>,
    /// What it is, in words.
    pub text: Text<500>,
    /// The day when it began, as far as that is known.
    pub onset: Option<Date>,
    /// How it stands.
    pub status: ProblemStatus,
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

guarded_row!(Problem in "problems" {
    id,
    patient_id,
    practitioner_id,
    code,
    text,
    onset,
    status,
    created_at,
    updated_at,
    version
});

impl Versioned for Problem {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A problem to write down.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewProblem {
    /// Its code in ICD-10, if it has one.
    code: Option<Text<20>>,
    /// What it is, in words.
    text: Text<500>,
    /// The day when it began, not in the future.
    onset: Option<Date>,
}

impl NewProblem {
    fn checked(self) -> ApiResult<Self> {
        check(self.onset)?;
        Ok(self)
    }
}

/// What to change in a problem. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ProblemPatch {
    /// Its code in ICD-10.
    code: MaybeUndefined<Text<20>>,
    /// What it is, in words.
    text: Change<Text<500>>,
    /// The day when it began.
    onset: MaybeUndefined<Date>,
    /// How it stands. What was written down by mistake stays so.
    status: Change<ProblemStatus>,
}

impl ProblemPatch {
    fn apply(self, problem: &mut Problem) -> ApiResult<()> {
        if problem.status == ProblemStatus::EnteredInError {
            return Err(ApiError::conflict(
                "entered_in_error",
                "This was marked as written down by mistake, and stays so. Write it down anew.",
            ));
        }
        patch(&mut problem.code, self.code);
        replace(&mut problem.text, self.text);
        patch(&mut problem.onset, self.onset);
        replace(&mut problem.status, self.status);
        check(problem.onset)
    }
}

/// A day has begun somewhere before it has by UTC.
fn check(onset: Option<Date>) -> ApiResult<()> {
    let tomorrow = OffsetDateTime::now_utc().date().next_day();
    match onset.map(time::Date::from).zip(tomorrow) {
        Some((onset, tomorrow)) if onset > tomorrow => Err(ApiError::invalid().at("/onset", "not in the future")),
        _ => Ok(()),
    }
}

criteria! {
    /// What problems are listed by.
    pub struct ProblemFields of Problem in "problems" by "-created_at" {
        /// How it stands.
        status: ProblemStatus => [eq in];
        /// Its code in ICD-10.
        code: Text<20> => [eq in null];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |problem| problem.created_at;
    }
}
