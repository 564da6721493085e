//! `/api/v1/clinic/patients/{id}/…`: who reaches a chart, and who has read it

mod access;
mod care_team;
mod confidential;
mod emergency;
mod kept;
mod logged;

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestOrganization};
use uuid::Uuid;

/// Has the owner name somebody a practitioner; the id of it.
pub async fn practitioner(clinic: &TestOrganization, person: &TestClient, profession: &str) -> String {
    let me = person.get("/users/me").await.expect(200);
    let body = json!({ "user_id": me.id(), "name": "Dr. Hopper", "profession": profession });
    clinic.owner().post("/clinic/practitioners", body).await.expect(201).id().to_owned()
}

/// A new member who is a practitioner.
pub async fn doctor(clinic: &TestOrganization, profession: &str) -> (TestClient, String) {
    let person = clinic.member().await;
    let id = practitioner(clinic, &person, profession).await;
    (person, id)
}

/// The path of a new patient, whom this person makes.
pub async fn patient_by(person: &TestClient) -> String {
    let contact = person.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let body = json!({
        "contact_id": contact.id(), "number": Uuid::new_v4().to_string(), "date_of_birth": "1985-12-10", "gender": "female",
    });
    let made = person.post("/clinic/patients", body).await.expect(201);
    format!("/clinic/patients/{}", made.id())
}

/// The id of the patient of a path.
pub fn id_of(patient: &str) -> &str {
    patient.rsplit('/').next().unwrap()
}

/// The parts of a chart, with a body that makes one of each.
pub fn parts(word: &str) -> [(&'static str, Value); 5] {
    [
        (
            "encounters",
            json!({ "reason": word, "note": word, "codes": [{ "system": "icd10", "code": "I10", "text": word }] }),
        ),
        ("vitals", json!({ "kind": "pulse", "value": 71.5 })),
        ("allergies", json!({ "substance": word, "reaction": word, "severity": "severe" })),
        ("problems", json!({ "code": "I10", "text": word, "onset": "2020-01-01" })),
        (
            "prescriptions",
            json!({ "substance": format!("{word} tea"), "dose": word, "route": "oral", "duration_days": 3,
                "instructions": word, "override_reason": word }),
        ),
    ]
}

/// Takes a practitioner into a care team, by the owner.
pub async fn take_in(clinic: &TestOrganization, patient: &str, practitioner: &str) -> String {
    let body = json!({ "practitioner_id": practitioner, "role": "consulting" });
    let made = clinic.owner().post(&format!("{patient}/care-team"), body).await.expect(201);
    format!("{patient}/care-team/{}", made.id())
}
