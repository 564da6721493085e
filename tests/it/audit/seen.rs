//! What of the audit is for whom.

use serde_json::json;
use tenantry_core::testing::{TestClient, TestOrganization};

use crate::platform;

async fn resources(client: &TestClient) -> Vec<String> {
    let items = client.get("/audit?limit=200").await.expect(200).items().to_vec();
    items.iter().map(|entry| entry["resource"].as_str().expect("a word").to_owned()).collect()
}

async fn contact(acme: &TestOrganization) {
    acme.owner().post("/contacts", json!({ "last_name": "Canary" })).await.expect(201);
}

/// Whoever may not see a kind of record does not see what became of it either.
#[tokio::test]
async fn it_shows_no_record_that_one_may_not_see() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    contact(&acme).await;
    let auditor = acme.with_permissions(&["audit.read"]).await;
    assert!(!resources(&auditor).await.iter().any(|resource| resource == "contacts"));
    let all = acme.owner().get("/audit?resource=contacts").await.expect(200).items().to_vec();
    let path = format!("/audit/{}", all[0]["id"].as_str().expect("an id"));
    auditor.get(&path).await.problem(404, "not_found");
    let reader = acme.with_permissions(&["audit.read", "contacts.read"]).await;
    assert!(resources(&reader).await.iter().any(|resource| resource == "contacts"));
    reader.get(&path).await.expect(200);
}

/// It is about all records, so no role for some of them has it, and explaining says so.
#[tokio::test]
async fn it_takes_a_role_for_all_records() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let role = json!({ "name": "Auditor", "permissions": ["audit.read"], "scope": "own" });
    assert_eq!(acme.owner().post("/roles", role).await.problem(422, "invalid").pointers(), ["/scope"]);
}

/// An operator's deed says whose it was, and why.
#[tokio::test]
async fn operators_are_named() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let operator = platform.operator().await;
    let path = format!("/operator/tenants/{}", acme.tenant());
    let suspend = json!({ "reason": "unpaid" });
    operator.client().put_json(&format!("{path}/suspension"), suspend).await.expect(200);
    operator.client().delete(&format!("{path}/suspension")).await.expect(200);
    let found = acme.owner().get("/audit?operation=operator_tenants_suspend").await.expect(200).items().to_vec();
    let [entry] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&entry["kind"], &entry["after"]["suspended_reason"]), (&json!("operator"), &json!("unpaid")));
    assert!(entry["user_id"].is_string() && entry["request_id"].is_string(), "{entry}");
}

/// Who signs in is named, though nobody before that.
#[tokio::test]
async fn signing_in_is_the_persons_deed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let again = acme.sign_in(None).await;
    let me = again.get("/users/me").await.expect(200).id().to_owned();
    let found = acme.owner().get("/audit?resource=sessions&change=created").await.expect(200).items().to_vec();
    let entry = found.first().expect("an entry");
    assert_eq!((&entry["kind"], &entry["user_id"]), (&json!("person"), &json!(me)));
    assert_eq!(entry["address"], "127.0.0.1");
}
