//! `GET /api/v1/users/me/organizations` and `/users/me/export`

use serde_json::json;
use tenantry_core::testing::PASSWORD;

use crate::platform;

/// One's organizations are listed with one's role in each, page by page, and nobody else's.
#[tokio::test]
async fn a_person_sees_where_they_belong() {
    let platform = platform().await;
    let (alpha, beta) = (platform.organization("Alpha").await, platform.organization("Beta").await);
    platform.organization("Gamma").await;
    let me = alpha.owner().get("/users/me").await.expect(200);
    let join = "INSERT INTO platform.memberships (user_id, tenant_id, role) VALUES ($1::text::uuid, $2, 'viewer')";
    let database = platform.database().superuser().await;
    database.execute(join, &[&me.id(), &beta.tenant()]).await.unwrap();
    let list = alpha.owner().get("/users/me/organizations").await.expect(200);
    assert_eq!((list.column("name"), list.column("role")), (vec!["Alpha", "Beta"], vec!["owner", "viewer"]));
    assert_eq!(list.column("status"), ["active", "active"]);
    let first = alpha.owner().get("/users/me/organizations?limit=1&sort=-joined_at").await.expect(200);
    assert_eq!(first.column("slug"), ["beta"]);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let path = format!("/users/me/organizations?limit=1&sort=-joined_at&cursor={cursor}");
    let second = alpha.owner().get(&path).await.expect(200);
    assert_eq!((second.column("slug"), &second.body["next_cursor"]), (vec!["alpha"], &json!(null)));
    beta.owner().get(&path).await.problem(400, "malformed_request");
}

/// An export has everything of the person, no secret, and nothing of anybody else.
#[tokio::test]
async fn an_export_has_ones_own_and_nobody_elses() {
    let platform = platform().await;
    platform.organization("Canary").await;
    let body = json!({
        "email": "ada@example.com", "password": PASSWORD, "name": "Ada", "organization": { "name": "Acme" },
    });
    let made = platform.anonymous().post("/auth/register", body).await.expect(201);
    let ada = platform.client(made.body["access_token"].as_str().unwrap());
    let export = ada.get("/users/me/export").await.expect(200);
    assert_eq!(export.body["account"]["email"], "ada@example.com");
    assert_eq!(export.body["organizations"][0]["slug"], "acme");
    assert_eq!(export.body["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(export.body["open_letters"][0]["purpose"], "verify_email");
    assert!(!export.text.contains("anary") && !export.text.contains("owner-"), "{}", export.text);
    assert!(!export.text.contains("argon2") && !export.text.contains("hash"), "{}", export.text);
    platform.anonymous().get("/users/me/export").await.problem(401, "unauthenticated");
}
