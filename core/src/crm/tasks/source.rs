//! What the descriptor says of tasks: what happens to them is heard, and can be undone.

use super::TaskPriority;
use crate::crm::{TasksAssign, TasksRead, TasksWrite};
use crate::events::{EventSource, Refers, Settable, Undoable};
use crate::permission::Permission as _;
use crate::sql;
use crate::value::{Moment, Prose, Text};

pub(in crate::crm) const TASKS: EventSource = EventSource {
    name: "task",
    resource: "tasks",
    read: &TasksRead::INFO,
    undo: Some(Undoable {
        table: sql!("tasks"),
        columns: sql!(
            "id, title, description, priority, due_at, remind_at, done_at, done_by, contact_id, company_id, deal_id, ",
            "project_id, owner_id, version, created_at, updated_at"
        ),
        writes: &[&TasksWrite::INFO, &TasksAssign::INFO],
        refers: &[
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
            Refers { column: sql!("company_id"), table: sql!("companies") },
            Refers { column: sql!("deal_id"), table: sql!("deals") },
            Refers { column: sql!("project_id"), table: sql!("projects") },
        ],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[
            Settable::of::<Text<200>>("title"),
            Settable::of::<Option<Prose<10_000>>>("description"),
            Settable::of::<TaskPriority>("priority"),
            Settable::of::<Option<Moment>>("due_at"),
            Settable::of::<Option<Moment>>("remind_at"),
        ],
    }),
};
