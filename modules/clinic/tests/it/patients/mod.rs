//! `/api/v1/clinic/patients`

mod create;
mod delete;
mod get;
mod list;
mod scope;
mod update;

use serde_json::{Value, json};
use tenantry_core::testing::TestOrganization;

/// The body of a patient who extends a new contact.
async fn patient(clinic: &TestOrganization, changes: Value) -> Value {
    let contact = clinic.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let mut body = json!({
        "contact_id": contact.id(), "number": "P-1", "date_of_birth": "1985-12-10", "gender": "female",
    });
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}
