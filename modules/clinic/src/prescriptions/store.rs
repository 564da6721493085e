//! The SQL of prescriptions.

use tenantry_core::sql;
use tenantry_core::tenancy::Statement;
use tenantry_core::value::Prose;
use time::OffsetDateTime;

use super::{NewPrescription, Prescription, PrescriptionId, PrescriptionStatus};
use crate::charts::access::Entered;

pub(super) fn insert(entered: Entered, new: NewPrescription) -> Statement<Prescription> {
    let NewPrescription { substance, dose, route, duration_days, instructions, override_reason } = new;
    let change = entered.chart.records::<Prescription>().change();
    change
        .set(sql!("id"), PrescriptionId::new())
        .set(sql!("practitioner_id"), entered.practitioner)
        .set(sql!("substance"), substance)
        .set(sql!("dose"), dose)
        .set(sql!("route"), route)
        .set(sql!("duration_days"), duration_days)
        .set(sql!("instructions"), instructions)
        .set(sql!("override_reason"), override_reason)
        .insert()
}

/// Ends a prescription that is active.
pub(super) fn stop(entered: Entered, id: PrescriptionId, reason: Option<Prose<1000>>) -> Statement<Prescription> {
    let change = entered.chart.records::<Prescription>().change();
    change
        .set(sql!("status"), PrescriptionStatus::Stopped)
        .set(sql!("stopped_at"), OffsetDateTime::now_utc())
        .set(sql!("stop_reason"), reason)
        .only_where(sql!("status = 'active'"))
        .update(id)
}

/// Marks a prescription as written by mistake.
pub(super) fn retract(entered: Entered, id: PrescriptionId) -> Statement<Prescription> {
    entered.chart.records::<Prescription>().change().set(sql!("status"), PrescriptionStatus::EnteredInError).update(id)
}
