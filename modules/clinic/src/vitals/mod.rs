//! Vital signs: what was measured of a patient, each in the one unit of its kind and within what can be.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Versioned};
use tenantry_core::value::Moment;
use tenantry_core::{choice, criteria, guarded_row, record_id};
use time::OffsetDateTime;

pub use api::VitalsApi;

use crate::patients::PatientId;
use crate::practitioners::PractitionerId;

record_id! {
    /// The id of a vital sign.
    VitalId
}

choice! {
    /// What was measured.
    pub enum VitalKind {
        /// How strong pain is, from 0 to 10.
        Pain = "pain",
        /// The temperature of the body, in °C.
        Temperature = "temperature",
        /// The pulse, in beats a minute.
        Pulse = "pulse",
        /// Breaths a minute.
        Respiration = "respiration",
        /// Systolic blood pressure, in mmHg.
        Systolic = "systolic",
        /// Diastolic blood pressure, in mmHg.
        Diastolic = "diastolic",
        /// Saturation with oxygen, in %.
        OxygenSaturation = "oxygen_saturation",
        /// Blood glucose, in mg/dL.
        Glucose = "glucose",
        /// Weight, in kg.
        Weight = "weight",
        /// Height, in cm.
        Height = "height",
    }
}

choice! {
    /// Whether a vital sign counts.
    pub enum VitalStatus {
        /// It was measured.
        Final = "final",
        /// It was written down by mistake.
        EnteredInError = "entered_in_error",
    }
}

impl VitalKind {
    /// The unit, and the least and the greatest value that there can be.
    const fn bounds(self) -> (&'static str, f64, f64) {
        match self {
            Self::Pain => ("points", 0.0, 10.0),
            Self::Temperature => ("°C", 20.0, 45.0),
            Self::Pulse => ("/min", 0.0, 350.0),
            Self::Respiration => ("/min", 0.0, 120.0),
            Self::Systolic => ("mmHg", 20.0, 350.0),
            Self::Diastolic => ("mmHg", 10.0, 250.0),
            Self::OxygenSaturation => ("%", 10.0, 100.0),
            Self::Glucose => ("mg/dL", 5.0, 2000.0),
            Self::Weight => ("kg", 0.2, 700.0),
            Self::Height => ("cm", 20.0, 275.0),
        }
    }
}

/// A vital sign.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Vital {
    /// Its id.
    pub id: VitalId,
    /// The patient.
    pub patient_id: PatientId,
    /// Who wrote it down.
    pub practitioner_id: PractitionerId,
    /// What was measured.
    pub kind: VitalKind,
    /// The value.
    pub value: f64,
    /// The unit of the value, which is that of its kind.
    pub unit: String,
    /// When it was measured.
    pub taken_at: Moment,
    /// Whether it counts.
    pub status: VitalStatus,
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

guarded_row!(Vital in "vitals" {
    id,
    patient_id,
    practitioner_id,
    kind,
    value,
    unit,
    taken_at,
    status,
    created_at,
    updated_at,
    version
});

impl Versioned for Vital {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A vital sign to write down.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewVital {
    /// What was measured.
    kind: VitalKind,
    /// The value, in the unit of the kind and within what can be: a pulse from 0 to 350 a minute.
    value: f64,
    /// When it was measured, not in the future; now where it is left out.
    taken_at: Option<Moment>,
}

impl NewVital {
    fn checked(self) -> ApiResult<Self> {
        let (unit, least, most) = self.kind.bounds();
        if !(least..=most).contains(&self.value) {
            let kind = self.kind.as_str();
            return Err(ApiError::invalid().at("/value", format!("{kind} is from {least} to {most} {unit}")));
        }
        let now = OffsetDateTime::now_utc();
        if self.taken_at.is_some_and(|at| OffsetDateTime::from(at) > now) {
            return Err(ApiError::invalid().at("/taken_at", "not in the future"));
        }
        Ok(self)
    }
}

criteria! {
    /// What vital signs are listed by.
    pub struct VitalFields of Vital in "vitals" by "-taken_at" {
        /// What was measured.
        kind: VitalKind => [eq in];
        /// Whether it counts.
        status: VitalStatus => [eq in];
        /// When it was measured.
        taken_at: Moment => [gt gte lt lte], sort timestamptz |vital| vital.taken_at;
    }
}
