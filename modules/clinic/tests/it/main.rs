//! The module against the running platform, with no other module beside it. The tree follows the URL, then the verb.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod allergies;
mod appointments;
mod charts;
mod consents;
mod encounters;
mod flow;
mod identifiers;
mod invoices;
mod merges;
mod patients;
mod practitioners;
mod prescriptions;
mod problems;
mod services;
mod setup;
mod vitals;

use tenantry_core::testing::{TestOrganization, TestPlatform};
// Linked, so that it is registered.
use tenantry_clinic as _;

/// A platform with a clinic on it, which has enabled the module.
async fn clinic() -> (TestPlatform, TestOrganization) {
    let platform = TestPlatform::start(&["clinic"]).await;
    let clinic = platform.organization("Clinic").await;
    clinic.enable("clinic").await;
    (platform, clinic)
}
