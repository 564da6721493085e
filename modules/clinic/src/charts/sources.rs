//! What the descriptor says of charts. Nothing of them is undone: what is wrong is marked as such, and stays.

use tenantry_core::events::EventSource;
use tenantry_core::permission::{Permission as _, PermissionInfo};

use crate::{CareTeamRead, ChartReadsRead, ChartsRead, EmergencyAccessRead};

const fn source(name: &'static str, resource: &'static str, read: &'static PermissionInfo) -> EventSource {
    EventSource { name, resource, read, undo: None }
}

pub(crate) const CARE_RELATIONS: EventSource = source("care-relation", "care_relations", &CareTeamRead::INFO);
pub(crate) const CHART_READS: EventSource = source("chart-read", "chart_reads", &ChartReadsRead::INFO);
pub(crate) const EMERGENCY_ACCESSES: EventSource =
    source("emergency-access", "emergency_accesses", &EmergencyAccessRead::INFO);
pub(crate) const EMERGENCY_REVIEWS: EventSource =
    source("emergency-access-review", "emergency_access_reviews", &EmergencyAccessRead::INFO);
pub(crate) const ENCOUNTERS: EventSource = source("encounter", "encounters", &ChartsRead::INFO);
pub(crate) const SIGNATURES: EventSource = source("encounter-signature", "encounter_signatures", &ChartsRead::INFO);
pub(crate) const ADDENDA: EventSource = source("encounter-addendum", "encounter_addenda", &ChartsRead::INFO);
pub(crate) const VITALS: EventSource = source("vital", "vitals", &ChartsRead::INFO);
pub(crate) const ALLERGIES: EventSource = source("allergy", "allergies", &ChartsRead::INFO);
pub(crate) const PROBLEMS: EventSource = source("problem", "problems", &ChartsRead::INFO);
pub(crate) const PRESCRIPTIONS: EventSource = source("prescription", "prescriptions", &ChartsRead::INFO);
