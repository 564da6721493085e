//! The log of who has read which part of whose chart. It tells that somebody read, and never what.

mod api;

use poem_openapi::Object;
use serde::Serialize;
use tenantry_core::identity::UserId;
use tenantry_core::tenancy::{List, records};
use tenantry_core::value::Moment;
use tenantry_core::{criteria, row, sql};
use time::OffsetDateTime;
use uuid::Uuid;

pub use api::ChartReadsApi;

use super::ChartPart;
use super::access::ChartReadId;
use super::emergency::EmergencyAccessId;
use crate::patients::PatientId;
use crate::practitioners::PractitionerId;

/// Somebody has read a part of a chart, or changed it, which shows it too.
#[derive(Debug, Clone, Serialize, Object)]
pub struct ChartRead {
    /// Its id.
    pub id: ChartReadId,
    /// Whose chart.
    pub patient_id: PatientId,
    /// Who.
    pub user_id: UserId,
    /// Which practitioner that was.
    pub practitioner_id: PractitionerId,
    /// Which part.
    pub part: ChartPart,
    /// By which operation, as the document names it.
    pub operation: String,
    /// The care relation by which the chart was open; it may be gone.
    pub care_relation_id: Option<Uuid>,
    /// The emergency access by which it was.
    pub emergency_access_id: Option<EmergencyAccessId>,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

row!(ChartRead {
    id,
    patient_id,
    user_id,
    practitioner_id,
    part,
    operation,
    care_relation_id,
    emergency_access_id,
    created_at
});

criteria! {
    /// What the log is listed by.
    pub struct ChartReadFields of ChartRead in "chart_reads" by "-created_at" {
        /// Who.
        user_id: UserId => [eq in];
        /// Which part.
        part: ChartPart => [eq in];
        /// The emergency access by which the chart was open.
        emergency_access_id: EmergencyAccessId => [eq in null];
        /// When.
        created_at: Moment => [gt gte lt lte], sort timestamptz |entry| entry.created_at;
    }
}

/// Who has read the chart of a patient.
fn list(patient: PatientId) -> List<ChartRead> {
    records(sql!("chart_reads")).filter(sql!("patient_id = $1"), Some(patient))
}
