//! Charts: who reaches what a clinic knows of its patients, and who has read it.
//!
//! A role alone never opens a chart. It takes an active practitioner, a permission, and a care relation with the patient
//! (`care_team`) or an emergency access that is not over (`emergency`). `access.rs` asks for that in the statement that reads, and
//! writes down in the same transaction that it was read (`reads`). What stands in a chart is read by types that are
//! [`Guarded`](tenantry_core::tenancy::Guarded), so that no statement can be written without it.

pub(crate) mod access;
mod care_team;
mod emergency;
mod reads;
mod sources;

use tenantry_core::choice;

pub(crate) use access::Chart;
pub(crate) use care_team::begin as begin_care;
pub(crate) use sources::{ADDENDA, ALLERGIES, CARE_RELATIONS, CHART_READS, EMERGENCY_ACCESSES, EMERGENCY_REVIEWS};
pub(crate) use sources::{ENCOUNTERS, PRESCRIPTIONS, PROBLEMS, SIGNATURES, VITALS};

/// The operations on who reaches charts.
pub type AccessApi = (care_team::CareTeamApi, emergency::EmergencyApi, reads::ChartReadsApi);

/// The operations on what stands in them.
pub type RecordsApi = (
    crate::encounters::EncountersApi,
    crate::vitals::VitalsApi,
    crate::allergies::AllergiesApi,
    crate::problems::ProblemsApi,
    crate::prescriptions::PrescriptionsApi,
);

choice! {
    /// A part of a chart.
    pub enum ChartPart {
        /// Encounters and their notes.
        Encounters = "encounters",
        /// Vital signs.
        Vitals = "vitals",
        /// Allergies.
        Allergies = "allergies",
        /// Problems.
        Problems = "problems",
        /// Prescriptions.
        Prescriptions = "prescriptions",
    }
}
