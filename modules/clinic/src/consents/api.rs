//! The operations on consents.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatchGiven, Item, Page, Versioned,
};
use tenantry_core::value::{Moment, Text};
use time::OffsetDateTime;

use super::disclosure::{ConsentInForce, Disclosure};
use super::{
    NewPatientConsent, PatientConsent, PatientConsentPurpose, TreatmentConsentFields, TreatmentConsentId, disclosure,
    store,
};
use crate::patients::{self, PatientId, open_by};
use crate::{Tag, TreatmentConsentsRead, TreatmentConsentsWrite};

/// Consents of patients.
#[derive(Default)]
pub struct ConsentsApi;

#[OpenApi(tag = "Tag::Patients")]
impl ConsentsApi {
    /// List consents of patients.
    #[oai(path = "/clinic/consents", method = "get", operation_id = "treatment_consents_list")]
    async fn list(
        &self,
        caller: Can<TreatmentConsentsRead>,
        criteria: Criteria<TreatmentConsentFields>,
    ) -> ApiResult<Answer<Page<PatientConsent>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Write down a consent of a patient.
    #[oai(path = "/clinic/consents", method = "post", operation_id = "treatment_consents_create")]
    async fn create(
        &self,
        caller: Can<TreatmentConsentsWrite>,
        body: Body<NewPatientConsent>,
    ) -> ApiResult<Created<PatientConsent>> {
        let from = body.0.from.map_or_else(now, Ok)?;
        let made = caller.transaction(async |tx| {
            open_by(tx, caller.reach(), body.0.patient_id).await?;
            Ok(tx.run(store::insert(caller.reach(), body.0, from)).await?)
        });
        let record = made.await?;
        Ok(Created::at("/clinic/consents", record.id, record))
    }

    /// Show a consent of a patient.
    #[oai(path = "/clinic/consents/:id", method = "get", operation_id = "treatment_consents_get")]
    async fn get(
        &self,
        caller: Can<TreatmentConsentsRead>,
        id: Path<TreatmentConsentId>,
    ) -> ApiResult<Item<PatientConsent>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Withdraw a consent of a patient.
    ///
    /// It holds no more from the next reading on. One that is withdrawn already stays as it is.
    #[oai(path = "/clinic/consents/:id/withdraw", method = "post", operation_id = "treatment_consents_withdraw")]
    async fn withdraw(
        &self,
        caller: Can<TreatmentConsentsWrite>,
        id: Path<TreatmentConsentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<PatientConsent>> {
        let at = now()?;
        let withdrawn = caller.transaction(async |tx| {
            let consent = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            consent.expect_given(&version)?;
            if consent.withdrawn_at.is_some() {
                return Ok(consent);
            }
            Ok(tx.run(store::withdraw(caller.reach(), id.0, at)).await?)
        });
        withdrawn.await.map(Item)
    }

    /// Ask what a patient allows at this moment.
    ///
    /// Consents that have begun, have not ended and are not withdrawn. Whoever passes something on asks this first, each time.
    #[oai(path = "/clinic/patients/:id/disclosure", method = "get", operation_id = "patients_disclosure")]
    async fn disclosure(
        &self,
        caller: Can<TreatmentConsentsRead>,
        id: Path<PatientId>,
        /// For what; for anything where it is left out.
        purpose: Query<Option<PatientConsentPurpose>>,
        /// To whom by name, in any case; to anybody where it is left out.
        grantee: Query<Option<Text<200>>>,
        /// To which contact; to anybody where it is left out.
        grantee_contact_id: Query<Option<ContactId>>,
    ) -> ApiResult<Answer<Disclosure>> {
        let (Query(purpose), Query(grantee), Query(contact)) = (purpose, grantee, grantee_contact_id);
        let grants = caller.read_all(async |tx| {
            tx.run(patients::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(disclosure::in_force(caller.reach(), id.0, purpose, grantee, contact)).await?)
        });
        let grants: Vec<ConsentInForce> = grants.await?.into_iter().map(ConsentInForce::from).collect();
        Ok(Answer(Disclosure { patient_id: id.0, allowed: !grants.is_empty(), grants }))
    }
}

fn now() -> ApiResult<Moment> {
    Moment::try_from(OffsetDateTime::now_utc()).map_err(|_| ApiError::internal())
}
