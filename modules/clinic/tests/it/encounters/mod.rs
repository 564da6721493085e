//! `/api/v1/clinic/patients/{id}/encounters`

mod billing;
mod sign;
mod write;

use serde_json::{Value, json};
use tenantry_core::testing::TestClient;

/// The path of a new draft.
async fn draft(doctor: &TestClient, patient: &str) -> String {
    let body = json!({ "reason": "Cough", "note": "Lungs are clear" });
    doctor.post(&format!("{patient}/encounters"), body).await.expect(201).header("location").to_owned()
}

/// A verb on an encounter.
async fn verb(doctor: &TestClient, encounter: &str, verb: &str) -> tenantry_core::testing::Reply {
    doctor.post(&format!("{encounter}/{verb}"), Value::Object(serde_json::Map::new())).await
}
