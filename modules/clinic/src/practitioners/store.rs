//! The SQL of practitioners.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, change, records, select, statement};

use super::{NewPractitioner, Practitioner, PractitionerId};

const ALREADY_PRACTITIONER: Refusal = Refusal::Taken {
    pointer: "/user_id",
    code: "already_practitioner",
    detail: "This member is another practitioner already. Change that one instead.",
};

pub(super) fn list() -> List<Practitioner> {
    records(sql!("practitioners"))
}

pub(crate) fn find(id: PractitionerId) -> Statement<Option<Practitioner>> {
    select::<Practitioner>(sql!("FROM practitioners WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: PractitionerId) -> Statement<Option<Practitioner>> {
    select::<Practitioner>(sql!("FROM practitioners WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

/// Has those who book a practitioner for several come one after the other. It comes before the locks of the calendar, and lets pass whoever
/// only refers to the practitioner.
pub(crate) fn in_turn(id: PractitionerId) -> Statement<()> {
    statement(sql!("SELECT 1 FROM practitioners WHERE id = $1 FOR NO KEY UPDATE")).bind(id).done()
}

pub(super) fn insert(id: PractitionerId, new: NewPractitioner) -> Statement<Practitioner> {
    let NewPractitioner { user_id, name, profession, active } = new;
    change(sql!("practitioners"))
        .set(sql!("id"), id)
        .set(sql!("user_id"), user_id)
        .set(sql!("name"), name)
        .set(sql!("profession"), profession)
        .set(sql!("active"), active.unwrap_or(true))
        .insert()
        .refused_by("practitioners_user_id_key", ALREADY_PRACTITIONER)
}

pub(super) fn update(practitioner: Practitioner) -> Statement<Practitioner> {
    change(sql!("practitioners"))
        .set(sql!("user_id"), practitioner.user_id)
        .set(sql!("name"), practitioner.name)
        .set(sql!("profession"), practitioner.profession)
        .set(sql!("active"), practitioner.active)
        .update(practitioner.id)
        .refused_by("practitioners_user_id_key", ALREADY_PRACTITIONER)
}

pub(super) fn delete(id: PractitionerId) -> Statement<()> {
    statement(sql!("DELETE FROM practitioners WHERE id = $1")).bind(id).done()
}

/// Whether there is a patient whose chart this one reaches, or has reached.
pub(super) fn treats(id: PractitionerId) -> Statement<bool> {
    statement(sql!(
        "SELECT 1 FROM care_relations WHERE practitioner_id = $1 ",
        "UNION ALL SELECT 1 FROM emergency_accesses WHERE practitioner_id = $1 LIMIT 1"
    ))
    .bind(id)
    .any()
}
