//! What a custom role allows

use serde_json::json;

use crate::members::user;
use crate::platform;

/// Who has it may do what it lists and nothing else.
#[tokio::test]
async fn it_allows_what_it_lists() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let writer = acme.with_permissions(&["contacts.write"]).await;
    writer.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    writer.get("/contacts").await.problem(403, "forbidden");
    writer.get("/organization").await.problem(403, "forbidden");
    writer.get("/users/me").await.expect(200);
}

/// A change of the role holds from the next request on, for each session of each who has it.
#[tokio::test]
async fn a_change_holds_at_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let role = json!({ "name": "Clerk", "permissions": ["contacts.read", "contacts.write", "organization.read"] });
    let made = acme.owner().post("/roles", role).await.expect(201);

    // Somebody with a password, to sign in with.
    let other = platform.organization("Other").await;
    let person = user(other.owner()).await;
    let join = format!(
        "INSERT INTO platform.memberships (user_id, tenant_id, role, role_tenant)
         SELECT '{person}', tenant_id, key, tenant_id FROM platform.custom_roles"
    );
    platform.database().superuser().await.batch_execute(&join).await.unwrap();
    let clerk = other.sign_in(Some(acme.slug())).await;
    clerk.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let seen = acme.owner().get(&format!("/members/{person}")).await.expect(200);
    assert_eq!(seen.body["role"], format!("custom:{}", made.id()));

    let less = json!({ "permissions": ["contacts.read"] });
    acme.owner().patch(made.header("location"), made.header("etag"), less).await.expect(200);
    clerk.get("/contacts").await.problem(401, "unauthenticated");
    let clerk = other.sign_in(Some(acme.slug())).await;
    clerk.get("/contacts").await.expect(200);
    clerk.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "forbidden");
}
