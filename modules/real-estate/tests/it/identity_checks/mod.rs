//! `/api/v1/real-estate/identity-checks`

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use crate::agency;
use crate::market::contact;

/// A check is begun, changed, and decided once.
#[tokio::test]
async fn a_check_is_decided_once() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let ada = contact(&agency, "Ada").await;
    let body = json!({ "contact_id": ada, "method": "video", "expires_on": "2030-01-01", "note": "Passport" });
    let made = member.post("/real-estate/identity-checks", body.clone()).await.expect(201);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(made.body[field], *value, "{field}");
    }
    assert_eq!((&made.body["status"], &made.body["checked_at"]), (&json!("pending"), &json!(null)));
    let path = made.header("location");
    let changed = member.patch(path, "\"1\"", json!({ "expires_on": null, "method": "documents" })).await.expect(200);
    assert_eq!((&changed.body["expires_on"], &changed.body["method"]), (&json!(null), &json!("documents")));

    let passed = member.post(&format!("{path}/pass"), json!({})).await.expect(200);
    assert_eq!(passed.body["status"], "passed");
    assert!(passed.body["checked_at"].is_string());
    assert_eq!(member.post(&format!("{path}/pass"), json!({})).await.expect(200).body, passed.body);
    member.post(&format!("{path}/fail"), json!({})).await.problem(409, "check_is_decided");
    member
        .patch(path, passed.header("etag"), json!({ "expires_on": "2199-01-01" }))
        .await
        .problem(409, "check_is_decided");

    agency.viewer().await.get(path).await.problem(403, "forbidden");
    assert_eq!(member.get("/real-estate/identity-checks?filter[status]=passed").await.expect(200).items().len(), 1);
    let unknown = json!({ "contact_id": Uuid::new_v4(), "method": "video" });
    let refused = member.post("/real-estate/identity-checks", unknown).await.problem(404, "not_found");
    assert_eq!(refused.pointers(), ["/contact_id"]);
}

/// A check is where its contact is.
#[tokio::test]
async fn a_check_out_of_reach_is_not_there() {
    let (_platform, agency) = agency().await;
    let ada = contact(&agency, "Ada").await;
    let body = json!({ "contact_id": ada, "method": "video" });
    let theirs = agency.owner().post("/real-estate/identity-checks", body.clone()).await.expect(201);
    let permissions = ["contacts.read", "identity_checks.read", "identity_checks.write"];
    let own = agency.with_scope(&permissions, RecordScope::Own).await;
    own.get(theirs.header("location")).await.problem(404, "not_found");
    own.post(&format!("{}/pass", theirs.header("location")), json!({})).await.problem(404, "not_found");
    own.post("/real-estate/identity-checks", body).await.problem(404, "not_found");
    assert!(own.get("/real-estate/identity-checks").await.expect(200).items().is_empty());
}
