//! The clinic's module: patients, their appointments, their charts, what they are charged.
#![forbid(unsafe_code)]

mod allergies;
mod appointments;
mod bounds;
mod charts;
mod consents;
mod encounters;
mod fees;
mod identifiers;
mod invoices;
mod locations;
mod merges;
pub mod notices;
mod patients;
mod practitioners;
mod prescriptions;
mod problems;
mod rooms;
mod services;
mod vitals;
mod waitlist;

use poem_openapi::Tags;
use tenantry_core::module::{ApiPart, Module};

/// What this module is called.
const MODULE: &str = "clinic";

tenantry_core::permissions! {
    module "clinic";
    /// See patients.
    read PatientsRead = "patients.read" from Viewer;
    /// Create, change and delete patients.
    write PatientsWrite = "patients.write" from Member;
    /// See which patients were merged.
    read PatientMergesRead = "patient_merges.read" from Admin;
    /// Merge patients who are one person, and take that back.
    write PatientsMerge = "patients.merge" from Admin;
    /// See practitioners.
    read PractitionersRead = "practitioners.read" from Viewer;
    /// Create, change and delete practitioners.
    write PractitionersWrite = "practitioners.write" from Admin;
    /// See locations, rooms and services.
    read ClinicSetupRead = "clinic_setup.read" from Viewer;
    /// Create, change and delete locations, rooms and services.
    write ClinicSetupWrite = "clinic_setup.write" from Admin;
    /// See what patients allow.
    read TreatmentConsentsRead = "treatment_consents.read" from Member;
    /// Write down what patients allow, and that they withdraw it.
    write TreatmentConsentsWrite = "treatment_consents.write" from Member;
    /// See invoices.
    read InvoicesRead = "invoices.read" from Member;
    /// Write, issue and cancel invoices, and note that they were paid.
    write InvoicesWrite = "invoices.write" from Member;
    /// See appointments, what is free, and who waits.
    read AppointmentsRead = "appointments.read" from Member;
    /// Book, move and cancel appointments, and note what becomes of them.
    write AppointmentsWrite = "appointments.write" from Member;
    /// Bring appointments back to where they were booked.
    write AppointmentsReset = "appointments.reset" from Admin;
    /// Book appointments where it is not free, with a reason.
    write AppointmentsOverbook = "appointments.overbook" from Admin;
    /// See who is on the waitlist.
    read WaitlistRead = "waitlist.read" from Member;
    /// Put patients on the waitlist, and note what they say to an offer.
    write WaitlistWrite = "waitlist.write" from Member;
    /// See what stands in the charts of patients whom one treats. Each reading is written down.
    logged ChartsRead = "charts.read" from Member for all;
    /// Write into the charts of patients whom one treats.
    write ChartsWrite = "charts.write" from Member for all;
    /// See who treats whom.
    read CareTeamRead = "care_team.read" from Member for all;
    /// Say who treats whom.
    write CareTeamWrite = "care_team.write" from Admin for all;
    /// Begin emergency accesses to charts.
    write EmergencyAccessWrite = "emergency_access.write" from Member for all;
    /// See emergency accesses.
    read EmergencyAccessRead = "emergency_access.read" from Admin for all;
    /// Review other people's emergency accesses.
    write EmergencyAccessReview = "emergency_access.review" from Admin for all;
    /// See who has read whose chart.
    read ChartReadsRead = "chart_reads.read" from Admin for all;
    /// See codes and dates of encounters.
    read BillingRead = "billing.read" from Member for all;
}

inventory::submit! {
    Module {
        name: "clinic",
        title: "Clinic",
        required: false,
        api: ApiPart::of::<(
            (patients::PatientsApi, identifiers::IdentifiersApi, merges::MergesApi),
            practitioners::PractitionersApi,
            (locations::LocationsApi, rooms::RoomsApi, services::ServicesApi),
            (consents::ConsentsApi, invoices::InvoicesApi),
            (appointments::AppointmentsApi, appointments::StepsApi, appointments::AppointmentSeriesApi),
            (appointments::ClinicSlotsApi, appointments::QueueApi, waitlist::WaitlistApi),
            charts::AccessApi,
            charts::RecordsApi,
        )>(),
        migrations: tenantry_core::migrations!("migrations" =>
            "V1__patients.sql",
            "V2__insurers.sql",
            "V3__practitioners.sql",
            "V4__charts.sql",
            "V5__encounters.sql",
            "V6__vitals.sql",
            "V7__allergies.sql",
            "V8__problems.sql",
            "V9__prescriptions.sql",
            "V10__setup.sql",
            "V11__more_of_patients.sql",
            "V12__consents.sql",
            "V13__invoices.sql",
            "V14__patient_merges.sql",
            "V15__appointments.sql",
        ),
        permissions: PERMISSIONS,
        notices: &[&notices::APPOINTMENT_REMINDER, &notices::SLOT_OFFERED, &notices::EMERGENCY_ACCESS],
        events: &[
            patients::SOURCE,
            identifiers::SOURCE,
            merges::SOURCE,
            practitioners::SOURCE,
            locations::SOURCE,
            rooms::SOURCE,
            services::SOURCE,
            services::OFFERS,
            consents::SOURCE,
            invoices::SOURCE,
            invoices::COUNTERS,
            invoices::CHARGES,
            appointments::SOURCE,
            appointments::COUNTERS,
            appointments::RESOURCES,
            waitlist::SOURCE,
            charts::CARE_RELATIONS,
            charts::CHART_READS,
            charts::EMERGENCY_ACCESSES,
            charts::EMERGENCY_REVIEWS,
            charts::ENCOUNTERS,
            charts::SIGNATURES,
            charts::ADDENDA,
            charts::VITALS,
            charts::ALLERGIES,
            charts::PROBLEMS,
            charts::PRESCRIPTIONS,
        ],
        jobs: &[appointments::REMIND, appointments::MARK_MISSED, waitlist::OFFER_SLOTS],
    }
}

/// The headings of this module in the document.
#[derive(Tags)]
enum Tag {
    /// Contacts whom the clinic treats.
    Patients,
    /// Who treats them.
    Practitioners,
    /// Where they are treated, and what is offered.
    #[oai(rename = "Clinic setup")]
    ClinicSetup,
    /// When they come, and who waits for it.
    Appointments,
    /// What they are charged.
    Invoices,
    /// What is known of them, and who reaches that.
    Charts,
}
