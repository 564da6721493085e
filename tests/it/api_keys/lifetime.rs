//! When an API key is good, and when no longer.

use std::time::Duration;

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestPlatform};
use uuid::Uuid;

use super::key;
use crate::platform;

async fn is_dead(bearer: &TestClient) {
    for path in ["/contacts", "/organization"] {
        bearer.get(path).await.problem(401, "unauthenticated");
    }
}

async fn user(client: &TestClient) -> Uuid {
    Uuid::parse_str(client.get("/users/me").await.expect(200).id()).unwrap()
}

/// A revoked key is refused on its next request, and is gone from the list; others go on.
#[tokio::test]
async fn a_revoked_key_is_refused_at_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (made, bearer) = key(&platform, acme.owner(), &["contacts.read", "organization.read"]).await;
    let (_, other) = key(&platform, acme.owner(), &["contacts.read"]).await;
    bearer.get("/contacts").await.expect(200);
    let path = format!("/api-keys/{}", made.id());
    acme.owner().delete(&path).await.expect(204);
    is_dead(&bearer).await;
    other.get("/contacts").await.expect(200);
    acme.owner().delete(&path).await.problem(404, "not_found");
    acme.owner().get(&path).await.problem(404, "not_found");
    assert_eq!(acme.owner().get("/api-keys").await.expect(200).items().len(), 1);
}

/// A key ends with its creator's membership, and by the time that it was given.
#[tokio::test]
async fn a_key_dies_with_its_creator_and_its_time() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = platform.database().superuser().await;
    let admin = acme.admin().await;
    let (_, of_admin) = key(&platform, &admin, &["contacts.read", "organization.read"]).await;
    of_admin.get("/contacts").await.expect(200);
    let body = json!({ "name": "Short", "scopes": ["contacts.read", "organization.read"], "expires_at": "2030-01-01T00:00:00Z" });
    let made = acme.owner().post("/api-keys", body).await.expect(201);
    assert_eq!(made.body["expires_at"], "2030-01-01T00:00:00Z");
    let short = platform.client(made.body["key"].as_str().unwrap());
    short.get("/contacts").await.expect(200);

    let user = user(&admin).await;
    database.execute("DELETE FROM platform.memberships WHERE user_id = $1", &[&user]).await.unwrap();
    is_dead(&of_admin).await;
    let expire = "UPDATE platform.sessions SET expires_at = now() WHERE id = $1";
    database.execute(expire, &[&Uuid::parse_str(made.id()).unwrap()]).await.unwrap();
    is_dead(&short).await;
}

/// When its creator's role changes the key goes on with what the new role still allows.
#[tokio::test]
async fn a_key_never_has_more_than_its_creator() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let admin = acme.admin().await;
    let database = platform.database().superuser().await;
    let (_, bearer) = key(&platform, &admin, &["contacts.read", "contacts.write"]).await;
    bearer.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let user = user(&admin).await;
    let set_role = async |role: &str| {
        let sql = "UPDATE platform.memberships SET role = $2 WHERE user_id = $1";
        database.execute(sql, &[&user, &role]).await.unwrap();
    };
    set_role("viewer").await;
    // What is remembered of the key says admin, the database viewer: refused, and read anew for the next request.
    // What was remembered of the key is out of date; the key is not.
    bearer.post("/contacts", json!({ "last_name": "X" })).await.problem(503, "rights_changed");
    bearer.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "forbidden");
    bearer.get("/contacts").await.expect(200);
    set_role("owner").await;
    bearer.get("/contacts").await.problem(503, "rights_changed");
    bearer.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    bearer.get("/api-keys").await.problem(403, "forbidden");
}

