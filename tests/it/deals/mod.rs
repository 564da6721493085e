//! `/api/v1/deals`

mod crud;
mod moves;
mod partners;
mod races;
mod scope;
mod undo;

use serde_json::Value;
use tenantry_core::testing::{Reply, TestClient};

/// Moves a deal on the version that was read.
pub async fn move_deal(client: &TestClient, path: &str, etag: &str, body: Value) -> Reply {
    let request = client.request(reqwest::Method::POST, &format!("{path}/move")).header("if-match", etag);
    client.send(request.json(&body)).await
}
