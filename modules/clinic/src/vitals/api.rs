//! The operations on vital signs.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Item, Page};

use super::{NewVital, Vital, VitalFields, VitalId, store};
use crate::charts::ChartPart;
use crate::charts::access::{read, write};
use crate::patients::{self, PatientId};
use crate::{ChartsRead, ChartsWrite, Tag};

/// Vital signs.
#[derive(Default)]
pub struct VitalsApi;

#[OpenApi(tag = "Tag::Charts")]
impl VitalsApi {
    /// List a patient's vital signs.
    ///
    /// It takes a care relation with the patient or an emergency access, and stands in the log of chart reads.
    #[oai(path = "/clinic/patients/:id/vitals", method = "get", operation_id = "vitals_list")]
    async fn list(
        &self,
        caller: Can<ChartsRead>,
        id: Path<PatientId>,
        criteria: Criteria<VitalFields>,
    ) -> ApiResult<Answer<Page<Vital>>> {
        let page = |chart: crate::charts::Chart| criteria.page(&caller, chart.records::<Vital>().list());
        read(&caller, id.0, ChartPart::Vitals, page).await.map(Answer)
    }

    /// Write down a vital sign.
    #[oai(path = "/clinic/patients/:id/vitals", method = "post", operation_id = "vitals_create")]
    async fn create(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        body: Body<NewVital>,
    ) -> ApiResult<Created<Vital>> {
        let new = body.0.checked()?;
        let made = write(&caller, id.0, ChartPart::Vitals, async |tx, entered| {
            patients::open(tx, caller.reach(), id.0).await?;
            Ok(tx.run(store::insert(entered, new)).await?)
        });
        let record = made.await?;
        Ok(Created::at(&format!("/clinic/patients/{}/vitals", id.0), record.id, record))
    }

    /// Show a vital sign.
    #[oai(path = "/clinic/patients/:id/vitals/:vital_id", method = "get", operation_id = "vitals_get")]
    async fn get(
        &self,
        caller: Can<ChartsRead>,
        id: Path<PatientId>,
        vital_id: Path<VitalId>,
    ) -> ApiResult<Item<Vital>> {
        let found = read(&caller, id.0, ChartPart::Vitals, |chart| Ok(chart.records::<Vital>().find(vital_id.0)));
        found.await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Mark a vital sign as written down by mistake.
    ///
    /// It stays, and does not count. Nothing in a chart is deleted.
    #[oai(path = "/clinic/patients/:id/vitals/:vital_id/retract", method = "post", operation_id = "vitals_retract")]
    async fn retract(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        vital_id: Path<VitalId>,
    ) -> ApiResult<Item<Vital>> {
        let retracted = write(&caller, id.0, ChartPart::Vitals, async |tx, entered| {
            let found = tx.run(entered.chart.records::<Vital>().lock(vital_id.0)).await?;
            let vital = found.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::retract(entered, vital.id)).await?)
        });
        retracted.await.map(Item)
    }
}
