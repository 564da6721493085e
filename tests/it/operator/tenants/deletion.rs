//! `PUT, DELETE /api/v1/operator/tenants/{id}/deletion`

use serde_json::json;
use tenantry_core::tenancy::ending;
use tenantry_core::testing::PASSWORD;
use uuid::Uuid;

use crate::platform;
use crate::support::count;

/// From the next request on nobody works there; restored, all is as it was but for the sessions.
#[tokio::test]
async fn a_deletion_holds_at_once_and_can_be_undone() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let acme = platform.organization("Acme").await;
    let email = acme.owner().get("/users/me").await.expect(200).body["email"].clone();
    let contact = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let path = format!("/operator/tenants/{}/deletion", acme.tenant());
    let deleted = client.put_json(&path, json!({ "reason": "asked for" })).await.expect(200);
    assert_eq!(deleted.body["status"], "deleting");
    assert!(deleted.body["purge_at"].is_string());
    acme.owner().get(contact.header("location")).await.problem(401, "unauthenticated");
    let again = client.put_json(&path, json!({ "reason": "again" })).await.expect(200);
    assert_eq!(again.body["purge_at"], deleted.body["purge_at"]);
    let listed = client.get("/operator/tenants?status=deleting").await.expect(200);
    assert_eq!(listed.column("slug"), ["acme"]);

    let restored = client.delete(&path).await.expect(200);
    assert_eq!((&restored.body["status"], &restored.body["purge_at"]), (&json!("active"), &json!(null)));
    acme.owner().get(contact.header("location")).await.problem(401, "unauthenticated");
    let login = json!({ "email": email, "password": PASSWORD, "organization": "acme" });
    let session = platform.anonymous().post("/auth/login", login).await.expect(200);
    let owner = platform.client(session.body["access_token"].as_str().unwrap());
    owner.get(contact.header("location")).await.expect(200);
    client.delete(&path).await.expect(200);
}

/// A suspended tenant that is deleted and restored is suspended.
#[tokio::test]
async fn a_deletion_is_no_way_out_of_a_suspension() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let acme = client.post("/operator/tenants", json!({ "name": "Acme" })).await.expect(201);
    let path = |what: &str| format!("/operator/tenants/{}/{what}", acme.id());
    client.put_json(&path("suspension"), json!({ "reason": "unpaid" })).await.expect(200);
    client.put_json(&path("deletion"), json!({ "reason": "asked for" })).await.expect(200);
    let restored = client.delete(&path("deletion")).await.expect(200);
    assert_eq!((&restored.body["status"], &restored.body["suspended_reason"]), (&json!("suspended"), &json!("unpaid")));
    client.delete(&path("suspension")).await.expect(200);
}

/// A reason is needed, and a tenant that is there.
#[tokio::test]
async fn what_cannot_be_deleted_is_refused() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let acme = platform.organization("Acme").await;
    let path = format!("/operator/tenants/{}/deletion", acme.tenant());
    assert_eq!(client.put_json(&path, json!({})).await.problem(422, "invalid").pointers(), ["/reason"]);
    acme.owner().get("/contacts").await.expect(200);
    let nowhere = format!("/operator/tenants/{}/deletion", Uuid::new_v4());
    client.put_json(&nowhere, json!({ "reason": "asked for" })).await.problem(404, "not_found");
    client.delete(&nowhere).await.problem(404, "not_found");
}

/// When nothing else of a tenant is left, what operators did to it is still known, and nothing can be done to it any more.
#[tokio::test]
async fn the_audit_outlives_the_tenant() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let acme = platform.organization("Acme").await;
    let path = |what: &str| format!("/operator/tenants/{}{what}", acme.tenant());
    acme.owner().put_json("/organization/support-consent", json!({ "level": "read" })).await.expect(200);
    let access = json!({ "reason": "a question", "minutes": 5 });
    client.post(&path("/support-access"), access.clone()).await.expect(201);
    client.put_json(&path("/deletion"), json!({ "reason": "asked for" })).await.expect(200);
    let database = platform.database().superuser().await;
    database.execute("UPDATE platform.tenants SET purge_at = now()", &[]).await.unwrap();
    ending::purge_due(platform.platform().tenants(), |_, purged| purged.unwrap()).await.unwrap();

    assert_eq!(client.get(&path("")).await.expect(200).body["status"], "purged");
    for table in ["support_accesses", "sessions", "memberships"] {
        assert_eq!(count(&database, &format!("SELECT count(*) FROM platform.{table}")).await, 0, "{table}");
    }
    let kept = "SELECT count(*) FROM platform.audit_entries WHERE tenant IS NOT NULL";
    assert_eq!(count(&database, kept).await, 3);
    let usage = client.get(&path("/usage")).await.expect(200);
    assert_eq!((&usage.body["rows"], &usage.body["bytes"]), (&json!(0), &json!(0)));
    let reason = json!({ "reason": "too late" });
    client.put_json(&path("/suspension"), reason.clone()).await.problem(409, "tenant_status");
    client.put_json(&path("/deletion"), reason).await.problem(409, "tenant_status");
    client.delete(&path("/deletion")).await.problem(409, "tenant_status");
    client.post(&path("/support-access"), access).await.problem(409, "tenant_status");
}
