//! The operations on patients.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::{NewPatient, Patient, PatientFields, PatientId, PatientPatch, store};
use crate::{PatientsRead, PatientsWrite, Tag};

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
    #[oai(path = "/clinic/patients", method = "post", operation_id = "patients_create")]
    async fn create(&self, caller: Can<PatientsWrite>, body: Body<NewPatient>) -> ApiResult<Created<Patient>> {
        let record = caller.write(store::insert(caller.reach(), PatientId::new(), body.0)).await?;
        Ok(Created::at("/clinic/patients", record.id, record))
    }

    /// Show a patient.
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
                body.0.apply(&mut patient);
                Ok(tx.run(store::update(caller.reach(), patient)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a patient.
    #[oai(path = "/clinic/patients/:id", method = "delete", operation_id = "patients_delete")]
    async fn delete(
        &self,
        caller: Can<PatientsWrite>,
        id: Path<PatientId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let patient = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                patient.expect_given(&version)?;
                Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}
