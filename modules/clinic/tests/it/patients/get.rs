//! `GET /api/v1/clinic/patients/{id}`

use serde_json::json;
use uuid::Uuid;

use super::patient;
use crate::clinic;

/// Everybody sees a patient; the contact's id is not the patient's.
#[tokio::test]
async fn a_viewer_sees_a_patient() {
    let (_platform, clinic) = clinic().await;
    let body = patient(&clinic, json!({})).await;
    let made = clinic.owner().post("/clinic/patients", body.clone()).await.expect(201);
    let viewer = clinic.viewer().await;
    assert_eq!(viewer.get(made.header("location")).await.expect(200).body, made.body);

    let contact = body["contact_id"].as_str().unwrap();
    let other_kind = viewer.get(&format!("/clinic/patients/{contact}")).await.problem(404, "not_found");
    let random = viewer.get(&format!("/clinic/patients/{}", Uuid::new_v4())).await.expect(404);
    assert_eq!(random.text, other_kind.text);
}
