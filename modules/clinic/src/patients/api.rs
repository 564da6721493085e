//! The operations on patients.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::{NewPatient, Patient, PatientFields, PatientId, PatientPatch, PatientStatus, store};
use crate::{PatientsRead, PatientsWrite, Tag, appointments, charts};

/// Patients.
#[derive(Default)]
pub struct PatientsApi;

#[OpenApi(tag = "Tag::Patients")]
impl PatientsApi {
    /// List patients.
    #[oai(path = "/clinic/patients", method = "get", operation_id = "patients_list")]
    async fn list(
        &self,
        caller: Can<PatientsRead>,
        criteria: Criteria<PatientFields>,
    ) -> ApiResult<Answer<Page<Patient>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Create a patient.
    ///
    /// A practitioner who does so is in the patient's care team from the start.
    #[oai(path = "/clinic/patients", method = "post", operation_id = "patients_create")]
    async fn create(&self, caller: Can<PatientsWrite>, body: Body<NewPatient>) -> ApiResult<Created<Patient>> {
        let made = caller.transaction(async |tx| {
            let patient = tx.run(store::insert(caller.reach(), PatientId::new(), body.0)).await?;
            tx.run(charts::begin_care(patient.id, caller.user())).await?;
            Ok(patient)
        });
        let record = made.await?;
        Ok(Created::at("/clinic/patients", record.id, record))
    }

    /// Show a patient.
    ///
    /// One who was merged is still there; `merged_into` names the patient who has everything since.
    #[oai(path = "/clinic/patients/:id", method = "get", operation_id = "patients_get")]
    async fn get(&self, caller: Can<PatientsRead>, id: Path<PatientId>) -> ApiResult<Item<Patient>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a patient.
    #[oai(path = "/clinic/patients/:id", method = "patch", operation_id = "patients_update")]
    async fn update(
        &self,
        caller: Can<PatientsWrite>,
        id: Path<PatientId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<PatientPatch>,
    ) -> ApiResult<Item<Patient>> {
        let record = caller
            .transaction(async |tx| {
                let mut patient = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                patient.expect(&version)?;
                patient = patient.not_merged()?;
                body.0.apply(&mut patient);
                Ok(tx.run(store::update(caller.reach(), patient)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a patient.
    ///
    /// Only one whom nothing clinical or financial refers to; that is kept (409 `retain`), and such a patient is archived instead.
    #[oai(path = "/clinic/patients/:id", method = "delete", operation_id = "patients_delete")]
    async fn delete(
        &self,
        caller: Can<PatientsWrite>,
        id: Path<PatientId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            let patient = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            patient.expect_given(&version)?;
            patient.not_merged()?;
            Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
        });
        gone.await.map(|()| Deleted).map_err(kept)
    }

    /// Archive a patient.
    ///
    /// The record is kept, and nothing is added to it until it is restored. One that is put away already stays as it is. Who has an
    /// appointment to come is not put away: 409 `appointments_to_come`.
    #[oai(path = "/clinic/patients/:id/archive", method = "post", operation_id = "patients_archive")]
    async fn archive(
        &self,
        caller: Can<PatientsWrite>,
        id: Path<PatientId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Patient>> {
        become_of(&caller, id.0, &version, PatientStatus::Archived).await
    }

    /// Restore a patient who was archived.
    ///
    /// One whose record is in use stays as it is.
    #[oai(path = "/clinic/patients/:id/restore", method = "post", operation_id = "patients_restore")]
    async fn restore(
        &self,
        caller: Can<PatientsWrite>,
        id: Path<PatientId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Patient>> {
        become_of(&caller, id.0, &version, PatientStatus::Active).await
    }
}

async fn become_of(
    caller: &Can<PatientsWrite>,
    id: PatientId,
    version: &IfMatchGiven,
    status: PatientStatus,
) -> ApiResult<Item<Patient>> {
    let changed = caller.transaction(async |tx| {
        let patient = tx.run(store::lock(caller.reach(), id)).await?.ok_or_else(ApiError::not_found)?;
        patient.expect_given(version)?;
        let was = patient.not_merged()?.status;
        if status == PatientStatus::Archived && was != status && tx.run(appointments::to_come(id)).await? {
            let detail = "This patient has an appointment to come. Cancel it first.";
            return Err(ApiError::conflict("appointments_to_come", detail));
        }
        Ok(tx.run(store::set_status(caller.reach(), id, status, None)).await?)
    });
    changed.await.map(Item)
}

/// What the refusal of a reference means: something is kept, and the patient with it.
fn kept(error: ApiError) -> ApiError {
    if error.code() != "in_use" {
        return error;
    }
    let detail = "Clinical or financial records refer to this patient and are kept. Archive the patient instead.";
    ApiError::conflict("retain", detail)
}
