//! Care teams: which practitioners treat a patient, in which role, and from when until when. Whoever does reaches the chart.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Versioned};
use tenantry_core::value::{Date, Moment};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

pub use api::CareTeamApi;
pub(crate) use store::begin;

use crate::patients::PatientId;
use crate::practitioners::PractitionerId;

record_id! {
    /// The id of a care relation.
    CareRelationId
}

choice! {
    /// What a practitioner does for a patient.
    pub enum CareRole {
        /// Answers for the treatment.
        Attending = "attending",
        /// Is asked for advice.
        Consulting = "consulting",
        /// Nurses.
        Nursing = "nursing",
        /// Gives therapy.
        Therapy = "therapy",
        /// Something else.
        Other = "other",
    }
}

/// A practitioner who treats a patient, and reaches the chart on the days of it.
#[derive(Debug, Clone, Serialize, Object)]
pub struct CareRelation {
    /// Its id.
    pub id: CareRelationId,
    /// The patient.
    pub patient_id: PatientId,
    /// The practitioner.
    pub practitioner_id: PractitionerId,
    /// What the practitioner does for the patient.
    pub role: CareRole,
    /// The first day of it.
    pub starts_on: Date,
    /// The last day of it; null while no end is known.
    pub ends_on: Option<Date>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(CareRelation { id, patient_id, practitioner_id, role, starts_on, ends_on, created_at, updated_at, version });

impl Versioned for CareRelation {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A practitioner to take into a care team.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewCareRelation {
    /// The practitioner, who is active and not the caller.
    practitioner_id: PractitionerId,
    /// What the practitioner does for the patient.
    role: CareRole,
    /// The first day of it; today where it is left out.
    starts_on: Option<Date>,
    /// The last day of it, not before the first.
    ends_on: Option<Date>,
}

impl NewCareRelation {
    fn checked(mut self) -> ApiResult<Self> {
        // By UTC, as the database counts days.
        let today = || Date::try_from(OffsetDateTime::now_utc().date()).map_err(|_| ApiError::internal());
        let starts_on = self.starts_on.map_or_else(today, Ok)?;
        self.starts_on = Some(starts_on);
        if self.ends_on.is_some_and(|ends_on| time::Date::from(ends_on) < time::Date::from(starts_on)) {
            return Err(ApiError::invalid().at("/ends_on", "the last day is not before the first"));
        }
        Ok(self)
    }
}

criteria! {
    /// What care teams are listed by.
    pub struct CareRelationFields of CareRelation in "care_relations" by "-created_at" {
        /// The practitioner.
        practitioner_id: PractitionerId => [eq in];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |relation| relation.created_at;
    }
}
