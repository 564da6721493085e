//! `DELETE /api/v1/clinic/patients/{id}`

use serde_json::json;

use super::patient;
use crate::clinic;

/// A patient who was deleted is gone; the contact stays and can become a patient again, with the same number.
#[tokio::test]
async fn the_contact_stays() {
    let (_platform, clinic) = clinic().await;
    let member = clinic.member().await;
    let body = patient(&clinic, json!({})).await;
    let made = member.post("/clinic/patients", body.clone()).await.expect(201);
    let path = made.header("location");
    clinic.viewer().await.delete(path).await.problem(403, "forbidden");

    member.delete(path).await.expect(204);
    member.get(path).await.problem(404, "not_found");
    member.delete(path).await.problem(404, "not_found");
    member.get(&format!("/contacts/{}", body["contact_id"].as_str().unwrap())).await.expect(200);
    member.post("/clinic/patients", body).await.expect(201);
}
