//! What the descriptor says of practitioners.

use tenantry_core::events::{EventSource, Refers, Undoable};
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
        kept_by: &[
            Refers { column: sql!("practitioner_id"), table: sql!("service_practitioners") },
            Refers { column: sql!("practitioner_id"), table: sql!("waitlist") },
            Refers { column: sql!("practitioner_id"), table: sql!("appointments") },
            Refers { column: sql!("practitioner_id"), table: sql!("care_relations") },
            Refers { column: sql!("practitioner_id"), table: sql!("emergency_accesses") },
            Refers { column: sql!("practitioner_id"), table: sql!("encounters") },
            Refers { column: sql!("practitioner_id"), table: sql!("encounter_signatures") },
            Refers { column: sql!("practitioner_id"), table: sql!("encounter_addenda") },
            Refers { column: sql!("practitioner_id"), table: sql!("vitals") },
            Refers { column: sql!("practitioner_id"), table: sql!("allergies") },
            Refers { column: sql!("practitioner_id"), table: sql!("problems") },
            Refers { column: sql!("practitioner_id"), table: sql!("prescriptions") },
        ],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
