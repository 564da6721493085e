//! What the descriptor says of tenancies. They move by their own rules, and money that was written down stays written down, so
//! nothing of them is undone but who lives there.

use tenantry_core::events::{EventSource, Refers, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{TenanciesRead, TenancyTenantsRead, TenancyTenantsWrite};

pub(crate) const TENANCIES: EventSource =
    EventSource { name: "tenancy", resource: "tenancies", read: &TenanciesRead::INFO, undo: None };

pub(crate) const CHARGES: EventSource =
    EventSource { name: "tenancy-charge", resource: "tenancy_charges", read: &TenanciesRead::INFO, undo: None };

pub(crate) const PAYMENTS: EventSource =
    EventSource { name: "tenancy-payment", resource: "tenancy_payments", read: &TenanciesRead::INFO, undo: None };

pub(crate) const TENANTS: EventSource = EventSource {
    name: "tenancy-tenant",
    resource: "tenancy_tenants",
    read: &TenancyTenantsRead::INFO,
    undo: Some(Undoable {
        table: sql!("tenancy_tenants"),
        columns: sql!("id, tenancy_id, contact_id, version, created_at, updated_at"),
        writes: &[&TenancyTenantsWrite::INFO],
        refers: &[
            Refers { column: sql!("tenancy_id"), table: sql!("tenancies") },
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
        ],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
