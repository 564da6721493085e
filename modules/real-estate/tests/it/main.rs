//! The module against the running platform, with no other module beside it. The tree follows the URL, then the verb.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod commissions;
mod documents;
mod flow;
mod given;
mod identity_checks;
mod key_sets;
mod listings;
mod market;
mod offers;
mod open_houses;
mod progressions;
mod properties;
mod requirements;
mod tenancies;
mod viewings;

use tenantry_core::testing::{TestOrganization, TestPlatform};
// Linked, so that it is registered.
use tenantry_real_estate as _;

/// A platform with an agency on it, which has enabled the module.
async fn agency() -> (TestPlatform, TestOrganization) {
    let platform = TestPlatform::start(&["real-estate"]).await;
    let agency = platform.organization("Agency").await;
    agency.enable("real-estate").await;
    (platform, agency)
}
