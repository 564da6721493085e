//! `POST /api/v1/organizations/{id}/restore`

use crate::platform;

/// An owner takes the deletion back; who was signed in stays signed out, and everything is there.
#[tokio::test]
async fn an_owner_takes_a_deletion_back() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/contacts", serde_json::json!({ "last_name": "Lovelace" })).await.expect(201);
    // Somewhere else to sign in to.
    acme.owner().post("/organizations", serde_json::json!({ "name": "Other", "slug": "other" })).await.expect(201);
    let elsewhere = acme.sign_in(Some("other")).await;
    acme.owner().delete("/organization?name=Acme").await.expect(204);

    let path = format!("/organizations/{}/restore", acme.tenant());
    elsewhere.post(&path, serde_json::json!({})).await.expect(200);
    acme.owner().get("/contacts").await.problem(401, "unauthenticated");
    let owner = acme.sign_in(Some(acme.slug())).await;
    owner.get(made.header("location")).await.expect(200);
    // Restoring what is not being deleted does no harm.
    owner.post(&path, serde_json::json!({})).await.expect(200);
}

/// What an operator has deleted, be it after an owner, only an operator restores.
#[tokio::test]
async fn what_an_operator_deletes_stays_deleted() {
    let platform = platform().await;
    let operator = platform.operator().await;
    let acme = platform.organization("Acme").await;
    acme.owner().post("/organizations", serde_json::json!({ "name": "Other", "slug": "other" })).await.expect(201);
    let elsewhere = acme.sign_in(Some("other")).await;
    let deletion = format!("/operator/tenants/{}/deletion", acme.tenant());
    let restore = format!("/organizations/{}/restore", acme.tenant());
    let reason = serde_json::json!({ "reason": "abuse" });
    for owner_first in [false, true] {
        if owner_first {
            acme.sign_in(Some(acme.slug())).await.delete("/organization?name=Acme").await.expect(204);
        }
        operator.client().put_json(&deletion, reason.clone()).await.expect(200);
        elsewhere.post(&restore, serde_json::json!({})).await.problem(409, "deleted_by_operator");
        operator.client().delete(&deletion).await.expect(200);
    }
    let owner = acme.sign_in(Some(acme.slug())).await;
    owner.delete("/organization?name=Acme").await.expect(204);
    elsewhere.post(&restore, serde_json::json!({})).await.expect(200);
}

/// Nobody else can, and cannot tell that there is something to restore.
#[tokio::test]
async fn only_its_owners_can() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    acme.owner().delete("/organization?name=Acme").await.expect(204);
    let path = |id: String| format!("/organizations/{id}/restore");
    let foreign = other.owner().post(&path(acme.tenant().to_string()), serde_json::json!({})).await.expect(404);
    let missing = other.owner().post(&path(uuid::Uuid::new_v4().to_string()), serde_json::json!({})).await.expect(404);
    assert_eq!(foreign.text, missing.text);
    acme.owner().post(&path(acme.tenant().to_string()), serde_json::json!({})).await.problem(401, "unauthenticated");
}
