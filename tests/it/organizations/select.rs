//! `POST /api/v1/organizations/{id}/select`

use serde_json::json;
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};
use uuid::Uuid;

/// The owner of Alpha is also a viewer of Beta.
async fn two() -> (TestPlatform, TestOrganization, TestOrganization) {
    let platform = crate::platform().await;
    let (alpha, beta) = (platform.organization("Alpha").await, platform.organization("Beta").await);
    let user = Uuid::parse_str(alpha.owner().get("/users/me").await.expect(200).id()).unwrap();
    let sql = "INSERT INTO platform.memberships (user_id, tenant_id, role) VALUES ($1, $2, 'viewer')";
    platform.database().superuser().await.execute(sql, &[&user, &beta.tenant()]).await.unwrap();
    (platform, alpha, beta)
}

async fn select(client: &TestClient, id: impl std::fmt::Display) -> tenantry_core::testing::Reply {
    client.post(&format!("/organizations/{id}/select"), json!({})).await
}

/// The new tokens are for the other organization, with the role there; the old ones go on meaning the first.
#[tokio::test]
async fn another_organization_is_selected() {
    let (platform, alpha, beta) = two().await;
    let selected = select(alpha.owner(), beta.tenant()).await.expect(200);
    assert_eq!(selected.body["organization"]["slug"], beta.slug());
    assert_eq!(selected.body["organization"]["role"], "viewer");
    let there = platform.client(selected.body["access_token"].as_str().unwrap());

    alpha.owner().post("/contacts", json!({ "last_name": "Alpha" })).await.expect(201);
    beta.owner().post("/contacts", json!({ "last_name": "Beta" })).await.expect(201);
    there.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "forbidden");
    assert_eq!(there.get("/contacts").await.expect(200).column("last_name"), ["Beta"]);
    assert_eq!(alpha.owner().get("/contacts").await.expect(200).column("last_name"), ["Alpha"]);
    assert_eq!(alpha.owner().get("/organization").await.expect(200).body["slug"], alpha.slug());

    let body = json!({ "refresh_token": selected.body["refresh_token"] });
    let next = platform.anonymous().post("/auth/refresh", body).await.expect(200);
    assert_eq!(next.body["organization"]["slug"], beta.slug());
    there.post("/auth/logout", json!({})).await.expect(204);
    there.get("/contacts").await.expect(401);
    alpha.owner().get("/contacts").await.expect(200);
}

/// One that I am no member of looks as if it did not exist.
#[tokio::test]
async fn a_foreign_organization_is_like_none() {
    let (platform, alpha, beta) = two().await;
    let foreign = platform.organization("Gamma").await;
    let refused = select(alpha.owner(), foreign.tenant()).await.problem(404, "not_found");
    assert_eq!(select(alpha.owner(), Uuid::new_v4()).await.expect(404).text, refused.text);
    select(beta.owner(), alpha.tenant()).await.problem(404, "not_found");
    select(alpha.owner(), "not-an-id").await.problem(404, "not_found");
}

/// Nobody is signed in to one that is suspended.
#[tokio::test]
async fn a_suspended_organization_is_not_selected() {
    let (platform, alpha, beta) = two().await;
    let database = platform.database().superuser().await;
    let sql = "UPDATE platform.tenants SET status = 'suspended' WHERE id = $1";
    database.execute(sql, &[&beta.tenant()]).await.unwrap();
    select(alpha.owner(), beta.tenant()).await.problem(409, "no_organization");
    let sessions = alpha.owner().get("/auth/sessions").await.expect(200);
    assert_eq!(sessions.items().len(), 1);
}

/// A session for another organization is as old a proof of who one is as the one that asked for it.
#[tokio::test]
async fn selecting_is_no_fresh_sign_in() {
    let (platform, alpha, beta) = two().await;
    let database = platform.database().superuser().await;
    let sql = "UPDATE platform.sessions SET signed_in_at = '2020-01-01'";
    database.batch_execute(sql).await.unwrap();
    select(alpha.owner(), beta.tenant()).await.expect(200);
    let fresh = "SELECT count(*) FROM platform.sessions WHERE signed_in_at > '2020-01-01'";
    assert_eq!(crate::support::count(&database, fresh).await, 0);
}
