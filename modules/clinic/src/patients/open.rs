//! Patients whose records are in use: nothing is added to those that are put away, or were merged into others.

use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::{Reach, TenantTx};

use super::{Patient, PatientId, PatientStatus, store};

impl Patient {
    /// Refuses to write to a record that was merged into another.
    ///
    /// # Errors
    /// 409 `patient_merged`.
    pub(crate) fn not_merged(self) -> ApiResult<Self> {
        if self.status != PatientStatus::Merged {
            return Ok(self);
        }
        let detail = "This patient was merged into another one, which `merged_into` names. Write to that one.";
        Err(ApiError::conflict("patient_merged", detail))
    }

    /// Refuses to add to a record that is put away, or was merged.
    ///
    /// # Errors
    /// 409 `patient_merged` or `patient_archived`.
    pub(crate) fn in_use(self) -> ApiResult<Self> {
        let patient = self.not_merged()?;
        if patient.status != PatientStatus::Archived {
            return Ok(patient);
        }
        let detail = "The record of this patient is put away. Restore it first.";
        Err(ApiError::conflict("patient_archived", detail))
    }
}

/// Locks a patient of a path whose record is in use, so that it stays in use until the transaction ends.
///
/// # Errors
/// 404 where there is none in reach, 409 where the record was merged (`patient_merged`) or is put away (`patient_archived`).
pub(crate) async fn open(tx: &mut TenantTx, reach: Reach, id: PatientId) -> ApiResult<Patient> {
    tx.run(store::lock(reach, id)).await?.ok_or_else(ApiError::not_found)?.in_use()
}

/// The same of a patient whom a body names, in `patient_id`.
///
/// # Errors
/// As those of [`open`], with a pointer.
pub(crate) async fn open_by(tx: &mut TenantTx, reach: Reach, id: PatientId) -> ApiResult<Patient> {
    let missing = || ApiError::not_found().at("/patient_id", "there is no such record");
    let patient = tx.run(store::lock(reach, id)).await?.ok_or_else(missing)?;
    patient.in_use().map_err(|error| match error.code() {
        "patient_merged" => error.at("/patient_id", "this patient was merged into another one"),
        _ => error.at("/patient_id", "the record of this patient is put away"),
    })
}
