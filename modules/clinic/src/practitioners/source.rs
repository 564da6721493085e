//! What the descriptor says of practitioners.

use tenantry_core::events::{EventSource, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{PractitionersRead, PractitionersWrite};

pub(crate) const SOURCE: EventSource = EventSource {
    name: "practitioner",
    resource: "practitioners",
    read: &PractitionersRead::INFO,
    undo: Some(Undoable {
        table: sql!("practitioners"),
        columns: sql!("id, user_id, name, profession, active, version, created_at, updated_at"),
        writes: &[&PractitionersWrite::INFO],
        refers: &[],
        unique: &[sql!("user_id")],
        follow: None,
        settable: &[],
    }),
};
