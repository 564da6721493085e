//! What is heard of deals, and how changes of them are undone.

use super::moves;
use crate::crm::{DealsAssign, DealsRead, DealsWrite};
use crate::events::{EventSource, Refers, Settable, Undoable};
use crate::permission::Permission as _;
use crate::sql;
use crate::value::{Date, Prose, Text};

/// A move is a `deal.updated` with another stage before than after.
pub(in crate::crm) const EVENTS: EventSource = EventSource {
    name: "deal",
    resource: "deals",
    read: &DealsRead::INFO,
    undo: Some(Undoable {
        table: sql!("deals"),
        columns: sql!(
            "id, title, pipeline_id, stage_id, status, amount, currency, expected_close, contact_id, company_id, lost_reason, ",
            "notes, tags, custom, owner_id, stage_since, closed_at, version, created_at, updated_at"
        ),
        writes: &[&DealsWrite::INFO, &DealsAssign::INFO],
        refers: &[
            Refers { column: sql!("stage_id"), table: sql!("stages") },
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
            Refers { column: sql!("company_id"), table: sql!("companies") },
        ],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: Some(moves::note_all),
        // Neither the stage, which takes a move, nor the amount, which goes with its currency.
        settable: &[
            Settable::of::<Text<200>>("title"),
            Settable::of::<Option<Date>>("expected_close"),
            Settable::of::<Option<Prose<10_000>>>("notes"),
        ],
    }),
};
