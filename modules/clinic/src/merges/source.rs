//! What the descriptor says of merges of patients.

use tenantry_core::events::EventSource;
use tenantry_core::permission::Permission as _;

use crate::PatientsRead;

/// A merge is undone by its own operation, which moves all of it back.
pub(crate) const SOURCE: EventSource =
    EventSource { name: "patient-merge", resource: "patient_merges", read: &PatientsRead::INFO, undo: None };
