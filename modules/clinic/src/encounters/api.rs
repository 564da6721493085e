//! The operations on encounters.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatch, Item, Page, Versioned};

use super::addenda::{self, NewAddendum};
use super::billing::{self, EncounterBilling};
use super::{Encounter, EncounterFields, EncounterId, EncounterPatch, EncounterStatus, NewEncounter, store};
use crate::charts::access::{read, write};
use crate::charts::{Chart, ChartPart};
use crate::patients::{self, PatientId};
use crate::practitioners::Profession;
use crate::{BillingRead, ChartsRead, ChartsWrite, Tag, appointments};

/// Encounters.
#[derive(Default)]
pub struct EncountersApi;

const PART: ChartPart = ChartPart::Encounters;

#[OpenApi(tag = "Tag::Charts")]
impl EncountersApi {
    /// List a patient's encounters.
    ///
    /// It takes a care relation with the patient or an emergency access, and stands in the log of chart reads.
    #[oai(path = "/clinic/patients/:id/encounters", method = "get", operation_id = "encounters_list")]
    async fn list(
        &self,
        caller: Can<ChartsRead>,
        id: Path<PatientId>,
        criteria: Criteria<EncounterFields>,
    ) -> ApiResult<Answer<Page<Encounter>>> {
        let page = |chart: Chart| criteria.page(&caller, chart.records::<Encounter>().list());
        read(&caller, id.0, PART, page).await.map(Answer)
    }

    /// Begin an encounter.
    ///
    /// It is a draft of the caller's, until it is signed.
    #[oai(path = "/clinic/patients/:id/encounters", method = "post", operation_id = "encounters_create")]
    async fn create(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        body: Body<NewEncounter>,
    ) -> ApiResult<Created<Encounter>> {
        let new = body.0.checked()?;
        let made = write(&caller, id.0, PART, async |tx, entered| {
            patients::open(tx, caller.reach(), id.0).await?;
            appointments::expect_of(tx, caller.reach(), new.appointment_id, id.0).await?;
            Ok(tx.run(store::insert(entered, new)).await?)
        });
        let record = made.await?;
        Ok(Created::at(&format!("/clinic/patients/{}/encounters", id.0), record.id, record))
    }

