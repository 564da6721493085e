//! Merging two patients, and taking that back.

use serde_json::{Map, Value, json};
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::Moment;
use time::OffsetDateTime;
use uuid::Uuid;

use super::tables::TABLES;
use super::{MovedRecords, PatientMerge, PatientMergeId, store};
use crate::appointments;
use crate::charts::access;
use crate::patients::{Patient, PatientId, PatientStatus, set_status};

/// Two patients, of whom the first may be merged into the second.
pub(super) struct Pair {
    pub(super) from: Patient,
    pub(super) into: Patient,
}

impl Pair {
    /// Puts two patients in their places.
    pub(super) fn of(found: Vec<Patient>, from: PatientId, into: PatientId) -> ApiResult<Self> {
        let find = |id: PatientId| found.iter().find(|patient| patient.id == id).cloned();
        let from = find(from).ok_or_else(ApiError::not_found)?;
        let into = find(into).ok_or_else(|| ApiError::not_found().at("/into", "there is no such record"))?;
        Ok(Self { from, into })
    }

    /// Refuses what cannot be merged.
    pub(super) fn checked(self) -> ApiResult<Self> {
        if self.from.id == self.into.id {
            return Err(ApiError::invalid().at("/into", "expected another patient"));
        }
        let from = self.from.not_merged()?;
        let into = self.into.in_use().map_err(|error| match error.code() {
            "patient_merged" => error.at("/into", "this patient was merged into another one"),
            _ => error.at("/into", "the record of this patient is put away"),
        })?;
        Ok(Self { from, into })
    }
}

/// Nobody comes to a chart by their own word, but by an emergency access.
const OPENS: &str =
    "You treat one of these patients, so the chart of the other would be open to you. Have somebody else merge them.";

/// Refuses to make one of two who are to be in two places at once.
pub(super) async fn expect_apart(tx: &mut TenantTx, from: PatientId, into: PatientId) -> ApiResult<()> {
    if !tx.run(appointments::overlap(from, into)).await? {
        return Ok(());
    }
    let detail = "Both have an appointment to come at the same time. Cancel or move one of them first.";
    Err(ApiError::conflict("appointments_overlap", detail))
}

/// What would be moved.
pub(super) async fn count(tx: &mut TenantTx, pair: &Pair) -> ApiResult<Vec<MovedRecords>> {
    let mut moved = Vec::new();
    for table in TABLES {
        let count = tx.run(store::count(table, pair.from.id, pair.into.id)).await?;
        if count > 0 {
            moved.push(MovedRecords { resource: table.table.to_owned(), count });
        }
    }
    Ok(moved)
}

/// Merges a patient into another. One who was merged into the same one already stays as it is.
pub(super) async fn merge(
    tx: &mut TenantTx,
    reach: Reach,
    (from, into): (PatientId, PatientId),
    by: Uuid,
) -> ApiResult<PatientMerge> {
    let pair = Pair::of(tx.run(store::both(reach, from, into)).await?, from, into)?;
    if pair.from.merged_into == Some(into)
        && let Some(standing) = tx.run(store::standing(reach, from)).await?.pop()
    {
        return Ok(standing);
    }
    let Pair { from: patient, .. } = pair.checked()?;
    if tx.run(access::is_open(from, by)).await? != tx.run(access::is_open(into, by)).await? {
        return Err(ApiError::refused("not_yourself", OPENS));
    }
    expect_apart(tx, from, into).await?;
    let mut moved = Map::new();
    for table in TABLES {
        let ids = tx.run(store::there(table, from, into)).await?;
        moved.insert(table.table.to_owned(), ids.into_iter().map(|(id,)| json!(id)).collect());
    }
    tx.run(set_status(reach, from, PatientStatus::Merged, Some(into))).await?;
    Ok(tx.run(store::insert(reach, (from, into), patient.status, Value::Object(moved), by)).await?)
}

/// Takes a merge back: exactly what was moved by it, as far as it is still there. One that is undone already stays as it is.
pub(super) async fn undo(tx: &mut TenantTx, reach: Reach, id: PatientMergeId, by: Uuid) -> ApiResult<PatientMerge> {
    let found = tx.run(store::find(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    let (from, into) = (found.from_id, found.into_id);
    let pair =
        Pair::of(tx.run(store::both(reach, from, into)).await?, from, into).map_err(|_| ApiError::not_found())?;
    let merge = tx.run(store::lock(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    if merge.undone_at.is_some() {
        return Ok(merge);
    }
    if pair.into.status == PatientStatus::Merged {
        let detail = "The kept patient was merged into a further one since. Undo that merge first.";
        return Err(ApiError::conflict("merged_further", detail));
    }
    let snapshot = tx.run(store::snapshot(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    for table in TABLES {
        let ids = snapshot.moved.get(table.table).and_then(Value::as_array).into_iter().flatten();
        let ids: Vec<Uuid> = ids.filter_map(Value::as_str).filter_map(|id| Uuid::parse_str(id).ok()).collect();
        if !ids.is_empty() {
            tx.run(store::back(table, from, into, ids)).await?;
        }
    }
    let at = Moment::try_from(OffsetDateTime::now_utc()).map_err(|_| ApiError::internal())?;
    let undone = tx.run(store::undone(reach, id, at, by)).await?;
    tx.run(set_status(reach, from, snapshot.was, None)).await?;
    Ok(undone)
}
