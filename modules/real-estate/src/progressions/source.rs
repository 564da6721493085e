//! What the descriptor says of progressions. They move by their own rules, so nothing of them is undone but who has a part in them.

use tenantry_core::events::{EventSource, Refers, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{ProgressionPartiesRead, ProgressionPartiesWrite, ProgressionsRead};

pub(crate) const PROGRESSIONS: EventSource =
    EventSource { name: "progression", resource: "progressions", read: &ProgressionsRead::INFO, undo: None };

pub(crate) const MILESTONES: EventSource = EventSource {
    name: "progression-milestone",
    resource: "progression_milestones",
    read: &ProgressionsRead::INFO,
    undo: None,
};

pub(crate) const PARTIES: EventSource = EventSource {
    name: "progression-party",
    resource: "progression_parties",
    read: &ProgressionPartiesRead::INFO,
    undo: Some(Undoable {
        table: sql!("progression_parties"),
        columns: sql!("id, progression_id, contact_id, role, version, created_at, updated_at"),
        writes: &[&ProgressionPartiesWrite::INFO],
        refers: &[
            Refers { column: sql!("progression_id"), table: sql!("progressions") },
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
        ],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
