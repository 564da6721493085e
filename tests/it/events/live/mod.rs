//! `/live`: what happens, as it happens.

mod access;
mod hear;
mod limits;
mod resume;
mod slow;
mod socket;
mod stop;
mod tickets;

use serde_json::{Value, json};
use tenantry_core::testing::TestClient;

/// Makes a contact, and gives its id.
async fn contact(client: &TestClient, name: &str) -> String {
    client.post("/contacts", json!({ "last_name": name })).await.expect(201).id().to_owned()
}

fn record(event: &Value) -> &str {
    event["record"].as_str().expect("a record")
}
