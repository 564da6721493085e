//! `/trash`: what was deleted, and how it comes back.

mod company;
mod list;
mod reach;
mod restore;
mod rights;

use reqwest::Method;
use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient};

/// What is in the trash.
pub async fn trash(by: &TestClient) -> Vec<Value> {
    by.get("/trash?limit=200").await.expect(200).items().to_vec()
}

/// The titles of what is in the trash.
pub async fn titles(by: &TestClient) -> Vec<String> {
    trash(by).await.iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
}

/// What the trash has of a record.
pub async fn of(by: &TestClient, record: &str) -> Value {
    let found = trash(by).await.into_iter().find(|item| item["record"] == json!(record));
    found.unwrap_or_else(|| panic!("{record} is not in the trash"))
}

/// Restores by the id that the trash has.
pub async fn restore(by: &TestClient, id: &Value) -> Reply {
    let path = format!("/trash/{}/restore", id.as_str().expect("an id"));
    by.send(by.request(Method::POST, &path)).await
}

/// Makes a contact and deletes it, and gives its id.
pub async fn deleted_contact(by: &TestClient, name: &str) -> String {
    let made = by.post("/contacts", json!({ "last_name": name })).await.expect(201);
    by.delete(&format!("/contacts/{}", made.id())).await.expect(204);
    made.id().to_owned()
}

/// The body of a patient.
pub fn patient(contact: &str, number: &str) -> Value {
    json!({ "contact_id": contact, "number": number, "date_of_birth": "1990-05-17", "gender": "other", "insurer": null })
}
