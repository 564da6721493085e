//! `POST /api/v1/auth/login`

use serde_json::json;
use tenantry_core::testing::TestPlatform;

use super::{PASSWORD, registration};
use crate::platform;

async fn with_ada() -> TestPlatform {
    let platform = platform().await;
    let body = registration("ada@example.com", "Acme", Some("acme"));
    platform.anonymous().post("/auth/register", body).await.expect(201);
    platform
}

/// The right password signs in, whatever the case of the address, to a session of its own.
#[tokio::test]
async fn the_right_password_signs_in() {
    let platform = with_ada().await;
    let mut tokens = Vec::new();
    for email in ["ada@example.com", "ADA@EXAMPLE.COM"] {
        let body = json!({ "email": email, "password": PASSWORD });
        let reply = platform.anonymous().post("/auth/login", body).await.expect(200);
        assert_eq!(reply.body["organization"]["slug"], "acme");
        assert_eq!(reply.body["organization"]["role"], "owner");
        assert_eq!(reply.header("cache-control"), "no-store");
        let token = reply.body["access_token"].as_str().unwrap().to_owned();
        platform.client(&token).get("/contacts").await.expect(200);
        tokens.push((token, reply.body["refresh_token"].clone()));
    }
    assert_ne!(tokens[0], tokens[1]);
}

/// A wrong password and an unknown address cannot be told apart.
#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_the_same() {
    let platform = with_ada().await;
    let login = |email: &str, password: &str| {
        let body = json!({ "email": email, "password": password });
        let anonymous = platform.anonymous();
        async move { anonymous.post("/auth/login", body).await.problem(401, "unauthenticated") }
    };
    let wrong = login("ada@example.com", "wrong horse battery staple").await;
    let unknown = login("bob@example.com", PASSWORD).await;
    assert_eq!((wrong.status, &wrong.text), (unknown.status, &unknown.text));
    assert_eq!(wrong.header("www-authenticate"), unknown.header("www-authenticate"));
    // Spaces and case are a part of a password, and its beginning is not the password.
    for close in [" correct horse battery staple", "Correct horse battery staple", "correct horse battery stapl"] {
        assert_eq!(login("ada@example.com", close).await.text, wrong.text);
    }
}

/// A password means the same however its letters are composed.
#[tokio::test]
async fn a_password_is_composed_before_it_is_compared() {
    let platform = platform().await;
    let mut body = registration("zoe@example.com", "Acme", None);
    body["password"] = json!("Zoe\u{308} likes long sentences");
    platform.anonymous().post("/auth/register", body).await.expect(201);
    let body = json!({ "email": "zoe@example.com", "password": "Zoë likes long sentences" });
    platform.anonymous().post("/auth/login", body).await.expect(200);
}

/// Whoever belongs to several organizations says which, or gets the first; others' look as if they did not exist.
#[tokio::test]
async fn the_organization_can_be_chosen() {
    let platform = with_ada().await;
    let anonymous = platform.anonymous();
    let second = registration("bob@example.com", "Second", Some("second"));
    anonymous.post("/auth/register", second).await.expect(201);
    let third = registration("cy@example.com", "Third", Some("third"));
    anonymous.post("/auth/register", third).await.expect(201);
    let join = "INSERT INTO platform.memberships (user_id, tenant_id, role)
        SELECT u.id, t.id, 'viewer' FROM platform.users u, platform.tenants t
        WHERE u.email = 'ada@example.com' AND t.slug = 'second'";
    platform.database().superuser().await.execute(join, &[]).await.unwrap();

    let login = |slug: Option<&str>| {
        let mut body = json!({ "email": "ada@example.com", "password": PASSWORD });
        if let Some(slug) = slug {
            body["organization"] = json!(slug);
        }
        let anonymous = platform.anonymous();
        async move { anonymous.post("/auth/login", body).await }
    };
    assert_eq!(login(None).await.expect(200).body["organization"]["slug"], "acme");
    let chosen = login(Some("Second")).await.expect(200);
    assert_eq!(chosen.body["organization"]["role"], "viewer");
    let viewer = platform.client(chosen.body["access_token"].as_str().unwrap());
    viewer.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "forbidden");

    let foreign = login(Some("third")).await.problem(409, "no_organization");
    assert_eq!(login(Some("nowhere")).await.expect(409).text, foreign.text);
}

/// A body that is no sign-in is pointed at, and shows no password.
#[tokio::test]
async fn what_is_no_sign_in_is_pointed_at() {
    let platform = platform().await;
    for (body, pointer) in [
        (json!({ "email": 1, "password": "canary" }), "/email"),
        (json!({ "email": "ada@example.com", "password": ["canary"] }), "/password"),
        (json!({ "email": "ada@example.com", "password": "canary", "role": "owner" }), "/role"),
    ] {
        let refused = platform.anonymous().post("/auth/login", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer]);
        assert!(!refused.text.contains("canary"), "{}", refused.text);
    }
    let short = json!({ "email": "ada@example.com", "password": "short" });
    platform.anonymous().post("/auth/login", short).await.problem(401, "unauthenticated");
}
