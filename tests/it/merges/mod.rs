//! `/merges`: records of the same person or company become one, and several again.

mod create;
mod random;
mod rights;

use reqwest::Method;
use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient};

/// Makes a contact, and gives its id.
pub async fn contact(by: &TestClient, body: Value) -> String {
    by.post("/contacts", body).await.expect(201).id().to_owned()
}

/// Makes a patient of a contact.
pub async fn patient(by: &TestClient, contact: &str, number: &str) -> String {
    by.post("/clinic/patients", crate::trash::patient(contact, number)).await.expect(201).id().to_owned()
}

/// The body of a merge of contacts.
pub fn merge_of(keep: &str, merge: &[&str]) -> Value {
    json!({ "resource": "contacts", "keep": keep, "merge": merge })
}

/// Takes a merge back.
pub async fn undo(by: &TestClient, merge: &Value) -> Reply {
    let path = format!("/merges/{}/undo", merge["id"].as_str().expect("an id"));
    by.send(by.request(Method::POST, &path)).await
}
