//! The SQL of emergency accesses.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, records, select, statement};
use uuid::Uuid;

use super::{EmergencyAccess, EmergencyAccessId, NewEmergencyAccess, NewReview, ReviewId};
use crate::patients::PatientId;
use crate::practitioners::PractitionerId;

const REVIEWED: Refusal = Refusal::InTheWay {
    code: "already_reviewed",
    detail: "Somebody has reviewed this emergency access already, and a finding stands.",
};
const NOT_YOUR_OWN: Refusal = Refusal::InTheWay {
    code: "own_emergency_access",
    detail: "You began this emergency access yourself. Somebody else has to review it.",
};

/// The accesses, or only those that were reviewed, or were not.
pub(super) fn list(reviewed: Option<bool>) -> List<EmergencyAccess> {
    let is_reviewed = sql!(
        "$1 = EXISTS (SELECT 1 FROM emergency_access_reviews r WHERE r.emergency_access_id = emergency_accesses.id)"
    );
    records(sql!("emergency_accesses")).filter(is_reviewed, reviewed)
}

pub(super) fn find(id: EmergencyAccessId) -> Statement<Option<EmergencyAccess>> {
    select::<EmergencyAccess>(sql!("FROM emergency_accesses WHERE id = $1")).bind(id).optional()
}

/// The active practitioner who a member is, and the name.
pub(super) fn practitioner(user: Uuid) -> Statement<Option<(PractitionerId, String)>> {
    statement(sql!("SELECT id, name FROM practitioners WHERE user_id = $1 AND active")).bind(user).optional()
}

/// Whether somebody has opened a chart, and the hour is not over.
pub(super) fn is_running(user: Uuid, patient: PatientId) -> Statement<bool> {
    let running = sql!("SELECT 1 FROM emergency_accesses WHERE user_id = $1 AND patient_id = $2 AND ends_at > now()");
    statement(running).bind(user).bind(patient).any()
}

/// Opens a chart for an hour.
pub(super) fn insert(
    user: Uuid,
    practitioner: PractitionerId,
    new: NewEmergencyAccess,
) -> Statement<EmergencyAccessId> {
    let NewEmergencyAccess { patient_id, reason } = new;
    statement(sql!(
        "INSERT INTO emergency_accesses (id, patient_id, practitioner_id, user_id, reason, ends_at) ",
        "VALUES ($1, $2, $3, $4, $5, now() + interval '60 minutes') RETURNING id"
    ))
    .bind(EmergencyAccessId::new())
    .bind(patient_id)
    .bind(practitioner)
    .bind(user)
    .bind(reason)
    .one::<(EmergencyAccessId,)>()
    .map(|(id,)| id)
    .refused_by("emergency_accesses_patient_id_fkey", Refusal::Missing { pointer: "/patient_id" })
}

/// Writes down what somebody found of an access.
pub(super) fn review(access: &EmergencyAccess, by: Uuid, found: NewReview) -> Statement<()> {
    let NewReview { finding, note } = found;
    statement(sql!(
        "INSERT INTO emergency_access_reviews (id, emergency_access_id, begun_by, reviewed_by, finding, note) ",
        "VALUES ($1, $2, $3, $4, $5, $6)"
    ))
    .bind(ReviewId::new())
    .bind(access.id)
    .bind(access.user_id)
    .bind(by)
    .bind(finding)
    .bind(note)
    .done()
    .refused_by("emergency_access_reviews_access_key", REVIEWED)
    .refused_by("emergency_access_reviews_other_check", NOT_YOUR_OWN)
}
