//! The operations on invoices.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatch, IfMatchGiven, Item as Found, Page, Versioned,
};

use super::{Invoice, InvoiceFields, InvoiceId, InvoicePatch, InvoiceStatus, NewInvoice, items, life, store};
use crate::patients::open_by;
use crate::{InvoicesRead, InvoicesWrite, Tag};

/// Invoices.
#[derive(Default)]
pub struct InvoicesApi;

#[OpenApi(tag = "Tag::Invoices")]
impl InvoicesApi {
    /// List invoices.
    #[oai(path = "/clinic/invoices", method = "get", operation_id = "invoices_list")]
    async fn list(
        &self,
        caller: Can<InvoicesRead>,
        criteria: Criteria<InvoiceFields>,
    ) -> ApiResult<Answer<Page<Invoice>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Write an invoice.
    ///
    /// It is a draft, without a number, until it is issued.
    #[oai(path = "/clinic/invoices", method = "post", operation_id = "invoices_create")]
    async fn create(&self, caller: Can<InvoicesWrite>, body: Body<NewInvoice>) -> ApiResult<Created<Invoice>> {
        let NewInvoice { patient_id, currency, items } = body.0;
        let made = caller.transaction(async |tx| {
            open_by(tx, caller.reach(), patient_id).await?;
            let items = items::written(tx, &currency, items).await?;
            Ok(tx.run(store::insert(caller.reach(), patient_id, currency, items)).await?)
        });
        let record = made.await?;
        Ok(Created::at("/clinic/invoices", record.id, record))
    }

    /// Show an invoice.
    #[oai(path = "/clinic/invoices/:id", method = "get", operation_id = "invoices_get")]
    async fn get(&self, caller: Can<InvoicesRead>, id: Path<InvoiceId>) -> ApiResult<Found<Invoice>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Found).ok_or_else(ApiError::not_found)
    }

    /// Change a draft.
    ///
    /// An invoice that was issued is not changed any more: 409 `not_draft`.
    #[oai(path = "/clinic/invoices/:id", method = "patch", operation_id = "invoices_update")]
    async fn update(
        &self,
        caller: Can<InvoicesWrite>,
        id: Path<InvoiceId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<InvoicePatch>,
    ) -> ApiResult<Found<Invoice>> {
        let changed = caller.transaction(async |tx| {
            let invoice = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            invoice.expect(&version)?;
            if invoice.status != InvoiceStatus::Draft {
                let detail = "This invoice is no draft any more. Cancel it and write another one.";
                return Err(ApiError::conflict("not_draft", detail));
            }
            let Some(items) = body.0.items.given() else { return Ok(invoice) };
            let items = items::written(tx, &invoice.currency, items).await?;
            Ok(tx.run(store::update(caller.reach(), id.0, items)).await?)
        });
        changed.await.map(Found)
    }

    /// Issue an invoice.
    ///
    /// It gets the next number of the year, and is not changed any more. What a fee covers that was paid before is free. One that was
    /// issued already stays as it is.
    #[oai(path = "/clinic/invoices/:id/issue", method = "post", operation_id = "invoices_issue")]
    async fn issue(
        &self,
        caller: Can<InvoicesWrite>,
        id: Path<InvoiceId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Found<Invoice>> {
        caller.transaction(async |tx| life::issue(tx, caller.reach(), id.0, &version).await).await.map(Found)
    }

    /// Note that an invoice was paid.
    ///
    /// One that was paid already stays as it is.
    #[oai(path = "/clinic/invoices/:id/pay", method = "post", operation_id = "invoices_pay")]
    async fn pay(
        &self,
        caller: Can<InvoicesWrite>,
        id: Path<InvoiceId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Found<Invoice>> {
        caller.transaction(async |tx| life::pay(tx, caller.reach(), id.0, &version).await).await.map(Found)
    }

    /// Cancel an invoice.
    ///
    /// It keeps its number. What it charged is taken back, with the visits that it took or covered. One that is void already stays as
    /// it is; one that was paid cannot be (409 `invoice_paid`).
    #[oai(path = "/clinic/invoices/:id/cancel", method = "post", operation_id = "invoices_cancel")]
    async fn cancel(
        &self,
        caller: Can<InvoicesWrite>,
        id: Path<InvoiceId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Found<Invoice>> {
        caller.transaction(async |tx| life::cancel(tx, caller.reach(), id.0, &version).await).await.map(Found)
    }
}
