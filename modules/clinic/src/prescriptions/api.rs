//! The operations on prescriptions.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Item, Page};
use tenantry_core::sql;
use tenantry_core::tenancy::TenantTx;

use super::{
    NewPrescription, Prescription, PrescriptionFields, PrescriptionId, PrescriptionStatus, StopPrescription, store,
    substance,
};
use crate::allergies::{Allergy, against};
use crate::charts::access::{Entered, read, write};
use crate::charts::{Chart, ChartPart};
use crate::patients::{self, PatientId};
use crate::practitioners::Profession;
use crate::{ChartsRead, ChartsWrite, Tag};

/// Prescriptions.
#[derive(Default)]
pub struct PrescriptionsApi;

/// What becomes of an order: a prescription, or the allergy that stands against it.
enum Ordered {
    Written(Box<Prescription>),
    Against(Box<Allergy>),
}

/// Writes a prescription, unless the patient does not tolerate the substance and nobody says why it must be.
async fn order(tx: &mut TenantTx, entered: Entered, mut new: NewPrescription) -> ApiResult<Ordered> {
    if !matches!(entered.profession, Profession::Physician | Profession::Dentist) {
        return Err(ApiError::refused("may_not_prescribe", "Only physicians and dentists prescribe. Ask one of them."));
    }
    let key = substance::key(&new.substance)?;
    let allergies = tx.run(against(entered.chart, key).first(sql!("ORDER BY created_at, id"), 1)).await?;
    match allergies.into_iter().next() {
        Some(allergy) if new.override_reason.is_none() => return Ok(Ordered::Against(Box::new(allergy))),
        Some(_) => {}
        None => new.override_reason = None,
    }
    Ok(Ordered::Written(Box::new(tx.run(store::insert(entered, new)).await?)))
}

#[OpenApi(tag = "Tag::Charts")]
impl PrescriptionsApi {
    /// List a patient's prescriptions.
    ///
    /// It takes a care relation with the patient or an emergency access, and stands in the log of chart reads.
    #[oai(path = "/clinic/patients/:id/prescriptions", method = "get", operation_id = "prescriptions_list")]
    async fn list(
        &self,
        caller: Can<ChartsRead>,
        id: Path<PatientId>,
        criteria: Criteria<PrescriptionFields>,
    ) -> ApiResult<Answer<Page<Prescription>>> {
        let page = |chart: Chart| criteria.page(&caller, chart.records::<Prescription>().list());
        read(&caller, id.0, ChartPart::Prescriptions, page).await.map(Answer)
    }

    /// Prescribe.
    ///
    /// For physicians and dentists. Where an active allergy stands against the substance (one of the same words, or with words that are
    /// a part of the other's), the answer is 409 `allergy` and names it, unless there is an `override_reason`, which is kept.
    #[oai(path = "/clinic/patients/:id/prescriptions", method = "post", operation_id = "prescriptions_create")]
    async fn create(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        body: Body<NewPrescription>,
    ) -> ApiResult<Created<Prescription>> {
        let new = body.0.checked()?;
        let ordered = write(&caller, id.0, ChartPart::Prescriptions, async |tx, entered| {
            // Whoever writes down an allergy at the same time is waited for.
            patients::open(tx, caller.reach(), id.0).await?;
            order(tx, entered, new).await
        });
        match ordered.await? {
            Ordered::Written(record) => {
                Ok(Created::at(&format!("/clinic/patients/{}/prescriptions", id.0), record.id, *record))
            }
            // That it was read stays in the log.
            Ordered::Against(allergy) => Err(ApiError::conflict(
                "allergy",
                format!(
                    "The patient has an active allergy to {} ({}). Choose another substance, or say in override_reason why it has \
                     to be this one.",
                    allergy.substance.as_str(),
                    allergy.severity.as_str()
                ),
            )
            .at("/substance", format!("allergy {}", allergy.id))),
        }
    }

    /// Show a prescription.
    #[oai(
        path = "/clinic/patients/:id/prescriptions/:prescription_id",
        method = "get",
        operation_id = "prescriptions_get"
    )]
    async fn get(
        &self,
        caller: Can<ChartsRead>,
        id: Path<PatientId>,
        prescription_id: Path<PrescriptionId>,
    ) -> ApiResult<Item<Prescription>> {
        let find = |chart: Chart| Ok(chart.records::<Prescription>().find(prescription_id.0));
        read(&caller, id.0, ChartPart::Prescriptions, find).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Stop a prescription.
    ///
    /// For physicians and dentists. One that was stopped already stays as it is.
    #[oai(
        path = "/clinic/patients/:id/prescriptions/:prescription_id/stop",
        method = "post",
        operation_id = "prescriptions_stop"
    )]
    async fn stop(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        prescription_id: Path<PrescriptionId>,
        body: Body<StopPrescription>,
    ) -> ApiResult<Item<Prescription>> {
        let stopped = write(&caller, id.0, ChartPart::Prescriptions, async |tx, entered| {
            if !matches!(entered.profession, Profession::Physician | Profession::Dentist) {
                let detail = "Only physicians and dentists stop prescriptions. Ask one of them.";
                return Err(ApiError::refused("may_not_prescribe", detail));
            }
            let found = tx.run(entered.chart.records::<Prescription>().lock(prescription_id.0)).await?;
            let prescription = found.ok_or_else(ApiError::not_found)?;
            match prescription.status {
                PrescriptionStatus::Active => Ok(tx.run(store::stop(entered, prescription.id, body.0.reason)).await?),
                PrescriptionStatus::Stopped => Ok(prescription),
                PrescriptionStatus::EnteredInError => Err(ApiError::conflict(
                    "entered_in_error",
                    "This was marked as written by mistake, so there is nothing to stop.",
                )),
            }
        });
        stopped.await.map(Item)
    }

    /// Mark a prescription as written by mistake.
    ///
    /// It stays, and does not count. Nothing in a chart is deleted.
    #[oai(
        path = "/clinic/patients/:id/prescriptions/:prescription_id/retract",
        method = "post",
        operation_id = "prescriptions_retract"
    )]
    async fn retract(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        prescription_id: Path<PrescriptionId>,
    ) -> ApiResult<Item<Prescription>> {
        let retracted = write(&caller, id.0, ChartPart::Prescriptions, async |tx, entered| {
            let found = tx.run(entered.chart.records::<Prescription>().lock(prescription_id.0)).await?;
            let prescription = found.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::retract(entered, prescription.id)).await?)
        });
        retracted.await.map(Item)
    }
}
