//! `PATCH /api/v1/operator/tenants/{id}`

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::testing::PASSWORD;
use uuid::Uuid;

use crate::platform;

/// Name and short name change at once, and one can still sign in by the former short name.
#[tokio::test]
async fn a_tenant_is_renamed_at_once() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let acme = platform.organization("Acme").await;
    let path = format!("/operator/tenants/{}", acme.tenant());
    let contact = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let renamed = client.patch(&path, "\"1\"", json!({ "name": "Acme Ltd", "slug": "acme-ltd" })).await.expect(200);
    assert_eq!((&renamed.body["name"], &renamed.body["slug"]), (&json!("Acme Ltd"), &json!("acme-ltd")));
    assert_eq!(renamed.header("etag"), "\"2\"");
    assert_eq!(acme.owner().get("/organization").await.expect(200).body["slug"], "acme-ltd");
    acme.owner().get(contact.header("location")).await.expect(200);
    let email = acme.owner().get("/users/me").await.expect(200).body["email"].clone();
    for slug in ["acme", "acme-ltd"] {
        let login = json!({ "email": email, "password": PASSWORD, "organization": slug });
        let session = platform.anonymous().post("/auth/login", login).await.expect(200);
        assert_eq!(session.body["organization"]["slug"], "acme-ltd", "{slug}");
    }
    let taken = client.post("/operator/tenants", json!({ "name": "Acme" })).await.problem(409, "slug_taken");
    assert_eq!(taken.pointers(), ["/slug"]);
    let database = platform.database().superuser().await;
    let line = "SELECT details #>> '{before,slug}', details #>> '{after,slug}' FROM platform.audit_entries
         WHERE action = 'tenant.renamed'";
    let line = database.query_one(line, &[]).await.unwrap();
    assert_eq!((line.get(0), line.get(1)), ("acme", "acme-ltd"));
}

/// Without the version that was read there is no change; of many made on one version, one is made.
#[tokio::test]
async fn a_change_needs_the_version_that_was_read() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let acme = client.post("/operator/tenants", json!({ "name": "Acme" })).await.expect(201);
    client.post("/operator/tenants", json!({ "name": "Other" })).await.expect(201);
    let path = acme.header("location");
    let without = client.request(reqwest::Method::PATCH, path).json(&json!({ "name": "X" }));
    client.send(without).await.problem(428, "version_required");
    client.patch(path, "\"7\"", json!({ "name": "X" })).await.problem(412, "stale_version");
    let taken = client.patch(path, "\"1\"", json!({ "slug": "other" })).await.problem(409, "slug_taken");
    assert_eq!(taken.pointers(), ["/slug"]);
    let reserved = client.patch(path, "\"1\"", json!({ "slug": "admin" })).await.problem(422, "invalid");
    assert_eq!(reserved.pointers(), ["/slug"]);
    assert_eq!(client.patch(path, "\"1\"", json!({})).await.expect(200).header("etag"), "\"1\"");
    let tries = (0..20).map(|n| client.patch(path, "\"1\"", json!({ "name": format!("Acme {n}") })));
    let replies = join_all(tries).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    let nowhere = format!("/operator/tenants/{}", Uuid::new_v4());
    client.patch(&nowhere, "\"1\"", json!({ "name": "X" })).await.problem(404, "not_found");
}
