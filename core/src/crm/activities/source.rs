//! What the descriptor says of activities: what happens to them is heard, and can be undone.

use crate::crm::{ActivitiesRead, ActivitiesWrite};
use crate::events::{EventSource, Refers, Undoable};
use crate::permission::Permission as _;
use crate::sql;

pub(in crate::crm) const ACTIVITIES: EventSource = EventSource {
    name: "activity",
    resource: "activities",
    read: &ActivitiesRead::INFO,
    undo: Some(Undoable {
        table: sql!("activities"),
        columns: sql!(
            "id, kind, subject, body, happened_at, minutes, contact_id, company_id, deal_id, project_id, owner_id, version, ",
            "created_at, updated_at"
        ),
        writes: &[&ActivitiesWrite::INFO],
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
        settable: &[],
    }),
};
