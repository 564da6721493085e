//! What the descriptor says of rooms and devices.

use tenantry_core::events::{EventSource, Refers, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{ClinicSetupRead, ClinicSetupWrite};

pub(crate) const SOURCE: EventSource = EventSource {
    name: "room",
    resource: "rooms",
    read: &ClinicSetupRead::INFO,
    undo: Some(Undoable {
        table: sql!("rooms"),
        columns: sql!("id, location_id, name, kind, active, version, created_at, updated_at"),
        writes: &[&ClinicSetupWrite::INFO],
        refers: &[Refers { column: sql!("location_id"), table: sql!("locations") }],
        unique: &[],
        kept_by: &[
            Refers { column: sql!("room_id"), table: sql!("appointments") },
            Refers { column: sql!("device_id"), table: sql!("appointments") },
        ],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
