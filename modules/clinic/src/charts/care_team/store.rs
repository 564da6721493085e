//! The SQL of care teams.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, change, records, select, statement};
use uuid::Uuid;

use super::{CareRelation, CareRelationId, CareRole, NewCareRelation};
use crate::patients::PatientId;
use crate::practitioners::PractitionerId;

const ALREADY_THERE: Refusal = Refusal::Taken {
    pointer: "/practitioner_id",
    code: "already_in_care_team",
    detail: "This practitioner is in the patient's care team already. Remove that relation first.",
};

/// The care team of a patient, who was found within reach.
pub(super) fn list(patient: PatientId) -> List<CareRelation> {
    records(sql!("care_relations")).filter(sql!("patient_id = $1"), Some(patient))
}

/// Whether a practitioner is active, and who signs in as this one; locked, so that it stays so.
pub(super) fn practitioner(id: PractitionerId) -> Statement<Option<(bool, Option<Uuid>)>> {
    statement(sql!("SELECT active, user_id FROM practitioners WHERE id = $1 FOR SHARE")).bind(id).optional()
}

pub(super) fn insert(patient: PatientId, new: NewCareRelation) -> Statement<CareRelation> {
    let NewCareRelation { practitioner_id, role, starts_on, ends_on } = new;
    change(sql!("care_relations"))
        .set(sql!("id"), CareRelationId::new())
        .set(sql!("patient_id"), patient)
        .set(sql!("practitioner_id"), practitioner_id)
        .set(sql!("role"), role)
        .set(sql!("starts_on"), starts_on)
        .set(sql!("ends_on"), ends_on)
        .insert()
        .refused_by("care_relations_practitioner_key", ALREADY_THERE)
        .refused_by("care_relations_practitioner_id_fkey", Refusal::Missing { pointer: "/practitioner_id" })
}

/// The relation of an id in a care team.
pub(super) fn lock(patient: PatientId, id: CareRelationId) -> Statement<Option<CareRelation>> {
    select::<CareRelation>(sql!("FROM care_relations WHERE id = $1 AND patient_id = $2 FOR UPDATE"))
        .bind(id)
        .bind(patient)
        .optional()
}

pub(super) fn delete(id: CareRelationId) -> Statement<()> {
    statement(sql!("DELETE FROM care_relations WHERE id = $1")).bind(id).done()
}

/// Takes whoever makes a patient's record into the care team, if that is an active practitioner.
pub(crate) fn begin(patient: PatientId, maker: Uuid) -> Statement<()> {
    statement(sql!(
        "INSERT INTO care_relations (id, patient_id, practitioner_id, role, starts_on) ",
        "SELECT $3, $1, p.id, $4, current_date FROM practitioners p WHERE p.user_id = $2 AND p.active"
    ))
    .bind(patient)
    .bind(maker)
    .bind(CareRelationId::new())
    .bind(CareRole::Attending)
    .done()
}
