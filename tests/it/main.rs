//! All tests against the running platform. The tree follows the URL, then the verb.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod api_keys;
mod audit;
mod auth;
mod clinic;
mod contacts;
mod events;
mod fleet;
mod house;
mod http;
mod invitations;
mod isolation;
mod life;
mod mail;
mod members;
mod modules;
mod notifications;
mod openapi;
mod operations;
mod operator;
mod organization;
mod organizations;
mod real_estate;
mod roles;
mod rules;
mod support;
mod teams;
mod users;
mod webhooks;
mod well_known;

use tenantry_core::testing::TestPlatform;

/// A platform with the modules of this build.
async fn platform() -> TestPlatform {
    TestPlatform::start(tenantry::MODULES).await
}
