//! What the descriptor says of open houses. They are as the calendar has them, so nothing of them is undone but who is expected.

use tenantry_core::events::{EventSource, Refers, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{OpenHouseVisitorsRead, OpenHouseVisitorsWrite, OpenHousesRead};

pub(crate) const OPEN_HOUSES: EventSource =
    EventSource { name: "open-house", resource: "open_houses", read: &OpenHousesRead::INFO, undo: None };

pub(crate) const VISITORS: EventSource = EventSource {
    name: "open-house-visitor",
    resource: "open_house_visitors",
    read: &OpenHouseVisitorsRead::INFO,
    undo: Some(Undoable {
        table: sql!("open_house_visitors"),
        columns: sql!("id, open_house_id, contact_id, place, came_at, version, created_at, updated_at"),
        writes: &[&OpenHouseVisitorsWrite::INFO],
        refers: &[
            Refers { column: sql!("open_house_id"), table: sql!("open_houses") },
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
        ],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
