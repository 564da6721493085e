//! The clinic's module: patients, and in time their appointments and records.
#![forbid(unsafe_code)]

pub mod notices;
mod patients;

use poem_openapi::Tags;
use tenantry_core::events::{EventSource, Refers, Settable, Undoable};
use tenantry_core::module::{ApiPart, Module};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;
use tenantry_core::value::Text;

tenantry_core::permissions! {
    module "clinic";
    /// See patients.
    read PatientsRead = "patients.read" from Viewer;
    /// Create, change and delete patients.
    write PatientsWrite = "patients.write" from Member;
}

inventory::submit! {
    Module {
        name: "clinic",
        title: "Clinic",
        required: false,
        api: ApiPart::of::<patients::PatientsApi>(),
        migrations: tenantry_core::migrations!("migrations" => "V1__patients.sql", "V2__insurers.sql"),
        permissions: PERMISSIONS,
        notices: &[&notices::APPOINTMENT_REMINDER],
        events: &[EventSource {
            name: "patient",
            resource: "patients",
            read: &PatientsRead::INFO,
            undo: Some(Undoable {
                table: sql!("patients"),
                columns: sql!(
                    "id, contact_id, number, date_of_birth, gender, insurer, version, created_at, updated_at"
                ),
                writes: &[&PatientsWrite::INFO],
                refers: &[Refers { column: sql!("contact_id"), table: sql!("contacts") }],
                unique: &[sql!("contact_id"), sql!("number")],
                follow: None,
                settable: &[Settable::of::<Option<Text<200>>>("insurer")],
            }),
        }],
        jobs: &[],
    }
}

/// The headings of this module in the document.
#[derive(Tags)]
enum Tag {
    /// Contacts whom the clinic treats.
    Patients,
}
