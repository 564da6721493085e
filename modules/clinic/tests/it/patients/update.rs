//! `PATCH /api/v1/clinic/patients/{id}`

use reqwest::Method;
use serde_json::json;

use super::patient;
use crate::clinic;

/// What is sent replaces, null clears the insurer, what is left out stays.
#[tokio::test]
async fn a_member_changes_a_patient() {
    let (_platform, clinic) = clinic().await;
    let member = clinic.member().await;
    let body = patient(&clinic, json!({ "insurer": "AOK" })).await;
    let made = member.post("/clinic/patients", body).await.expect(201);
    let path = made.header("location");

    let change = json!({ "number": "P-9", "date_of_birth": "1985-12-11", "gender": "other" });
    let changed = member.patch(path, "\"1\"", change.clone()).await.expect(200);
    for (field, value) in change.as_object().unwrap() {
        assert_eq!(changed.body[field], *value, "{field}");
    }
    assert_eq!((&changed.body["insurer"], changed.header("etag")), (&json!("AOK"), "\"2\""));
    let cleared = member.patch(path, "\"2\"", json!({ "insurer": null })).await.expect(200);
    assert_eq!(cleared.body["insurer"], json!(null));
    assert_eq!(member.get(path).await.expect(200).body, cleared.body);
}

/// What may not be, does not change: another's number, the contact, a required field, an old version.
#[tokio::test]
async fn what_may_not_change_stays() {
    let (_platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let body = patient(&clinic, json!({ "number": "P-1" })).await;
    owner.post("/clinic/patients", body).await.expect(201);
    let body = patient(&clinic, json!({ "number": "P-2" })).await;
    let made = owner.post("/clinic/patients", body).await.expect(201);
    let path = made.header("location");

    let taken = owner.patch(path, "\"1\"", json!({ "number": "P-1" })).await.problem(409, "number_taken");
    assert_eq!(taken.pointers(), ["/number"]);
    for (change, pointer) in [
        (json!({ "contact_id": made.id() }), "/contact_id"),
        (json!({ "date_of_birth": "1899-12-31" }), "/date_of_birth"),
        (json!({ "date_of_birth": null }), "/date_of_birth"),
        (json!({ "number": null }), "/number"),
        (json!({ "gender": null }), "/gender"),
    ] {
        assert_eq!(owner.patch(path, "\"1\"", change).await.problem(422, "invalid").pointers(), [pointer]);
    }
    let without = owner.request(Method::PATCH, path).json(&json!({ "number": "P-3" }));
    owner.send(without).await.problem(428, "version_required");
    owner.patch(path, "\"2\"", json!({ "number": "P-3" })).await.problem(412, "stale_version");
    clinic.viewer().await.patch(path, "\"1\"", json!({ "number": "P-3" })).await.problem(403, "forbidden");
    assert_eq!(owner.get(path).await.expect(200).body, made.body);
}
