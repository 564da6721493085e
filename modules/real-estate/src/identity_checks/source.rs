//! What the descriptor says of identity checks: what happens to them is heard, and can be undone.

use tenantry_core::events::{EventSource, Refers, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{IdentityChecksRead, IdentityChecksWrite};

pub(crate) const IDENTITY_CHECKS: EventSource = EventSource {
    name: "identity-check",
    resource: "identity_checks",
    read: &IdentityChecksRead::INFO,
    undo: Some(Undoable {
        table: sql!("identity_checks"),
        columns: sql!("id, contact_id, status, method, checked_at, expires_on, note, version, created_at, updated_at"),
        writes: &[&IdentityChecksWrite::INFO],
        refers: &[Refers { column: sql!("contact_id"), table: sql!("contacts") }],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
