//! The operations on allergies.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatch, Item, Page, Versioned};

use super::{Allergy, AllergyFields, AllergyId, AllergyPatch, NewAllergy, store, substance};
use crate::charts::access::{read, write};
use crate::charts::{Chart, ChartPart};
use crate::patients::{self, PatientId};
use crate::{ChartsRead, ChartsWrite, Tag};

/// Allergies.
#[derive(Default)]
pub struct AllergiesApi;

#[OpenApi(tag = "Tag::Charts")]
impl AllergiesApi {
    /// List a patient's allergies.
    ///
    /// It takes a care relation with the patient or an emergency access, and stands in the log of chart reads.
    #[oai(path = "/clinic/patients/:id/allergies", method = "get", operation_id = "allergies_list")]
    async fn list(
        &self,
        caller: Can<ChartsRead>,
        id: Path<PatientId>,
        criteria: Criteria<AllergyFields>,
    ) -> ApiResult<Answer<Page<Allergy>>> {
        let page = |chart: Chart| criteria.page(&caller, chart.records::<Allergy>().list());
        read(&caller, id.0, ChartPart::Allergies, page).await.map(Answer)
    }

    /// Write down an allergy.
    #[oai(path = "/clinic/patients/:id/allergies", method = "post", operation_id = "allergies_create")]
    async fn create(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        body: Body<NewAllergy>,
    ) -> ApiResult<Created<Allergy>> {
        let new = body.0.checked()?;
        let key = substance::key(&new.substance)?;
        let made = write(&caller, id.0, ChartPart::Allergies, async |tx, entered| {
            // Whoever prescribes at the same time waits, and sees it.
            patients::open(tx, caller.reach(), id.0).await?;
            Ok(tx.run(store::insert(entered, new, key)).await?)
        });
        let record = made.await?;
        Ok(Created::at(&format!("/clinic/patients/{}/allergies", id.0), record.id, record))
    }

    /// Show an allergy.
    #[oai(path = "/clinic/patients/:id/allergies/:allergy_id", method = "get", operation_id = "allergies_get")]
    async fn get(
        &self,
        caller: Can<ChartsRead>,
        id: Path<PatientId>,
        allergy_id: Path<AllergyId>,
    ) -> ApiResult<Item<Allergy>> {
        let found =
            read(&caller, id.0, ChartPart::Allergies, |chart| Ok(chart.records::<Allergy>().find(allergy_id.0)));
        found.await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change an allergy.
    #[oai(path = "/clinic/patients/:id/allergies/:allergy_id", method = "patch", operation_id = "allergies_update")]
    async fn update(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        allergy_id: Path<AllergyId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<AllergyPatch>,
    ) -> ApiResult<Item<Allergy>> {
        let changed = write(&caller, id.0, ChartPart::Allergies, async |tx, entered| {
            tx.run(patients::lock(caller.reach(), id.0)).await?;
            let found = tx.run(entered.chart.records::<Allergy>().lock(allergy_id.0)).await?;
            let mut allergy = found.ok_or_else(ApiError::not_found)?;
            allergy.expect(&version)?;
            body.0.apply(&mut allergy)?;
            Ok(tx.run(store::update(entered, allergy)).await?)
        });
        changed.await.map(Item)
    }

    /// Mark an allergy as written down by mistake.
    ///
    /// It stays, and does not count. Nothing in a chart is deleted.
    #[oai(
        path = "/clinic/patients/:id/allergies/:allergy_id/retract",
        method = "post",
        operation_id = "allergies_retract"
    )]
    async fn retract(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        allergy_id: Path<AllergyId>,
    ) -> ApiResult<Item<Allergy>> {
        let retracted = write(&caller, id.0, ChartPart::Allergies, async |tx, entered| {
            let found = tx.run(entered.chart.records::<Allergy>().lock(allergy_id.0)).await?;
            let allergy = found.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::retract(entered, allergy.id)).await?)
        });
        retracted.await.map(Item)
    }
}
