//! `/api/v1/real-estate/documents`

mod content;
mod crud;
mod files;

use reqwest::Method;
use serde_json::json;
use tenantry_core::testing::{Reply, TestClient};

use crate::given;

/// A new document of a new property.
async fn document(client: &TestClient) -> Reply {
    let property = given::property(client).await;
    let body = json!({ "property_id": property, "name": "Grundriss „EG“.pdf", "kind": "floor_plan" });
    client.post("/real-estate/documents", body).await.expect(201)
}

/// Sends a content.
async fn send(client: &TestClient, document: &str, kind: &str, content: impl Into<reqwest::Body>) -> Reply {
    let request = client.request(Method::PUT, &format!("{document}/content"));
    client.send(request.header("content-type", kind).body(content)).await
}
