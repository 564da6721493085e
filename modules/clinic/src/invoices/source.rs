//! What the descriptor says of invoices, their numbers and what they charge. None of it is undone: an invoice is cancelled.

use tenantry_core::events::EventSource;
use tenantry_core::permission::Permission as _;

use crate::InvoicesRead;

pub(crate) const SOURCE: EventSource =
    EventSource { name: "invoice", resource: "invoices", read: &InvoicesRead::INFO, undo: None };

/// The last number of each year.
pub(crate) const COUNTERS: EventSource =
    EventSource { name: "invoice-counter", resource: "invoice_counters", read: &InvoicesRead::INFO, undo: None };

/// Each time that a service was charged.
pub(crate) const CHARGES: EventSource =
    EventSource { name: "fee-charge", resource: "fee_charges", read: &InvoicesRead::INFO, undo: None };
