//! What the descriptor says of patients.

use tenantry_core::events::{EventSource, Refers, Settable, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;
use tenantry_core::value::Text;

use crate::{PatientsRead, PatientsWrite};

pub(crate) const SOURCE: EventSource = EventSource {
    name: "patient",
    resource: "patients",
    read: &PatientsRead::INFO,
    undo: Some(Undoable {
        table: sql!("patients"),
        columns: sql!(
            "id, contact_id, number, date_of_birth, gender, insurer, guardian_contact_id, status, merged_into, version, ",
            "created_at, updated_at"
        ),
        writes: &[&PatientsWrite::INFO],
        refers: &[
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
            Refers { column: sql!("guardian_contact_id"), table: sql!("contacts") },
            Refers { column: sql!("merged_into"), table: sql!("patients") },
        ],
        unique: &[sql!("contact_id"), sql!("number")],
        kept_by: &[
            Refers { column: sql!("patient_id"), table: sql!("treatment_consents") },
            Refers { column: sql!("patient_id"), table: sql!("invoices") },
            Refers { column: sql!("patient_id"), table: sql!("fee_charges") },
            Refers { column: sql!("patient_id"), table: sql!("patient_resources") },
            Refers { column: sql!("patient_id"), table: sql!("waitlist") },
            Refers { column: sql!("patient_id"), table: sql!("appointments") },
            Refers { column: sql!("patient_id"), table: sql!("emergency_accesses") },
            Refers { column: sql!("patient_id"), table: sql!("encounters") },
            Refers { column: sql!("patient_id"), table: sql!("vitals") },
            Refers { column: sql!("patient_id"), table: sql!("allergies") },
            Refers { column: sql!("patient_id"), table: sql!("problems") },
            Refers { column: sql!("patient_id"), table: sql!("prescriptions") },
            Refers { column: sql!("into_id"), table: sql!("patient_merges") },
            Refers { column: sql!("from_id"), table: sql!("patient_merges") },
        ],
        bound: None,
        follow: None,
        settable: &[Settable::of::<Option<Text<200>>>("insurer")],
    }),
};
