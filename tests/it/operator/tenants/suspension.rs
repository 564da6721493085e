//! `PUT, DELETE /api/v1/operator/tenants/{id}/suspension`

use serde_json::json;
use uuid::Uuid;

use crate::platform;

/// The very next request of anybody there is refused, and after resuming the same tokens work again.
#[tokio::test]
async fn a_suspension_holds_from_the_next_request_on() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let viewer = acme.viewer().await;
    let path = format!("/operator/tenants/{}", acme.tenant());
    let suspended = client.put_json(&format!("{path}/suspension"), json!({ "reason": "unpaid" })).await.expect(200);
    assert_eq!(
        (&suspended.body["status"], &suspended.body["suspended_reason"]),
        (&json!("suspended"), &json!("unpaid"))
    );
    for person in [acme.owner(), &viewer] {
        person.get("/contacts").await.problem(403, "organization_inactive");
        person.get("/organization").await.problem(403, "organization_inactive");
    }
    other.owner().get("/contacts").await.expect(200);
    // Its people are told why they cannot sign in; nobody else is told that there is such an organization.
    acme.try_sign_in(Some(acme.slug())).await.problem(409, "organization_inactive");
    other.try_sign_in(Some(acme.slug())).await.problem(409, "no_organization");

    let changed = client.put_json(&format!("{path}/suspension"), json!({ "reason": "abuse" })).await.expect(200);
    assert_eq!(changed.body["suspended_reason"], "abuse");
    assert_eq!(changed.body["suspended_at"], suspended.body["suspended_at"]);

    let resumed = client.delete(&format!("{path}/suspension")).await.expect(200);
    assert_eq!((&resumed.body["status"], &resumed.body["suspended_reason"]), (&json!("active"), &json!(null)));
    viewer.get("/contacts").await.expect(200);
}

/// Another process of the same installation sees it as soon.
#[tokio::test]
async fn every_process_sees_it() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let acme = platform.organization("Acme").await;
    let other = platform.beside().await;
    let there = other.client(acme.owner().token());
    there.get("/contacts").await.expect(200);
    let suspension = format!("/operator/tenants/{}/suspension", acme.tenant());
    client.put_json(&suspension, json!({ "reason": "unpaid" })).await.expect(200);
    there.get("/contacts").await.problem(403, "organization_inactive");
    client.delete(&suspension).await.expect(200);
    there.get("/contacts").await.expect(200);
}

/// A reason is needed, and a tenant that is there; what is on its way out is not suspended.
#[tokio::test]
async fn what_cannot_be_suspended_is_refused() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let nowhere = format!("/operator/tenants/{}/suspension", Uuid::new_v4());
    client.put_json(&nowhere, json!({ "reason": "unpaid" })).await.problem(404, "not_found");
    client.delete(&nowhere).await.problem(404, "not_found");
    let acme = platform.organization("Acme").await;
    let path = format!("/operator/tenants/{}/suspension", acme.tenant());
    for body in [json!({}), json!({ "reason": "" }), json!({ "reason": "x".repeat(501) })] {
        assert_eq!(client.put_json(&path, body).await.problem(422, "invalid").pointers(), ["/reason"]);
    }
    acme.owner().get("/contacts").await.expect(200);
    let deletion = format!("/operator/tenants/{}/deletion", acme.tenant());
    client.put_json(&deletion, json!({ "reason": "asked for" })).await.expect(200);
    client.put_json(&path, json!({ "reason": "unpaid" })).await.problem(409, "tenant_status");
    client.delete(&path).await.problem(409, "tenant_status");
}
