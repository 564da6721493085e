//! Patients are kept: archived, restored, and not deleted while anything refers to them

use serde_json::json;

use super::{made, patient};
use crate::clinic;

/// Archiving and restoring again and again changes nothing more; nothing is added to what is put away.
#[tokio::test]
async fn a_patient_is_put_away_and_brought_back() {
    let (_platform, clinic) = clinic().await;
    let member = clinic.member().await;
    let ada = made(&clinic, "P-1").await;
    made(&clinic, "P-2").await;
    let (archive, restore) =
        (format!("{}/archive", ada.header("location")), format!("{}/restore", ada.header("location")));
    clinic.viewer().await.post(&archive, json!({})).await.problem(403, "forbidden");
    for _ in 0..2 {
        let archived = member.post(&archive, json!({})).await.expect(200);
        assert_eq!((archived.body["status"].as_str(), archived.header("etag")), (Some("archived"), "\"2\""));
    }
    let listed = |status: &str| format!("/clinic/patients?filter[status]={status}");
    assert_eq!(member.get(&listed("active")).await.expect(200).column("number"), ["P-2"]);
    assert_eq!(member.get(&listed("archived")).await.expect(200).column("number"), ["P-1"]);
    let consent = json!({ "patient_id": ada.id(), "purpose": "treatment", "grantee": "Hill Clinic" });
    let refused = member.post("/clinic/consents", consent.clone()).await.problem(409, "patient_archived");
    assert_eq!(refused.pointers(), ["/patient_id"]);
    for _ in 0..2 {
        let restored = member.post(&restore, json!({})).await.expect(200);
        assert_eq!((restored.body["status"].as_str(), restored.header("etag")), (Some("active"), "\"3\""));
    }
    member.post("/clinic/consents", consent).await.expect(201);
}

/// As soon as anything clinical or financial refers to a patient, the patient stays.
#[tokio::test]
async fn a_patient_with_records_stays() {
    let (_platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let (ada, bob, eve) = (made(&clinic, "P-1").await, made(&clinic, "P-2").await, made(&clinic, "P-3").await);
    let consent = json!({ "patient_id": ada.id(), "purpose": "treatment", "grantee": "Hill Clinic" });
    owner.post("/clinic/consents", consent).await.expect(201);
    let item = json!({ "text": "A visit", "quantity": "1", "unit_price": "10" });
    let invoice = json!({ "patient_id": bob.id(), "currency": "EUR", "items": [item] });
    owner.post("/clinic/invoices", invoice).await.expect(201);
    for kept in [&ada, &bob] {
        owner.delete(kept.header("location")).await.problem(409, "retain");
        owner.get(kept.header("location")).await.expect(200);
    }
    owner.delete(eve.header("location")).await.expect(204);
}

/// A guardian is another contact, within reach.
#[tokio::test]
async fn a_child_has_a_guardian() {
    let (_platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let parent = owner.post("/contacts", json!({ "last_name": "Byron" })).await.expect(201);
    let body = patient(&clinic, json!({ "guardian_contact_id": parent.id() })).await;
    let made = owner.post("/clinic/patients", body.clone()).await.expect(201);
    assert_eq!(made.body["guardian_contact_id"], parent.id());
    let wards = format!("/clinic/patients?filter[guardian_contact_id]={}", parent.id());
    assert_eq!(owner.get(&wards).await.expect(200).column("number"), ["P-1"]);
    let own = json!({ "guardian_contact_id": body["contact_id"] });
    let refused = owner.patch(made.header("location"), "\"1\"", own).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/guardian_contact_id"]);
    let nobody = json!({ "guardian_contact_id": uuid::Uuid::new_v4() });
    let refused = owner.patch(made.header("location"), "\"1\"", nobody).await.problem(404, "not_found");
    assert_eq!(refused.pointers(), ["/guardian_contact_id"]);
    let all = ["contacts.read", "contacts.write", "patients.read", "patients.write"];
    let own = clinic.with_scope(&all, tenantry_core::permission::RecordScope::Own).await;
    let contact = own.post("/contacts", json!({ "last_name": "Milbanke" })).await.expect(201);
    let mut body = patient(&clinic, json!({ "number": "P-2", "guardian_contact_id": parent.id() })).await;
    body["contact_id"] = json!(contact.id());
    let refused = own.post("/clinic/patients", body).await.problem(404, "not_found");
    assert_eq!(refused.pointers(), ["/guardian_contact_id"]);
    owner.patch(made.header("location"), "\"1\"", json!({ "guardian_contact_id": null })).await.expect(200);
}
