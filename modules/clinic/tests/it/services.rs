//! `/api/v1/clinic/services`

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestOrganization};
use uuid::Uuid;

use crate::clinic;

/// A service, with these fields in the place of others.
pub async fn made(clinic: &TestOrganization, changes: Value) -> Reply {
    clinic.owner().post("/clinic/services", service(changes)).await.expect(201)
}

fn service(changes: Value) -> Value {
    let mut body = json!({ "name": "Consultation", "duration_minutes": 30, "price": "80.00", "currency": "EUR" });
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

/// What is left out has a value that makes sense; what makes none is pointed at.
#[tokio::test]
async fn a_service_says_what_it_takes() {
    let (_platform, clinic) = clinic().await;
    clinic.member().await.post("/clinic/services", service(json!({}))).await.problem(403, "forbidden");
    let made = made(&clinic, json!({})).await;
    for (field, value) in [
        ("buffer_before_minutes", json!(0)),
        ("buffer_after_minutes", json!(0)),
        ("capacity", json!(1)),
        ("bookable_online", json!(false)),
        ("min_notice_minutes", json!(0)),
        ("max_days_ahead", json!(90)),
        ("fee_validity_days", json!(null)),
        ("active", json!(true)),
        ("practitioner_ids", json!([])),
    ] {
        assert_eq!(made.body[field], value, "{field}");
    }
    for (field, value) in [
        ("duration_minutes", json!(4)),
        ("duration_minutes", json!(481)),
        ("buffer_before_minutes", json!(-1)),
        ("buffer_after_minutes", json!(121)),
        ("capacity", json!(0)),
        ("capacity", json!(101)),
        ("min_notice_minutes", json!(43_201)),
        ("max_days_ahead", json!(0)),
        ("fee_validity_days", json!(731)),
        ("fee_validity_visits", json!(0)),
        ("price", json!("-1")),
    ] {
        let body = service(json!({ "name": "Other", field: value }));
        let refused = clinic.owner().post("/clinic/services", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{field}")], "{}", refused.text);
        let refused = clinic.owner().patch(made.header("location"), "\"1\"", json!({ field: value })).await;
        assert_eq!(refused.problem(422, "invalid").pointers(), [format!("/{field}")]);
    }
    let half = service(json!({ "name": "Other", "fee_validity_days": 14 }));
    let refused = clinic.owner().post("/clinic/services", half).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/fee_validity_visits"]);
    let refused = clinic.owner().post("/clinic/services", service(json!({ "name": "CONSULTATION" }))).await;
    refused.problem(409, "name_taken");
    for (n, minutes) in [5, 480].into_iter().enumerate() {
        self::made(&clinic, json!({ "name": n.to_string(), "duration_minutes": minutes })).await;
    }
}

/// All who offer a service are said at once; each change is a version.
#[tokio::test]
async fn practitioners_offer_services() {
    let (_platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let service = made(&clinic, json!({})).await;
    let mut ids = Vec::new();
    for name in ["A", "B", "C"] {
        let body = json!({ "name": name, "profession": "nurse" });
        ids.push(owner.post("/clinic/practitioners", body).await.expect(201).id().to_owned());
    }
    let path = format!("{}/practitioners", service.header("location"));
    for (given, version) in [(vec![0, 1], 2), (vec![1, 0], 2), (vec![1, 2], 3), (vec![], 4)] {
        let mut given: Vec<&String> = given.into_iter().map(|n| &ids[n]).collect();
        let set = owner.put_json(&path, json!({ "practitioner_ids": given })).await.expect(200);
        given.sort();
        assert_eq!(set.body["practitioner_ids"], json!(given));
        assert_eq!(set.header("etag"), format!("\"{version}\""));
        assert_eq!(owner.get(service.header("location")).await.expect(200).body, set.body);
    }
    let twice = json!({ "practitioner_ids": [ids[0], ids[0]] });
    let refused = owner.put_json(&path, twice).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/practitioner_ids/1"]);
    let unknown = json!({ "practitioner_ids": [ids[0], Uuid::new_v4()] });
    let refused = owner.put_json(&path, unknown).await.problem(404, "not_found");
    assert_eq!(refused.pointers(), ["/practitioner_ids/1"]);
    assert_eq!(owner.get(service.header("location")).await.expect(200).body["practitioner_ids"], json!([]));
    clinic.member().await.put_json(&path, json!({ "practitioner_ids": [] })).await.problem(403, "forbidden");
}
