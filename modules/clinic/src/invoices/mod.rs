//! Invoices: what a patient is charged. A draft is changed at will; once it is issued it has a number, and is paid or cancelled.
//!
//! - this file: the invoice; `items.rs`: what stands on it; `api.rs`: the operations; `life.rs`: what becomes of one;
//! - `store.rs`: the SQL, with the number that comes next.

mod api;
mod items;
mod life;
mod source;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{Change, Versioned};
use tenantry_core::value::{Amount, Currency, Moment, Several, Sum, Text};
use tenantry_core::{choice, criteria, owned_row, record_id};
use time::OffsetDateTime;

pub use api::InvoicesApi;
pub use items::{InvoiceItem, NewInvoiceItem};
pub(crate) use source::{CHARGES, COUNTERS, SOURCE};

use crate::patients::PatientId;

record_id! {
    /// The id of an invoice.
    InvoiceId
}

choice! {
    /// What became of an invoice.
    pub enum InvoiceStatus {
        /// It is being written.
        Draft = "draft",
        /// It has a number and is to be paid.
        Issued = "issued",
        /// It was paid.
        Paid = "paid",
        /// It is void.
        Cancelled = "cancelled",
    }
}

/// What a patient is charged.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Invoice {
    /// Its id.
    pub id: InvoiceId,
    /// Who is charged.
    pub patient_id: PatientId,
    /// What became of it.
    pub status: InvoiceStatus,
    /// The year and a number without gaps, such as `2026-000017`; null before it is issued. It stays when the invoice is cancelled.
    pub number: Option<Text<40>>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What is charged.
    pub items: Several<InvoiceItem>,
    /// Sums by tax rate.
    pub taxes: Several<TaxSum>,
    /// The sum before tax.
    pub net: Sum,
    /// The sum to be paid.
    pub total: Sum,
    /// When it was issued.
    pub issued_at: Option<Moment>,
    /// When it was paid.
    pub paid_at: Option<Moment>,
    /// When it was cancelled.
    pub cancelled_at: Option<Moment>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

/// What is charged at one tax rate.
#[derive(Debug, Clone, Serialize, Deserialize, Object)]
pub struct TaxSum {
    /// The rate, in percent.
    pub rate: Amount,
    /// The sum before tax.
    pub net: Sum,
    /// The tax, rounded once.
    pub tax: Sum,
}

owned_row!(Invoice in "invoices" of "patient_id" in "patients" {
    id,
    patient_id,
    status,
    number,
    currency,
    items,
    taxes = "(SELECT coalesce(jsonb_agg(jsonb_build_object('rate', t.rate::text, 'net', t.net::text, 'tax', round(t.net * t.rate / 100, 2)::text) ORDER BY t.rate), '[]'::jsonb) FROM (SELECT round(i.tax_rate, 2) AS rate, sum(round(i.quantity * i.unit_price, 2)) AS net FROM jsonb_to_recordset(invoices.items) AS i (quantity numeric, unit_price numeric, tax_rate numeric) GROUP BY 1) AS t)",
    net = "(SELECT sum(round(i.quantity * i.unit_price, 2)) FROM jsonb_to_recordset(invoices.items) AS i (quantity numeric, unit_price numeric))",
    total = "(SELECT sum(t.net + round(t.net * t.rate / 100, 2)) FROM (SELECT i.tax_rate AS rate, sum(round(i.quantity * i.unit_price, 2)) AS net FROM jsonb_to_recordset(invoices.items) AS i (quantity numeric, unit_price numeric, tax_rate numeric) GROUP BY 1) AS t)",
    issued_at,
    paid_at,
    cancelled_at,
    created_at,
    updated_at,
    version
});

impl Versioned for Invoice {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An invoice to write: a draft.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewInvoice {
    /// Who is charged.
    patient_id: PatientId,
    /// The currency of all amounts.
    currency: Currency,
    /// What is charged: 1 to 20 items.
    #[oai(validator(min_items = 1, max_items = 20))]
    items: Vec<NewInvoiceItem>,
}

/// What to change in a draft. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct InvoicePatch {
    /// What is charged, all of it: 1 to 20 items.
    #[oai(validator(min_items = 1, max_items = 20))]
    items: Change<Vec<NewInvoiceItem>>,
}

criteria! {
    /// What invoices are listed by.
    pub struct InvoiceFields of Invoice in "invoices" by "-created_at" {
        /// Who is charged.
        patient_id: PatientId => [eq in];
        /// What became of it.
        status: InvoiceStatus => [eq in];
        /// The number.
        number: Text<40> => [eq in];
        /// When it was issued.
        issued_at: Moment => [gt gte lt lte null], sort timestamptz nullable |invoice| invoice.issued_at;
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |invoice| invoice.created_at;
    }
}
