//! What the descriptor says of appointments. None of it is undone: an appointment is cancelled, or reset.

use tenantry_core::events::EventSource;
use tenantry_core::permission::Permission as _;

use crate::{AppointmentsRead, PatientsRead};

pub(crate) const SOURCE: EventSource =
    EventSource { name: "appointment", resource: "appointments", read: &AppointmentsRead::INFO, undo: None };

/// The last number of each practitioner and day by which patients wait.
pub(crate) const COUNTERS: EventSource =
    EventSource { name: "queue-counter", resource: "queue_counters", read: &AppointmentsRead::INFO, undo: None };

/// Which resources of the calendar are a patient's.
pub(crate) const RESOURCES: EventSource =
    EventSource { name: "patient-resource", resource: "patient_resources", read: &PatientsRead::INFO, undo: None };
