//! The operations on identifiers.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatchGiven, Item, Page, Versioned,
};

use super::{NewPatientIdentifier, PatientIdentifier, PatientIdentifierFields, PatientIdentifierId, store};
use crate::patients::{open, open_by};
use crate::{PatientsRead, PatientsWrite, Tag};

/// Identifiers of patients.
#[derive(Default)]
pub struct IdentifiersApi;

#[OpenApi(tag = "Tag::Patients")]
impl IdentifiersApi {
    /// List identifiers of patients.
    #[oai(path = "/clinic/patient-identifiers", method = "get", operation_id = "patient_identifiers_list")]
    async fn list(
        &self,
        caller: Can<PatientsRead>,
        criteria: Criteria<PatientIdentifierFields>,
    ) -> ApiResult<Answer<Page<PatientIdentifier>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Give a patient an identifier.
    #[oai(path = "/clinic/patient-identifiers", method = "post", operation_id = "patient_identifiers_create")]
    async fn create(
        &self,
        caller: Can<PatientsWrite>,
        body: Body<NewPatientIdentifier>,
    ) -> ApiResult<Created<PatientIdentifier>> {
        let made = caller.transaction(async |tx| {
            open_by(tx, caller.reach(), body.0.patient_id).await?;
            Ok(tx.run(store::insert(caller.reach(), body.0)).await?)
        });
        let record = made.await?;
        Ok(Created::at("/clinic/patient-identifiers", record.id, record))
    }

    /// Show an identifier of a patient.
    #[oai(path = "/clinic/patient-identifiers/:id", method = "get", operation_id = "patient_identifiers_get")]
    async fn get(
        &self,
        caller: Can<PatientsRead>,
        id: Path<PatientIdentifierId>,
    ) -> ApiResult<Item<PatientIdentifier>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Take an identifier from a patient.
    #[oai(path = "/clinic/patient-identifiers/:id", method = "delete", operation_id = "patient_identifiers_delete")]
    async fn delete(
        &self,
        caller: Can<PatientsWrite>,
        id: Path<PatientIdentifierId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            let found = tx.run(store::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            open(tx, caller.reach(), found.patient_id).await?;
            let identifier = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            identifier.expect_given(&version)?;
            Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
        });
        gone.await.map(|()| Deleted)
    }
}
