//! The operations on patients.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit, Page, Paging,
    Versioned,
};
use tenantry_core::value::{Date, Text};

use super::{NewPatient, Patient, PatientId, PatientPatch, PatientSort, store};
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
        /// Only the one that extends this contact.
        contact_id: Query<Option<ContactId>>,
        /// Only the one with this number on the chart.
        number: Query<Option<Text<40>>>,
        /// Only those born on this day.
        date_of_birth: Query<Option<Date>>,
        /// The order; newest first where it is left out.
        sort: Query<Option<PatientSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Patient>>> {
        let filter = store::Filter { contact_id: contact_id.0, number: number.0, date_of_birth: date_of_birth.0 };
        let sort = sort.0.unwrap_or(PatientSort::CreatedAtDesc);
        let paging = Paging::new(&caller, "patients", sort, limit.0, cursor.0)?;
        caller.read(store::list(caller.reach(), filter, paging)).await.map(Answer)
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
