//! `DELETE /api/v1/contacts/{id}`

use serde_json::json;

use crate::platform;

/// A contact that was deleted is gone: for reading, changing, deleting, and from the list.
#[tokio::test]
async fn what_was_deleted_is_gone() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let made = member.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let other = member.post("/contacts", json!({ "last_name": "Hopper" })).await.expect(201);
    let path = made.header("location");

    assert_eq!(member.delete(path).await.expect(204).text, "");
    member.get(path).await.problem(404, "not_found");
    member.patch(path, "\"1\"", json!({ "last_name": "X" })).await.problem(404, "not_found");
    member.delete(path).await.problem(404, "not_found");
    assert_eq!(member.get("/contacts").await.expect(200).column("id"), [other.id()]);
}

/// A viewer may not delete, and the record stays.
#[tokio::test]
async fn a_viewer_does_not() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    acme.viewer().await.delete(made.header("location")).await.problem(403, "forbidden");
    acme.owner().get(made.header("location")).await.expect(200);
}

/// A contact that a patient extends stays until the patient is deleted, and the problem says so.
#[tokio::test]
async fn what_others_refer_to_stays() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.enable("clinic").await;
    let owner = acme.owner();
    let contact = owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let patient = json!({
        "contact_id": contact.id(), "number": "P-1", "date_of_birth": "1985-12-10", "gender": "female",
    });
    let patient = owner.post("/clinic/patients", patient).await.expect(201);

    let refused = owner.delete(contact.header("location")).await.problem(409, "in_use");
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains("refer to this one") && !detail.contains("fkey"), "{detail}");
    owner.get(contact.header("location")).await.expect(200);

    owner.delete(patient.header("location")).await.expect(204);
    owner.delete(contact.header("location")).await.expect(204);
}
