//! `/api/v1/custom-fields`, and what organizations' own fields are for.

mod crud;
mod gone;
mod indexes;
mod links;
mod lists;
mod values;

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient, TestOrganization, TestPlatform};

use crate::platform;

pub async fn acme() -> (TestPlatform, TestOrganization) {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    (platform, acme)
}

/// Makes a field of contacts.
pub async fn field(client: &TestClient, key: &str, kind: &str) -> Reply {
    of(client, "contacts", key, kind).await
}

/// Makes a field.
pub async fn of(client: &TestClient, resource: &str, key: &str, kind: &str) -> Reply {
    client.post("/custom-fields", body(resource, key, kind)).await.expect(201)
}

/// The body of a field.
pub fn body(resource: &str, key: &str, kind: &str) -> Value {
    let mut body = json!({ "resource": resource, "key": key, "label": format!("The {key}"), "type": kind });
    match kind {
        "choice" => body["choices"] = json!(["red", "green", "Blue, dark"]),
        "reference" => body["refers_to"] = json!("companies"),
        _ => {}
    }
    body
}

/// Makes a contact with values.
pub async fn contact(client: &TestClient, name: &str, custom: Value) -> Reply {
    client.post("/contacts", json!({ "last_name": name, "custom": custom })).await.expect(201)
}