/// In a suspended organization a key is good for nothing until it is active again.
#[tokio::test]
async fn a_suspension_holds_for_keys() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (_, bearer) = key(&platform, acme.owner(), &["contacts.read"]).await;
    let database = platform.database().superuser().await;
    database.batch_execute("UPDATE platform.tenants SET status = 'suspended'").await.unwrap();
    bearer.get("/contacts").await.problem(403, "organization_inactive");
    database.batch_execute("UPDATE platform.tenants SET status = 'active'").await.unwrap();
    bearer.get("/contacts").await.expect(200);
}

/// A log-out everywhere is a person's; the organization's programs go on.
#[tokio::test]
async fn a_log_out_leaves_keys_alone() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (made, bearer) = key(&platform, acme.owner(), &["contacts.read"]).await;
    let sessions = acme.owner().get("/auth/sessions").await.expect(200);
    assert!(sessions.items().iter().all(|session| session["id"] != made.id()));
    acme.owner().delete(&format!("/auth/sessions/{}", made.id())).await.problem(404, "not_found");
    acme.owner().post("/auth/logout-all", json!({})).await.expect(204);
    bearer.get("/contacts").await.expect(200);
}

/// A key of another organization looks as if it did not exist.
#[tokio::test]
async fn a_foreign_key_is_like_none() {
    let platform = platform().await;
    let (acme, beta) = (platform.organization("Acme").await, platform.organization("Beta").await);
    let (made, bearer) = key(&platform, acme.owner(), &["contacts.read"]).await;
    let path = format!("/api-keys/{}", made.id());
    let unknown = format!("/api-keys/{}", Uuid::new_v4());
    let foreign = beta.owner().delete(&path).await.problem(404, "not_found");
    assert_eq!(beta.owner().delete(&unknown).await.text, foreign.text);
    beta.owner().get(&path).await.problem(404, "not_found");
    bearer.get("/contacts").await.expect(200);
}

/// What is no key of this installation is refused with the same words, wherever it is put.
#[tokio::test]
async fn no_other_key_will_do() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (made, bearer) = key(&platform, acme.owner(), &["contacts.read"]).await;
    let text = made.body["key"].as_str().unwrap();
    let other = crate::platform().await;
    let foreign = other.organization("Acme").await;
    let (_, theirs) = key(&other, foreign.owner(), &["contacts.read"]).await;
    let mut touched = text.to_owned().into_bytes();
    touched[40] = if touched[40] == b'A' { b'B' } else { b'A' };
    let touched = String::from_utf8(touched).unwrap();
    let mut refusals = Vec::new();
    for wrong in ["tnk_", &touched, &text[..text.len() - 1], &format!("{text}A"), theirs.token()] {
        refusals.push(platform.client(wrong).get("/contacts").await.problem(401, "unauthenticated").text);
    }
    assert!(refusals.iter().all(|refusal| *refusal == refusals[0]), "{refusals:?}");

    for name in ["api_key", "key", "access_token"] {
        for client in [&platform.anonymous(), &bearer] {
            let refused = client.get(&format!("/contacts?{name}={text}")).await.expect(400);
            assert!(!refused.text.contains(text), "{}", refused.text);
        }
    }
}

/// The last use is written down without the requests waiting for it.
#[tokio::test]
async fn the_last_use_is_noted() {
    let change = |config: &mut tenantry_core::config::Config| config.identity.key_use_delay = Duration::from_millis(20);
    let platform = TestPlatform::start_with(tenantry::MODULES, change).await;
    let acme = platform.organization("Acme").await;
    let (made, bearer) = key(&platform, acme.owner(), &["contacts.read"]).await;
    let (unused, _) = key(&platform, acme.owner(), &["contacts.read"]).await;
    bearer.get("/contacts").await.expect(200);
    let last_use =
        async |id: &str| acme.owner().get(&format!("/api-keys/{id}")).await.expect(200).body["last_used_at"].clone();
    for _ in 0..500 {
        if last_use(made.id()).await.is_string() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(last_use(made.id()).await.is_string());
    assert_eq!(last_use(unused.id()).await, Value::Null);
}
