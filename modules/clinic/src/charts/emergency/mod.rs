//! Emergency accesses ("break-glass"): a practitioner opens one chart for an hour by their own word. The owners are told, and somebody
//! else judges it.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Versioned};
use tenantry_core::identity::UserId;
use tenantry_core::value::{Moment, Prose};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

pub use api::EmergencyApi;

use crate::patients::PatientId;
use crate::practitioners::PractitionerId;

record_id! {
    /// The id of an emergency access.
    EmergencyAccessId
}

record_id! {
    /// The id of what was found of an emergency access.
    ReviewId
}

choice! {
    /// What somebody found of an emergency access.
    pub enum EmergencyFinding {
        /// There was an emergency, and the chart was needed in it.
        Justified = "justified",
        /// There was none, or the chart was not needed.
        NotJustified = "not_justified",
    }
}

/// An emergency access.
#[derive(Debug, Clone, Serialize, Object)]
pub struct EmergencyAccess {
    /// Its id.
    pub id: EmergencyAccessId,
    /// The patient whose chart was opened.
    pub patient_id: PatientId,
    /// The practitioner who opened it.
    pub practitioner_id: PractitionerId,
    /// The member of the organization who that was.
    pub user_id: UserId,
    /// Why.
    pub reason: Prose<1000>,
    /// When it is over: an hour after it began.
    #[serde(with = "time::serde::rfc3339")]
    pub ends_at: OffsetDateTime,
    /// What somebody found of it; null until then.
    pub finding: Option<EmergencyFinding>,
    /// What there is to say of that.
    pub finding_note: Option<Prose<2000>>,
    /// Who found it.
    pub reviewed_by: Option<UserId>,
    /// When.
    #[serde(with = "time::serde::rfc3339::option")]
    pub reviewed_at: Option<OffsetDateTime>,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(EmergencyAccess {
    id,
    patient_id,
    practitioner_id,
    user_id,
    reason,
    ends_at,
    finding = "(SELECT r.finding FROM emergency_access_reviews r WHERE r.emergency_access_id = emergency_accesses.id)",
    finding_note = "(SELECT r.note FROM emergency_access_reviews r WHERE r.emergency_access_id = emergency_accesses.id)",
    reviewed_by =
        "(SELECT r.reviewed_by FROM emergency_access_reviews r WHERE r.emergency_access_id = emergency_accesses.id)",
    reviewed_at =
        "(SELECT max(r.created_at) FROM emergency_access_reviews r WHERE r.emergency_access_id = emergency_accesses.id)",
    created_at,
    version
});

impl Versioned for EmergencyAccess {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An emergency access to begin.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewEmergencyAccess {
    /// The patient whose chart is needed.
    patient_id: PatientId,
    /// Why, in at least 10 characters. Whoever reviews it reads that.
    reason: Prose<1000>,
}

impl NewEmergencyAccess {
    fn checked(self) -> ApiResult<Self> {
        if self.reason.as_str().chars().count() < 10 {
            return Err(ApiError::invalid().at("/reason", "at least 10 characters"));
        }
        Ok(self)
    }
}

/// What somebody found of an emergency access.
#[derive(Debug, Clone, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewReview {
    /// Whether it was justified.
    finding: EmergencyFinding,
    /// What there is to say of that.
    note: Option<Prose<2000>>,
}

criteria! {
    /// What emergency accesses are listed by.
    pub struct EmergencyAccessFields of EmergencyAccess in "emergency_accesses" by "-created_at" {
        /// The patient.
        patient_id: PatientId => [eq in];
        /// The practitioner.
        practitioner_id: PractitionerId => [eq in];
        /// The member of the organization.
        user_id: UserId => [eq in];
        /// When it began.
        created_at: Moment => [gt gte lt lte], sort timestamptz |access| access.created_at;
    }
}
