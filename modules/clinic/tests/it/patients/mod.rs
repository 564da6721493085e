//! `/api/v1/clinic/patients`

mod create;
mod delete;
mod get;
mod list;
mod retention;
mod scope;
mod update;

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestOrganization};

/// The body of a patient who extends a new contact.
pub async fn patient(clinic: &TestOrganization, changes: Value) -> Value {
    let contact = clinic.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let mut body = json!({
        "contact_id": contact.id(), "number": "P-1", "date_of_birth": "1985-12-10", "gender": "female",
    });
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

/// A patient of this number, with a contact of their own.
pub async fn made(clinic: &TestOrganization, number: &str) -> Reply {
    let body = patient(clinic, json!({ "number": number })).await;
    clinic.owner().post("/clinic/patients", body).await.expect(201)
}
