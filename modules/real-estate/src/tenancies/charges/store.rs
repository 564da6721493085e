//! The SQL of charges and payments.

use tenantry_core::http::{Page, Paging};
use tenantry_core::sql;
use tenantry_core::tenancy::{Refusal, Statement, records, select, statement};
use tenantry_core::value::Amount;

use super::{Charge, ChargeId, ChargeSort, NewCharge, NewPayment, Payment, PaymentId, PaymentSort, TenancyId};

const OVERPAID: Refusal = Refusal::InTheWay {
    code: "charge_overpaid",
    detail: "More would be paid than is owed. Write down what is left of this charge, and the rest with another one.",
};

pub(super) fn list(tenancy: TenancyId, paging: Paging<ChargeSort>) -> Statement<Page<Charge>> {
    paging.page(records(sql!("tenancy_charges")).filter(sql!("tenancy_id = $1"), Some(tenancy)))
}

pub(super) fn find(tenancy: TenancyId, id: ChargeId) -> Statement<Option<Charge>> {
    select::<Charge>(sql!("FROM tenancy_charges WHERE id = $1 AND tenancy_id = $2")).bind(id).bind(tenancy).optional()
}

pub(super) fn lock(tenancy: TenancyId, id: ChargeId) -> Statement<Option<Charge>> {
    let lock = select::<Charge>(sql!("FROM tenancy_charges WHERE id = $1 AND tenancy_id = $2 FOR UPDATE"));
    lock.bind(id).bind(tenancy).optional()
}

pub(super) fn insert(tenancy: TenancyId, new: NewCharge) -> Statement<Charge> {
    let NewCharge { due_on, amount, note } = new;
    let insert = statement(sql!(
        "INSERT INTO tenancy_charges (id, tenancy_id, kind, due_on, amount, note) VALUES ($1, $2, 'other', $3, $4, $5) ",
        "RETURNING id, tenancy_id, kind, due_on, amount, paid, note, created_at"
    ));
    insert.bind(ChargeId::new()).bind(tenancy).bind(due_on).bind(amount).bind(note).one()
}

pub(super) fn payments(charge: ChargeId, paging: Paging<PaymentSort>) -> Statement<Page<Payment>> {
    paging.page(records(sql!("tenancy_payments")).filter(sql!("charge_id = $1"), Some(charge)))
}

pub(super) fn pay(charge: ChargeId, new: NewPayment) -> Statement<Payment> {
    let NewPayment { amount, received_on, note } = new;
    let insert = statement(sql!(
        "INSERT INTO tenancy_payments (id, charge_id, amount, received_on, note) VALUES ($1, $2, $3, $4, $5) ",
        "RETURNING id, charge_id, amount, received_on, note, created_at"
    ));
    insert.bind(PaymentId::new()).bind(charge).bind(amount).bind(received_on).bind(note).one()
}

/// Adds to what is paid of a charge.
pub(super) fn add_paid(charge: ChargeId, amount: Amount) -> Statement<()> {
    statement(sql!("UPDATE tenancy_charges SET paid = paid + $2 WHERE id = $1"))
        .bind(charge)
        .bind(amount)
        .done()
        .refused_by("tenancy_charges_overpaid_check", OVERPAID)
}
