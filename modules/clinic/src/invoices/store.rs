//! The SQL of invoices.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Reach, Statement, owned, statement};
use tenantry_core::value::{Currency, Moment, Several};
use uuid::Uuid;

use super::{Invoice, InvoiceId, InvoiceItem, InvoiceStatus};
use crate::patients::PatientId;

pub(super) fn list(reach: Reach) -> List<Invoice> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: InvoiceId) -> Statement<Option<Invoice>> {
    owned(reach).find(id)
}

pub(super) fn lock(reach: Reach, id: InvoiceId) -> Statement<Option<Invoice>> {
    owned(reach).lock(id)
}

pub(super) fn insert(
    reach: Reach,
    patient: PatientId,
    currency: Currency,
    items: Several<InvoiceItem>,
) -> Statement<Invoice> {
    owned(reach)
        .change()
        .set(sql!("id"), InvoiceId::new())
        .set(sql!("patient_id"), patient)
        .set(sql!("status"), InvoiceStatus::Draft)
        .set(sql!("currency"), currency)
        .set(sql!("items"), items)
        .insert()
}

pub(super) fn update(reach: Reach, id: InvoiceId, items: Several<InvoiceItem>) -> Statement<Invoice> {
    owned(reach).change().set(sql!("items"), items).update(id)
}

/// The number that comes next in a year. Nobody else gets one before this transaction has ended, and if it ends without a
/// change, neither was this one given: so there are no gaps.
pub(super) fn next_number(year: i32) -> Statement<String> {
    let next = sql!(
        "INSERT INTO invoice_counters AS c (id, year, last) VALUES ($1, $2, 1) ",
        "ON CONFLICT (year) DO UPDATE SET last = c.last + 1 RETURNING c.last"
    );
    let next = statement(next).bind(Uuid::now_v7()).bind(year).one::<(i64,)>();
    next.map(move |(number,)| format!("{year}-{number:06}"))
}

pub(super) fn issue(reach: Reach, invoice: Invoice, number: String, at: Moment) -> Statement<Invoice> {
    owned(reach)
        .change()
        .set(sql!("status"), InvoiceStatus::Issued)
        .set(sql!("number"), number)
        .set(sql!("items"), invoice.items)
        .set(sql!("issued_at"), at)
        .update(invoice.id)
}

pub(super) fn pay(reach: Reach, id: InvoiceId, at: Moment) -> Statement<Invoice> {
    owned(reach).change().set(sql!("status"), InvoiceStatus::Paid).set(sql!("paid_at"), at).update(id)
}

pub(super) fn cancel(reach: Reach, id: InvoiceId, at: Moment) -> Statement<Invoice> {
    owned(reach).change().set(sql!("status"), InvoiceStatus::Cancelled).set(sql!("cancelled_at"), at).update(id)
}
