//! The SQL of consents.

use tenantry_core::crm::contacts::Contact;
use tenantry_core::tenancy::{Link, List, Reach, Refusal, Statement, owned};
use tenantry_core::value::Moment;
use tenantry_core::{link, sql};

use super::{NewPatientConsent, PatientConsent, TreatmentConsentId};

const GRANTEE: Link = link!("treatment_consents", "grantee_contact_id");
const NO_GRANTEE: Refusal =
    Refusal::Lacking { pointer: "/grantee", detail: "say whom it is given to, here or in `grantee_contact_id`" };
const NO_PERIOD: Refusal = Refusal::Lacking { pointer: "/until", detail: "expected a time after `from`" };

pub(super) fn list(reach: Reach) -> List<PatientConsent> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: TreatmentConsentId) -> Statement<Option<PatientConsent>> {
    owned(reach).find(id)
}

pub(super) fn lock(reach: Reach, id: TreatmentConsentId) -> Statement<Option<PatientConsent>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, new: NewPatientConsent, from: Moment) -> Statement<PatientConsent> {
    let NewPatientConsent { patient_id, purpose, grantee, grantee_contact_id, from: _, until } = new;
    owned(reach)
        .change()
        .set(sql!("id"), TreatmentConsentId::new())
        .set(sql!("patient_id"), patient_id)
        .set(sql!("purpose"), purpose)
        .set(sql!("grantee"), grantee)
        .link::<Contact>(reach, GRANTEE, grantee_contact_id)
        .set(sql!("valid_from"), from)
        .set(sql!("valid_until"), until)
        .insert()
        .refused_by("treatment_consents_named_check", NO_GRANTEE)
        .refused_by("treatment_consents_period_check", NO_PERIOD)
}

pub(super) fn withdraw(reach: Reach, id: TreatmentConsentId, at: Moment) -> Statement<PatientConsent> {
    owned(reach).change().set(sql!("withdrawn_at"), at).update(id)
}
