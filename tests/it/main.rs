//! All tests against the running platform. The tree follows the URL, then the verb.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod activities;
mod api_keys;
mod audit;
mod auth;
mod bulk;
mod calendar;
mod companies;
mod contacts;
mod custom_fields;
mod dashboard;
mod deals;
mod events;
mod exports;
mod fleet;
mod house;
mod http;
mod imports;
mod insights;
mod invitations;
mod isolation;
mod life;
mod lists;
mod mail;
mod members;
mod merges;
mod modules;
mod notifications;
mod openapi;
mod operations;
mod operator;
mod organization;
mod organizations;
mod pipelines;
mod projects;
mod roles;
mod rules;
mod search;
mod support;
mod tasks;
mod teams;
mod timeline;
mod trash;
mod users;
mod views;
mod webhooks;
mod well_known;

use tenantry_core::testing::TestPlatform;

/// A platform with the modules of this build.
async fn platform() -> TestPlatform {
    TestPlatform::start(tenantry::MODULES).await
}