    /// Show an encounter.
    #[oai(path = "/clinic/patients/:id/encounters/:encounter_id", method = "get", operation_id = "encounters_get")]
    async fn get(
        &self,
        caller: Can<ChartsRead>,
        id: Path<PatientId>,
        encounter_id: Path<EncounterId>,
    ) -> ApiResult<Item<Encounter>> {
        let found = read(&caller, id.0, PART, |chart| Ok(chart.records::<Encounter>().find(encounter_id.0)));
        found.await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a draft.
    ///
    /// Only by the practitioner whose encounter it is, and only until it is signed.
    #[oai(path = "/clinic/patients/:id/encounters/:encounter_id", method = "patch", operation_id = "encounters_update")]
    async fn update(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        encounter_id: Path<EncounterId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<EncounterPatch>,
    ) -> ApiResult<Item<Encounter>> {
        let changed = write(&caller, id.0, PART, async |tx, entered| {
            let found = tx.run(entered.chart.records::<Encounter>().lock(encounter_id.0)).await?;
            let mut encounter = found.ok_or_else(ApiError::not_found)?;
            encounter.expect_own_draft(entered.practitioner)?;
            encounter.expect(&version)?;
            appointments::expect_of(tx, caller.reach(), body.0.appointment_id.value().copied(), id.0).await?;
            body.0.apply(&mut encounter)?;
            Ok(tx.run(store::update(entered, encounter)).await?)
        });
        changed.await.map(Item)
    }

    /// Sign an encounter.
    ///
    /// Only by the physician, dentist or therapist whose encounter it is. From then on it does not change; what is to be said later is
    /// an addendum. One that is signed already stays as it is. The appointment that it came of has taken place by that.
    #[oai(
        path = "/clinic/patients/:id/encounters/:encounter_id/sign",
        method = "post",
        operation_id = "encounters_sign"
    )]
    async fn sign(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        encounter_id: Path<EncounterId>,
    ) -> ApiResult<Item<Encounter>> {
        let signed = write(&caller, id.0, PART, async |tx, entered| {
            let found = tx.run(entered.chart.records::<Encounter>().lock(encounter_id.0)).await?;
            let encounter = found.ok_or_else(ApiError::not_found)?;
            encounter.expect_own(entered.practitioner)?;
            if !matches!(entered.profession, Profession::Physician | Profession::Dentist | Profession::Therapist) {
                let detail =
                    "Only physicians, dentists and therapists sign encounters. Have one of them see the patient.";
                return Err(ApiError::refused("may_not_sign", detail));
            }
            if matches!(encounter.status, EncounterStatus::Signed | EncounterStatus::Amended) {
                return Ok(encounter);
            }
            encounter.expect_own_draft(entered.practitioner)?;
            tx.run(store::seal(entered, encounter.id)).await?;
            if let Some(appointment) = encounter.appointment_id {
                appointments::fulfil(tx, caller.reach(), appointment).await?;
            }
            Ok(tx.run(store::sign(entered, encounter.id)).await?)
        });
        signed.await.map(Item)
    }

    /// Add to a signed encounter.
    ///
    /// By any practitioner to whom the chart is open. Up to 20 times.
    #[oai(
        path = "/clinic/patients/:id/encounters/:encounter_id/addenda",
        method = "post",
        operation_id = "encounters_amend"
    )]
    async fn amend(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        encounter_id: Path<EncounterId>,
        body: Body<NewAddendum>,
    ) -> ApiResult<Item<Encounter>> {
        let amended = write(&caller, id.0, PART, async |tx, entered| {
            let found = tx.run(entered.chart.records::<Encounter>().lock(encounter_id.0)).await?;
            let encounter = found.ok_or_else(ApiError::not_found)?;
            if !matches!(encounter.status, EncounterStatus::Signed | EncounterStatus::Amended) {
                let detail = "Only what is signed gets addenda. Change the draft instead, or sign it first.";
                return Err(ApiError::conflict("encounter_not_signed", detail));
            }
            if encounter.addenda.iter().count() >= addenda::MOST {
                let detail = "This encounter has 20 addenda, which is all that there can be. Begin another encounter.";
                return Err(ApiError::conflict("too_many_addenda", detail));
            }
            tx.run(addenda::insert(entered, &encounter, body.0)).await?;
            Ok(tx.run(store::amend(entered, encounter.id)).await?)
        });
        amended.await.map(Item)
    }

    /// Mark a draft as written by mistake.
    ///
    /// It stays, and does not count. Nothing in a chart is deleted; what is signed is set right by an addendum.
    #[oai(
        path = "/clinic/patients/:id/encounters/:encounter_id/retract",
        method = "post",
        operation_id = "encounters_retract"
    )]
    async fn retract(
        &self,
        caller: Can<ChartsWrite>,
        id: Path<PatientId>,
        encounter_id: Path<EncounterId>,
    ) -> ApiResult<Item<Encounter>> {
        let retracted = write(&caller, id.0, PART, async |tx, entered| {
            let found = tx.run(entered.chart.records::<Encounter>().lock(encounter_id.0)).await?;
            let encounter = found.ok_or_else(ApiError::not_found)?;
            if encounter.status == EncounterStatus::EnteredInError {
                return Ok(encounter);
            }
            encounter.expect_own_draft(entered.practitioner)?;
            Ok(tx.run(store::retract(entered, encounter.id)).await?)
        });
        retracted.await.map(Item)
    }

    /// Show an encounter as it is billed.
    ///
    /// Codes and dates, and no word of what was found; so it takes no care relation, and is no chart read.
    #[oai(
        path = "/clinic/patients/:id/encounters/:encounter_id/billing",
        method = "get",
        operation_id = "encounters_billing"
    )]
    async fn billing(
        &self,
        caller: Can<BillingRead>,
        id: Path<PatientId>,
        encounter_id: Path<EncounterId>,
    ) -> ApiResult<Answer<EncounterBilling>> {
        let found = caller.read(billing::find(caller.reach(), id.0, encounter_id.0)).await?;
        found.map(Answer).ok_or_else(ApiError::not_found)
    }
}
