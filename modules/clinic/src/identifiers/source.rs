//! What the descriptor says of identifiers.

use tenantry_core::events::{EventSource, Refers, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{PatientsRead, PatientsWrite};

pub(crate) const SOURCE: EventSource = EventSource {
    name: "patient-identifier",
    resource: "patient_identifiers",
    read: &PatientsRead::INFO,
    undo: Some(Undoable {
        table: sql!("patient_identifiers"),
        columns: sql!("id, patient_id, system, value, version, created_at, updated_at"),
        writes: &[&PatientsWrite::INFO],
        refers: &[Refers { column: sql!("patient_id"), table: sql!("patients") }],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
