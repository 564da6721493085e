//! The queue: who waits for a practitioner on a day, in the order in which they were checked in.

mod api;
mod store;

use poem_openapi::Object;
use serde::Serialize;
use tenantry_core::row;
use tenantry_core::value::Moment;

pub use api::QueueApi;

use super::AppointmentId;
use crate::patients::PatientId;

/// Somebody who waits.
#[derive(Debug, Serialize, Object)]
pub struct QueuePlace {
    /// How many wait before this one, and one.
    pub position: i64,
    /// The number that the patient was given.
    pub queue_number: i32,
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// Who waits.
    pub patient_id: PatientId,
    /// When it was to begin.
    pub starts_at: Moment,
    /// Since when the patient waits.
    pub checked_in_at: Option<Moment>,
}
row!(QueuePlace { position, queue_number, appointment_id, patient_id, starts_at, checked_in_at });

/// Who waits for a practitioner.
#[derive(Debug, Serialize, Object)]
pub struct Queue {
    /// Those who wait, the next of them first; at most 500.
    pub items: Vec<QueuePlace>,
}
