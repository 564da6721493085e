//! The SQL of vital signs.

use tenantry_core::sql;
use tenantry_core::tenancy::Statement;
use time::OffsetDateTime;

use super::{NewVital, Vital, VitalId, VitalStatus};
use crate::charts::access::Entered;

pub(super) fn insert(entered: Entered, new: NewVital) -> Statement<Vital> {
    let NewVital { kind, value, taken_at } = new;
    let taken_at = taken_at.map_or_else(OffsetDateTime::now_utc, OffsetDateTime::from);
    let change = entered.chart.records::<Vital>().change();
    change
        .set(sql!("id"), VitalId::new())
        .set(sql!("practitioner_id"), entered.practitioner)
        .set(sql!("kind"), kind)
        .set(sql!("value"), value)
        .set(sql!("unit"), kind.bounds().0)
        .set(sql!("taken_at"), taken_at)
        .insert()
}

/// Marks a vital sign as written down by mistake.
pub(super) fn retract(entered: Entered, id: VitalId) -> Statement<Vital> {
    entered.chart.records::<Vital>().change().set(sql!("status"), VitalStatus::EnteredInError).update(id)
}
