//! The SQL of merges of patients.

use serde_json::Value;
use tenantry_core::sql;
use tenantry_core::tenancy::{List, Many, Reach, Refusal, Statement, many, owned, statement};
use tenantry_core::value::Moment;
use uuid::Uuid;

use super::tables::Moving;
use super::{PatientMerge, PatientMergeId, Snapshot};
use crate::patients::{Patient, PatientId, PatientStatus};

/// Somebody else has merged the patient in between, which the lock rules out.
const MERGED: Refusal = Refusal::InTheWay { code: "patient_merged", detail: "This patient was merged already." };

pub(super) fn list(reach: Reach) -> List<PatientMerge> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: PatientMergeId) -> Statement<Option<PatientMerge>> {
    owned(reach).find(id)
}

pub(super) fn lock(reach: Reach, id: PatientMergeId) -> Statement<Option<PatientMerge>> {
    owned(reach).lock(id)
}

pub(super) fn snapshot(reach: Reach, id: PatientMergeId) -> Statement<Option<Snapshot>> {
    owned(reach).find(id)
}

/// The merge of a patient that stands.
pub(super) fn standing(reach: Reach, from: PatientId) -> Statement<Vec<PatientMerge>> {
    let of = sql!("from_id = $1 AND undone_at IS NULL");
    owned(reach).list().filter(of, Some(from)).first(sql!("ORDER BY id"), 1)
}

/// Locks two patients, always in the same order.
pub(super) fn both(reach: Reach, one: PatientId, other: PatientId) -> Statement<Vec<Patient>> {
    let patients: Many<Patient> = many(reach);
    patients.lock(vec![one.as_uuid(), other.as_uuid()])
}

pub(super) fn count(table: &Moving, from: PatientId, into: PatientId) -> Statement<i64> {
    statement(table.count).bind(from).bind(into).one::<(i64,)>().map(|(count,)| count)
}

/// Moves the rows of a table, and gives their ids.
pub(super) fn there(table: &Moving, from: PatientId, into: PatientId) -> Statement<Vec<(Uuid,)>> {
    statement(table.there).bind(from).bind(into).many()
}

pub(super) fn back(table: &Moving, from: PatientId, into: PatientId, ids: Vec<Uuid>) -> Statement<()> {
    statement(table.back).bind(from).bind(into).bind(ids).done()
}

pub(super) fn insert(
    reach: Reach,
    (from, into): (PatientId, PatientId),
    was: PatientStatus,
    moved: Value,
    by: Uuid,
) -> Statement<PatientMerge> {
    owned(reach)
        .change()
        .set(sql!("id"), PatientMergeId::new())
        .set(sql!("from_id"), from)
        .set(sql!("into_id"), into)
        .set(sql!("from_status"), PatientStatus::Merged)
        .set(sql!("was"), was)
        .set(sql!("moved"), moved)
        .set(sql!("merged_by"), by)
        .insert()
        .refused_by("patient_merges_standing_key", MERGED)
}

pub(super) fn undone(reach: Reach, id: PatientMergeId, at: Moment, by: Uuid) -> Statement<PatientMerge> {
    owned(reach)
        .change()
        .set(sql!("from_status"), None::<PatientStatus>)
        .set(sql!("undone_at"), at)
        .set(sql!("undone_by"), by)
        .update(id)
}
