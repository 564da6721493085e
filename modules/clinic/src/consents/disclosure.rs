//! What a patient allows at this moment: asked of the database each time, never remembered.

use poem_openapi::Object;
use serde::Serialize;
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::sql;
use tenantry_core::tenancy::{Reach, Statement, owned};
use tenantry_core::value::{Moment, Text};

use super::{PatientConsent, PatientConsentPurpose, TreatmentConsentId};
use crate::patients::PatientId;

/// How many consents are told of at most, the latest first.
const MOST: i64 = 200;

/// What a patient allows at this moment.
#[derive(Debug, Serialize, Object)]
pub struct Disclosure {
    /// The patient.
    pub patient_id: PatientId,
    /// Whether anything that was asked for is allowed.
    pub allowed: bool,
    /// The consents in force, the latest first; at most 200.
    #[oai(validator(max_items = 200))]
    pub grants: Vec<ConsentInForce>,
}

/// A consent in force.
#[derive(Debug, Serialize, Object)]
pub struct ConsentInForce {
    /// The consent.
    pub consent_id: TreatmentConsentId,
    /// What is allowed.
    pub purpose: PatientConsentPurpose,
    /// Whom it is allowed, by name.
    pub grantee: Option<Text<200>>,
    /// Whom it is allowed, by contact.
    pub grantee_contact_id: Option<ContactId>,
    /// Until when; null where there is no end.
    pub until: Option<Moment>,
}

impl From<PatientConsent> for ConsentInForce {
    fn from(consent: PatientConsent) -> Self {
        let PatientConsent { id, purpose, grantee, grantee_contact_id, until, .. } = consent;
        Self { consent_id: id, purpose, grantee, grantee_contact_id, until }
    }
}

/// A patient's consents that are in force at the moment of the statement, the latest first: of a purpose, to somebody, or all.
pub(crate) fn in_force(
    reach: Reach,
    patient: PatientId,
    purpose: Option<PatientConsentPurpose>,
    grantee: Option<Text<200>>,
    contact: Option<ContactId>,
) -> Statement<Vec<PatientConsent>> {
    let holds = sql!(
        "patient_id = $1 AND withdrawn_at IS NULL AND valid_from <= now() ",
        "AND (valid_until IS NULL OR valid_until > now())"
    );
    owned(reach)
        .list()
        .filter(holds, Some(patient))
        .filter(sql!("purpose = $1"), purpose)
        .filter(sql!("lower(grantee) = lower($1)"), grantee)
        .filter(sql!("grantee_contact_id = $1"), contact)
        .first(sql!("ORDER BY created_at DESC, id DESC"), MOST)
}
