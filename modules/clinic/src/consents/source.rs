//! What the descriptor says of consents.

use tenantry_core::events::EventSource;
use tenantry_core::permission::Permission as _;

use crate::TreatmentConsentsRead;

/// What was given is withdrawn, never undone: it is evidence.
pub(crate) const SOURCE: EventSource = EventSource {
    name: "treatment-consent",
    resource: "treatment_consents",
    read: &TreatmentConsentsRead::INFO,
    undo: None,
};
