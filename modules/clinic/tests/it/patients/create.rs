//! `POST /api/v1/clinic/patients`

use serde_json::json;
use uuid::Uuid;

use super::patient;
use crate::clinic;

/// A contact becomes a patient.
#[tokio::test]
async fn a_member_creates_a_patient() {
    let (_platform, clinic) = clinic().await;
    let member = clinic.member().await;
    let body = patient(&clinic, json!({ "insurer": "AOK" })).await;
    let made = member.post("/clinic/patients", body.clone()).await.expect(201);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(made.body[field], *value, "{field}");
    }
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(made.header("location"), format!("/api/v1/clinic/patients/{}", made.id()));
    assert_eq!(member.get(made.header("location")).await.expect(200).body, made.body);

    let other = patient(&clinic, json!({ "number": "P-2" })).await;
    clinic.viewer().await.post("/clinic/patients", other).await.problem(403, "forbidden");
}

/// A contact of another organization is as unknown as one that never was.
#[tokio::test]
async fn a_foreign_contact_is_unknown() {
    let (platform, clinic) = clinic().await;
    let other = platform.organization("Other").await;
    let foreign = other.owner().post("/contacts", json!({ "last_name": "Foreign" })).await.expect(201);
    let mut refusals = Vec::new();
    for id in [foreign.id().to_owned(), Uuid::new_v4().to_string(), Uuid::now_v7().to_string()] {
        let body = patient(&clinic, json!({ "contact_id": id })).await;
        let refused = clinic.owner().post("/clinic/patients", body).await.problem(404, "not_found");
        assert_eq!(refused.pointers(), ["/contact_id"]);
        refusals.push(refused.text);
    }
    assert!(refusals.iter().all(|text| *text == refusals[0]), "{refusals:?}");
    assert!(clinic.owner().get("/clinic/patients").await.expect(200).items().is_empty());
}

/// A contact is one patient, and a number is one patient's; the problem says which of the two stands in the way.
#[tokio::test]
async fn contact_and_number_are_unique() {
    let (platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let body = patient(&clinic, json!({})).await;
    owner.post("/clinic/patients", body.clone()).await.expect(201);

    let mut again = body.clone();
    again["number"] = json!("P-2");
    let refused = owner.post("/clinic/patients", again).await.problem(409, "already_patient");
    assert_eq!(refused.pointers(), ["/contact_id"]);
    let refused = owner.post("/clinic/patients", patient(&clinic, json!({})).await).await;
    let refused = refused.problem(409, "number_taken");
    assert_eq!(refused.pointers(), ["/number"]);
    assert!(!refused.text.contains("P-1"), "{}", refused.text);
    assert_eq!(owner.get("/clinic/patients").await.expect(200).items().len(), 1);

    // Numbers are an organization's own.
    let other = platform.organization("Other").await;
    other.enable("clinic").await;
    let body = patient(&other, json!({})).await;
    other.owner().post("/clinic/patients", body).await.expect(201);
}

/// What is no patient is 422 with a pointer to the place; the first and the last day that can be are taken.
#[tokio::test]
async fn what_is_no_patient_is_pointed_at() {
    let (_platform, clinic) = clinic().await;
    for (field, value, words) in [
        ("date_of_birth", json!("1899-12-31"), "from 1900 to 2200"),
        ("date_of_birth", json!("2201-01-01"), "from 1900 to 2200"),
        ("date_of_birth", json!("1985-02-29"), "1984-02-29"),
        ("date_of_birth", json!("29.02.1984"), "1984-02-29"),
        ("date_of_birth", json!("1984-02-29T00:00:00Z"), "1984-02-29"),
        ("date_of_birth", json!(1984), "expected a string"),
        ("gender", json!("Female"), "`female`, `male`, `other`, `unknown`"),
        ("contact_id", json!("1"), "expected a UUID"),
        ("contact_id", json!(null), "expected a string"),
        ("number", json!(""), "at least 1 character"),
        ("number", json!("1".repeat(41)), "at most 40 characters"),
        ("insurer", json!("a\u{0}"), "U+0000"),
        ("tenant_id", json!("x"), "does not exist"),
    ] {
        let body = patient(&clinic, json!({ field: value })).await;
        let refused = clinic.owner().post("/clinic/patients", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{field}")], "{}", refused.text);
        assert!(refused.reason(&format!("/{field}")).contains(words), "{}", refused.text);
    }
    for (number, day) in [("1", "1900-01-01"), ("2", "2200-12-31"), ("3", "1984-02-29")] {
        let body = patient(&clinic, json!({ "number": number, "date_of_birth": day })).await;
        let made = clinic.owner().post("/clinic/patients", body).await.expect(201);
        assert_eq!(made.body["date_of_birth"], day);
    }
}
