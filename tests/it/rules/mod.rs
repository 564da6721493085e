//! `/rules`

mod author;
mod fields;
mod invalid;
mod kills;
mod life;
mod loops;
mod once;
mod outside;
mod runs;
mod tasks;
mod trial;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};
use tenantry_core::worker::Worker;

/// A platform whose webhooks reach this machine.
async fn platform() -> TestPlatform {
    TestPlatform::start_with(tenantry::MODULES, |config| {
        config.egress.allow = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

/// Makes a rule, and gives its path.
async fn rule(client: &TestClient, events: Value, conditions: Value, actions: Value) -> String {
    let body = json!({ "name": "A rule", "events": events, "conditions": conditions, "actions": actions });
    client.post("/rules", body).await.expect(201).header("location").to_owned()
}

/// An action that sets a field.
fn set(field: &str, value: impl Into<Value>) -> Value {
    json!({ "set_field": { "field": field, "value": value.into() } })
}

/// Makes a contact, and gives its path.
async fn contact(client: &TestClient, name: &str) -> String {
    client.post("/contacts", json!({ "last_name": name })).await.expect(201).header("location").to_owned()
}

/// Runs SQL on the schema `platform` and on an organization's own.
async fn sql(platform: &TestPlatform, organization: &TestOrganization, sql: &str) {
    let database = platform.database().superuser().await;
    let schema = organization.tenant().schema();
    database.batch_execute(&format!("SET search_path TO {schema}, platform; {sql}")).await.unwrap();
}

/// Has all that waits for its next attempt be due, as if that time had come.
const HURRY: &str = "UPDATE listeners SET due_at = now() WHERE due_at > now() AND claim IS NULL;
    UPDATE outbox SET due_at = now(), turn = now() WHERE due_at > now() AND claim IS NULL AND dead_at IS NULL";

/// Has all rules hear all that there is, and tell what they tell.
async fn settle(platform: &TestPlatform, organization: &TestOrganization) {
    let began = Instant::now();
    let worker = Worker::new(platform.platform().clone());
    let database = crate::support::superuser_in(platform, organization).await;
    let waiting = "SELECT (SELECT count(*) FROM platform.listeners WHERE due_at IS NOT NULL)
        + (SELECT count(*) FROM platform.outbox WHERE topic = 'rule' AND dead_at IS NULL)
        + (SELECT count(*) FROM platform.wakes)";
    loop {
        worker.seal().await.unwrap();
        sql(platform, organization, HURRY).await;
        worker.listen().await.unwrap();
        sql(platform, organization, HURRY).await;
        worker.turn().await.unwrap();
        if crate::support::count(&database, waiting).await == 0 {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "it does not come to an end: {}", reasons(&database).await);
    }
}

/// The runs of a rule, the first one first.
async fn runs(client: &TestClient, rule: &str) -> Vec<Value> {
    client.get(&format!("{rule}/runs?sort=at")).await.expect(200).items().to_vec()
}

/// Why messages wait.
async fn reasons(database: &tokio_postgres::Client) -> String {
    let sql = "SELECT coalesce(string_agg(topic || ': ' || coalesce(reason, '-'), ', '), '') FROM platform.outbox";
    database.query_one(sql, &[]).await.unwrap().get(0)
}
