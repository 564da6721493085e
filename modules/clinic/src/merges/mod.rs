//! Merges of patients: two records of one person become one. Whatever refers to the one refers to the other since; which rows were
//! moved is kept, so exactly those are moved back when the merge is undone. The merged patient stays, and says where everything is.
//!
//! - this file: the merge, what is asked for and answered; `tables.rs`: what refers to patients;
//! - `api.rs`: the operations; `work.rs`: merging and taking it back; `store.rs`: the SQL.

mod api;
mod source;
mod store;
mod tables;
mod work;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tenantry_core::http::{Caller, Versioned};
use tenantry_core::identity::UserId;
use tenantry_core::value::{Moment, Several};
use tenantry_core::{criteria, owned_row, record_id};
use time::OffsetDateTime;

pub use api::MergesApi;
pub(crate) use source::SOURCE;

use crate::patients::{Patient, PatientId};

record_id! {
    /// The id of a merge of patients.
    PatientMergeId
}

/// That a patient was merged into another.
#[derive(Debug, Clone, Serialize, Object)]
pub struct PatientMerge {
    /// Its id.
    pub id: PatientMergeId,
    /// The patient who was merged.
    pub from_id: PatientId,
    /// The patient who has everything since.
    pub into_id: PatientId,
    /// What was moved, of those kinds that the caller may see.
    pub moved: Several<MovedRecords>,
    /// Who merged them.
    pub merged_by: UserId,
    /// When it was undone; null as long as it stands.
    pub undone_at: Option<Moment>,
    /// Who undid it.
    pub undone_by: Option<UserId>,
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

owned_row!(PatientMerge in "patient_merges" of "into_id" in "patients" {
    id,
    from_id,
    into_id,
    moved = "(SELECT coalesce(jsonb_agg(jsonb_build_object('resource', m.key, 'count', jsonb_array_length(m.value)) ORDER BY m.key), '[]'::jsonb) FROM jsonb_each(patient_merges.moved) AS m WHERE jsonb_array_length(m.value) > 0)",
    merged_by,
    undone_at,
    undone_by,
    created_at,
    updated_at,
    version
});

impl Versioned for PatientMerge {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Which rows a merge has moved, and what the patient was before.
struct Snapshot {
    was: crate::patients::PatientStatus,
    moved: Value,
}

owned_row!(Snapshot in "patient_merges" of "into_id" in "patients" { was, moved });

/// Records of a kind that refer to a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Object)]
pub struct MovedRecords {
    /// What kind of records.
    pub resource: String,
    /// How many.
    pub count: i64,
}

/// Into whom a patient is merged.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct MergeTarget {
    /// The patient who is kept.
    into: PatientId,
}

/// What a merge would do.
#[derive(Debug, Serialize, Object)]
pub struct PatientMergePreview {
    /// The patient who would be merged.
    pub from: Patient,
    /// The patient who would be kept.
    pub into: Patient,
    /// What would be moved, of those kinds that the caller may see.
    pub moved: Several<MovedRecords>,
}

impl PatientMerge {
    /// The same without the kinds of records that a caller may not see.
    fn seen_by(mut self, caller: &Caller) -> Self {
        self.moved = seen_by(caller, self.moved.iter().cloned());
        self
    }
}

/// Those kinds of records that a caller may see.
fn seen_by(caller: &Caller, moved: impl Iterator<Item = MovedRecords>) -> Several<MovedRecords> {
    let may = |resource: &str| {
        let mut sources = caller.modules().events();
        sources.any(|source| source.resource == resource && caller.allows(source.read))
    };
    Several::of(moved.filter(|records| may(&records.resource)).collect())
}

criteria! {
    /// What merges of patients are listed by.
    pub struct PatientMergeFields of PatientMerge in "patient_merges" by "-created_at" {
        /// The patient who was merged.
        from_id: PatientId => [eq];
        /// The patient who was kept.
        into_id: PatientId => [eq];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |merge| merge.created_at;
    }
}
