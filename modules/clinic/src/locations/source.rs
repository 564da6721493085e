//! What the descriptor says of locations.

use tenantry_core::events::{EventSource, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{ClinicSetupRead, ClinicSetupWrite};

pub(crate) const SOURCE: EventSource = EventSource {
    name: "location",
    resource: "locations",
    read: &ClinicSetupRead::INFO,
    undo: Some(Undoable {
        table: sql!("locations"),
        columns: sql!("id, name, street, postcode, city, region, country, time_zone, version, created_at, updated_at"),
        writes: &[&ClinicSetupWrite::INFO],
        refers: &[],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
