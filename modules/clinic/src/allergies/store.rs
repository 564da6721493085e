//! The SQL of allergies.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement};

use super::{Allergy, AllergyId, AllergyStatus, NewAllergy};
use crate::charts::Chart;
use crate::charts::access::Entered;

const KNOWN: Refusal = Refusal::Taken {
    pointer: "/substance",
    code: "already_known",
    detail: "An active allergy to this substance stands in the chart already. Change that one instead.",
};
const KNOWN_AGAIN: Refusal = Refusal::InTheWay {
    code: "already_known",
    detail: "Another active allergy to this substance stands in the chart. Change that one instead.",
};

pub(super) fn insert(entered: Entered, new: NewAllergy, key: String) -> Statement<Allergy> {
    let NewAllergy { substance, reaction, severity } = new;
    let change = entered.chart.records::<Allergy>().change();
    change
        .set(sql!("id"), AllergyId::new())
        .set(sql!("practitioner_id"), entered.practitioner)
        .set(sql!("substance"), substance)
        .set(sql!("substance_key"), key)
        .set(sql!("reaction"), reaction)
        .set(sql!("severity"), severity)
        .insert()
        .refused_by("allergies_substance_key", KNOWN)
}

pub(super) fn update(entered: Entered, allergy: Allergy) -> Statement<Allergy> {
    let change = entered.chart.records::<Allergy>().change();
    change
        .set(sql!("reaction"), allergy.reaction)
        .set(sql!("severity"), allergy.severity)
        .set(sql!("status"), allergy.status)
        .update(allergy.id)
        .refused_by("allergies_substance_key", KNOWN_AGAIN)
}

/// Marks an allergy as written down by mistake.
pub(super) fn retract(entered: Entered, id: AllergyId) -> Statement<Allergy> {
    entered.chart.records::<Allergy>().change().set(sql!("status"), AllergyStatus::EnteredInError).update(id)
}

/// The active allergies against a substance, by its key: those of the same words, those that name a part of it, and those that it is
/// a part of.
pub(crate) fn against(chart: Chart, key: String) -> List<Allergy> {
    let allergies = chart.records::<Allergy>().list().filter(sql!("status = $1"), Some(AllergyStatus::Active));
    allergies.filter(
        sql!(
            "position(' ' || substance_key || ' ' IN ' ' || $1::text || ' ') > 0 ",
            "OR position(' ' || $1::text || ' ' IN ' ' || substance_key || ' ') > 0"
        ),
        Some(key),
    )
}
