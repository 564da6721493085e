//! The SQL of encounters.

use tenantry_core::sql;
use tenantry_core::tenancy::{Statement, statement};

use super::{Encounter, EncounterId, EncounterStatus, NewEncounter};
use crate::charts::access::Entered;

pub(super) fn insert(entered: Entered, new: NewEncounter) -> Statement<Encounter> {
    let NewEncounter { appointment_id, reason, note, codes, started_at, ended_at } = new;
    let change = entered.chart.records::<Encounter>().change();
    change
        .set(sql!("id"), EncounterId::new())
        .set(sql!("practitioner_id"), entered.practitioner)
        .set(sql!("appointment_id"), appointment_id)
        .set(sql!("reason"), reason)
        .set(sql!("note"), note)
        .set(sql!("codes"), codes.unwrap_or_default())
        .set(sql!("started_at"), started_at)
        .set(sql!("ended_at"), ended_at)
        .insert()
}

/// Changes what is a draft, and nothing else.
pub(super) fn update(entered: Entered, encounter: Encounter) -> Statement<Encounter> {
    let change = entered.chart.records::<Encounter>().change();
    change
        .set(sql!("appointment_id"), encounter.appointment_id)
        .set(sql!("reason"), encounter.reason)
        .set(sql!("note"), encounter.note)
        .set(sql!("codes"), encounter.codes)
        .set(sql!("started_at"), encounter.started_at)
        .set(sql!("ended_at"), encounter.ended_at)
        .only_where(sql!("status = 'draft'"))
        .update(encounter.id)
}

/// Writes down what is signed, by its hash: from now on the database refuses to change it.
pub(super) fn seal(entered: Entered, id: EncounterId) -> Statement<()> {
    let sql = sql!(
        "INSERT INTO encounter_signatures (id, practitioner_id, content) ",
        "SELECT e.id, $2, e.content FROM encounters e WHERE e.id = $1 AND e.practitioner_id = $2 AND e.status = 'draft'"
    );
    statement(sql).bind(id).bind(entered.practitioner).done()
}

/// Makes a signed encounter of a draft whose content was [`seal`]ed.
pub(super) fn sign(entered: Entered, id: EncounterId) -> Statement<Encounter> {
    let change = entered.chart.records::<Encounter>().change();
    change
        .set(sql!("status"), EncounterStatus::Signed)
        .set(sql!("signed_at"), time::OffsetDateTime::now_utc())
        .only_where(sql!(
            "status = 'draft' AND EXISTS (SELECT 1 FROM encounter_signatures s WHERE s.id = encounters.id)"
        ))
        .update(id)
}

/// Tells that something was added.
pub(super) fn amend(entered: Entered, id: EncounterId) -> Statement<Encounter> {
    let change = entered.chart.records::<Encounter>().change();
    change.set(sql!("status"), EncounterStatus::Amended).only_where(sql!("status IN ('signed', 'amended')")).update(id)
}

/// Marks a draft as written by mistake.
pub(super) fn retract(entered: Entered, id: EncounterId) -> Statement<Encounter> {
    let change = entered.chart.records::<Encounter>().change();
    change.set(sql!("status"), EncounterStatus::EnteredInError).only_where(sql!("status = 'draft'")).update(id)
}
