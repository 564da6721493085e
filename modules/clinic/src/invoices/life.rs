//! What becomes of an invoice: it is issued, paid, cancelled.

use tenantry_core::http::{ApiError, ApiResult, IfMatchGiven, Versioned};
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::{Amount, Moment, Several};
use time::OffsetDateTime;

use super::items::FreeReason;
use super::{Invoice, InvoiceId, InvoiceStatus, store};
use crate::fees;
use crate::patients::{self, Patient};

/// Gives a draft its number, and charges what stands on it. One that has a number stays as it is.
pub(super) async fn issue(
    tx: &mut TenantTx,
    reach: Reach,
    id: InvoiceId,
    version: &IfMatchGiven,
) -> ApiResult<Invoice> {
    let (patient, mut invoice) = held(tx, reach, id, version).await?;
    match invoice.status {
        InvoiceStatus::Draft => {}
        InvoiceStatus::Issued | InvoiceStatus::Paid => return Ok(invoice),
        InvoiceStatus::Cancelled => return Err(cancelled()),
    }
    let patient = patient.in_use()?;
    let at = OffsetDateTime::now_utc();
    let moment = Moment::try_from(at).map_err(|_| ApiError::internal())?;
    let services: Vec<_> = invoice.items.iter().filter_map(|item| item.service_id).collect();
    let mut charges = fees::charge(tx, &patient, &services, moment).await?.into_iter();
    let mut items: Vec<_> = invoice.items.iter().cloned().collect();
    for item in items.iter_mut().filter(|item| item.service_id.is_some()) {
        let charge = charges.next().ok_or_else(ApiError::internal)?;
        item.charge_id = Some(charge.id);
        if charge.covered_by.is_some() {
            item.unit_price = Amount::ZERO;
            item.free_because = Some(FreeReason::FollowUp);
        }
    }
    invoice.items = Several::of(items);
    // Last, so that the others wait for the number as shortly as can be.
    let number = tx.run(store::next_number(at.year())).await?;
    Ok(tx.run(store::issue(reach, invoice, number, moment)).await?)
}

/// Notes that an invoice was paid. One that was stays as it is.
pub(super) async fn pay(tx: &mut TenantTx, reach: Reach, id: InvoiceId, version: &IfMatchGiven) -> ApiResult<Invoice> {
    let invoice = tx.run(store::lock(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    invoice.expect_given(version)?;
    match invoice.status {
        InvoiceStatus::Issued => Ok(tx.run(store::pay(reach, id, now()?)).await?),
        InvoiceStatus::Paid => Ok(invoice),
        InvoiceStatus::Draft => {
            Err(ApiError::conflict("not_issued", "This invoice is a draft. Issue it before it is paid."))
        }
        InvoiceStatus::Cancelled => Err(cancelled()),
    }
}

/// Makes an invoice void, and takes back what it charged. One that is void stays as it is.
pub(super) async fn cancel(
    tx: &mut TenantTx,
    reach: Reach,
    id: InvoiceId,
    version: &IfMatchGiven,
) -> ApiResult<Invoice> {
    let (_, invoice) = held(tx, reach, id, version).await?;
    match invoice.status {
        InvoiceStatus::Draft | InvoiceStatus::Issued => {}
        InvoiceStatus::Cancelled => return Ok(invoice),
        InvoiceStatus::Paid => {
            let detail = "This invoice was paid. What was paid cannot be made void.";
            return Err(ApiError::conflict("invoice_paid", detail));
        }
    }
    let charges: Vec<_> = invoice.items.iter().filter_map(|item| item.charge_id).collect();
    if !charges.is_empty() {
        fees::reverse(tx, charges).await?;
    }
    Ok(tx.run(store::cancel(reach, id, now()?)).await?)
}

/// An invoice and whose it is, both locked: the patient first, as everywhere.
async fn held(tx: &mut TenantTx, reach: Reach, id: InvoiceId, version: &IfMatchGiven) -> ApiResult<(Patient, Invoice)> {
    let found = tx.run(store::find(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    let patient = tx.run(patients::lock(reach, found.patient_id)).await?.ok_or_else(ApiError::not_found)?;
    let invoice = tx.run(store::lock(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    invoice.expect_given(version)?;
    // A merge has moved it in between.
    if invoice.patient_id != patient.id {
        return Err(ApiError::stale());
    }
    Ok((patient, invoice))
}

/// What a void invoice is asked for in vain.
pub(super) fn cancelled() -> ApiError {
    ApiError::conflict("invoice_cancelled", "This invoice is void. Write another one.")
}

fn now() -> ApiResult<Moment> {
    Moment::try_from(OffsetDateTime::now_utc()).map_err(|_| ApiError::internal())
}
