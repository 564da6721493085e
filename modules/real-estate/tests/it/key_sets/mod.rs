//! `/api/v1/real-estate/key-sets`

mod crud;
mod hands;

use serde_json::json;
use tenantry_core::testing::{Reply, TestClient};

use crate::given;

/// A new set of keys of a new property.
async fn key_set(client: &TestClient) -> Reply {
    let property = given::property(client).await;
    let body = json!({ "property_id": property, "label": "A 12", "note": "Front door and cellar." });
    client.post("/real-estate/key-sets", body).await.expect(201)
}
