//! What keeps a key out beside its scopes, who may revoke it, and in which words it is refused

use serde_json::json;
use tenantry_core::permission::Role;

use super::key;
use crate::platform;

/// A key of somebody who lacks the second factor that the organization asks for is refused from the next request on, until
/// there is one.
#[tokio::test]
async fn a_key_needs_its_creators_second_factor() {
    let platform = platform().await;
    let (acme, beta) = (platform.organization("Acme").await, platform.organization("Beta").await);
    let (owner, admin) = (acme.owner(), acme.admin().await);
    let (_, of_owner) = key(&platform, owner, &["contacts.read"]).await;
    let (_, of_admin) = key(&platform, &admin, &["contacts.read", "organization.read"]).await;
    let (_, elsewhere) = key(&platform, beta.owner(), &["contacts.read"]).await;
    let database = platform.database().superuser().await;
    let factor = "INSERT INTO platform.second_factors (user_id, seed, confirmed_at)
        SELECT id, 'x', now() FROM platform.users WHERE email = $1";
    database.execute(factor, &[&acme.email()]).await.unwrap();
    let etag = owner.get("/organization").await.expect(200).header("etag").to_owned();
    owner.patch("/organization", &etag, json!({ "require_second_factor": true })).await.expect(200);

    for path in ["/contacts", "/organization"] {
        let refused = of_admin.get(path).await.problem(403, "second_factor_required");
        assert!(refused.body["detail"].as_str().unwrap().contains("who made this API key"), "{}", refused.text);
    }
    of_owner.get("/contacts").await.expect(200);
    elsewhere.get("/contacts").await.expect(200);
    let me = admin.get("/users/me").await.expect(200);
    database.execute(factor, &[&me.body["email"].as_str().unwrap()]).await.unwrap();
    of_admin.get("/contacts").await.expect(200);
    database.execute("DELETE FROM platform.second_factors", &[]).await.unwrap();
    for client in [&of_owner, &of_admin] {
        client.get("/contacts").await.problem(403, "second_factor_required");
    }
    database.execute("UPDATE platform.tenants SET require_second_factor = false", &[]).await.unwrap();
    of_owner.get("/contacts").await.expect(200);
}

/// Who may manage keys ends none that may do more, but always one of their own.
#[tokio::test]
async fn nobody_revokes_a_key_above_their_own_rights() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let admin = acme.admin().await;
    let clerk = acme.with_permissions(&["api-keys.write", "api-keys.read", "contacts.read"]).await;
    let (large, bearer) = key(&platform, &admin, &["contacts.read", "contacts.write"]).await;
    let (small, _) = key(&platform, acme.owner(), &["contacts.read"]).await;
    let (own, _) = key(&platform, &clerk, &["contacts.read"]).await;
    let path = |id: &str| format!("/api-keys/{id}");
    clerk.delete(&path(large.id())).await.problem(403, "role_above_own");
    bearer.get("/contacts").await.expect(200);
    clerk.delete(&path(small.id())).await.expect(204);
    clerk.delete(&path(own.id())).await.expect(204);
    // What its creator may not do any more, the key may not either.
    let admins = crate::members::path(&admin).await;
    acme.owner().patch(&admins, "\"1\"", json!({ "role": "viewer" })).await.expect(200);
    clerk.delete(&path(large.id())).await.expect(204);
    let (owners, _) = key(&platform, acme.owner(), &["contacts.write"]).await;
    acme.admin().await.delete(&path(owners.id())).await.expect(204);
}

/// A program is not told to sign in, and nobody is sent to the wrong person.
#[tokio::test]
async fn refusals_say_what_to_do() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (made, bearer) = key(&platform, acme.owner(), &["contacts.read"]).await;
    let detail = |reply: tenantry_core::testing::Reply| reply.body["detail"].as_str().unwrap_or_default().to_owned();
    let out = detail(bearer.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "forbidden"));
    assert!(out.contains("Make a key that has it"), "{out}");
    let never = detail(bearer.get("/roles").await.problem(403, "forbidden"));
    assert!(never.contains("Make a key that has it"), "{never}");
    let never =
        detail(bearer.post("/roles", json!({ "name": "X", "permissions": [] })).await.problem(403, "forbidden"));
    assert!(never.contains("no API key can have"), "{never}");

    acme.owner().delete(&format!("/api-keys/{}", made.id())).await.expect(204);
    for _ in 0..2 {
        let over = detail(bearer.get("/contacts").await.problem(401, "unauthenticated"));
        assert!(over.starts_with("This API key is not valid") && !over.contains("ign in"), "{over}");
    }
    let (admin, viewer) = (acme.admin().await, acme.person(Role::Viewer).await);
    let owners = detail(admin.delete("/organization?name=Acme").await.problem(403, "forbidden"));
    assert!(owners.contains("organization.delete, which only owners have"), "{owners}");
    let members = detail(viewer.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "forbidden"));
    assert!(members.contains("It takes the role member"), "{members}");
}

/// The list of permissions tells which of them a key can have: exactly those can be put into one.
#[tokio::test]
async fn the_list_of_permissions_tells_the_truth() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let list = acme.owner().get("/permissions").await.expect(200);
    for item in list.items() {
        let made = acme.owner().post("/api-keys", json!({ "name": "X", "scopes": [item["name"]] })).await;
        assert_eq!(made.status == 201, item["api_keys"] == true, "{item} {}", made.text);
    }
    assert!(list.items().iter().any(|item| item["api_keys"] == false));
}
