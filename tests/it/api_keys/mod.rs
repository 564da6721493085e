//! `/api/v1/api-keys`, and what a key is good for.

mod create;
mod guards;
mod lifetime;
mod scopes;

use serde_json::json;
use tenantry_core::testing::{Reply, TestClient, TestPlatform};

/// Makes a key and a client that bears it.
async fn key(platform: &TestPlatform, creator: &TestClient, scopes: &[&str]) -> (Reply, TestClient) {
    let body = json!({ "name": "Website", "scopes": scopes });
    let made = creator.post("/api-keys", body).await.expect(201);
    let client = platform.client(made.body["key"].as_str().unwrap());
    (made, client)
}
