//! `Idempotency-Key`: a change is made once, however often it is sent.

mod crash;
mod keys;
mod races;
mod replay;
mod secrets;

use reqwest::Method;
use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient};

/// POST with a key.
async fn post(client: &TestClient, path: &str, key: &str, body: &Value) -> Reply {
    client.send(client.request(Method::POST, path).header("idempotency-key", key).json(body)).await
}

/// Creates a contact with a key.
async fn create(client: &TestClient, key: &str, name: &str) -> Reply {
    post(client, "/contacts", key, &json!({ "last_name": name })).await
}
