//! `/webhooks`

mod deliveries;
mod egress;
mod endpoints;
mod fairness;
mod kills;
mod order;
mod python;
pub mod receiver;
mod retries;
mod secrets;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};
use tenantry_core::worker::Worker;

use receiver::Receiver;

/// A platform whose webhooks reach this machine.
async fn platform() -> TestPlatform {
    TestPlatform::start_with(tenantry::MODULES, |config| {
        config.egress.allow = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

/// An endpoint: its address below the API, its id, its secret.
struct Endpoint {
    path: String,
    id: String,
    secret: String,
}

impl Endpoint {
    async fn make(client: &TestClient, receiver: &Receiver, events: Value) -> Self {
        let made = client.post("/webhooks", json!({ "url": receiver.url, "events": events })).await.expect(201);
        let id = made.id().to_owned();
        Self { path: format!("/webhooks/{id}"), id, secret: made.body["secret"].as_str().unwrap().to_owned() }
    }
}

/// Makes a contact, and gives its id.
async fn contact(client: &TestClient, name: &str) -> String {
    client.post("/contacts", json!({ "last_name": name })).await.expect(201).id().to_owned()
}

/// Runs SQL on the schema `platform` and on an organization's own.
async fn sql(platform: &TestPlatform, organization: &TestOrganization, sql: &str) {
    let database = platform.database().superuser().await;
    let schema = organization.tenant().schema();
    database.batch_execute(&format!("SET search_path TO {schema}, platform; {sql}")).await.unwrap();
}

/// Has all that waits for its next attempt be due, as if that time had come.
const HURRY: &str = "UPDATE listeners SET due_at = now() WHERE due_at > now() AND claim IS NULL";

/// Lets listeners hear until something is so.
async fn until(platform: &TestPlatform, organization: &TestOrganization, hurry: bool, done: impl Fn() -> bool) {
    let began = Instant::now();
    let worker = Worker::new(platform.platform().clone());
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(60), "it does not come to that");
        if hurry {
            sql(platform, organization, HURRY).await;
        }
        worker.seal().await.unwrap();
        worker.listen().await.unwrap();
    }
}
