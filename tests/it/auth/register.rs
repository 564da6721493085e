//! `POST /api/v1/auth/register`

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::registration;
use crate::platform;
use crate::support::count;

/// Whoever registers owns an organization at once and is signed in to it.
#[tokio::test]
async fn a_person_founds_an_organization() {
    let platform = platform().await;
    let body = registration("Ada@Example.com", "Müller & Söhne", None);
    let made = platform.anonymous().post("/auth/register", body).await.expect(201);

    assert_eq!((&made.body["token_type"], &made.body["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert!(made.body["refresh_token"].as_str().unwrap().starts_with("tnr_"), "{}", made.text);
    assert_eq!(made.body["user"]["email"], "ada@example.com");
    let organization = &made.body["organization"];
    assert_eq!((&organization["name"], &organization["slug"]), (&json!("Müller & Söhne"), &json!("muller-sohne")));
    assert_eq!(organization["role"], "owner");

    let owner = platform.client(made.body["access_token"].as_str().unwrap());
    assert_eq!(owner.get("/organization").await.expect(200).body["id"], organization["id"]);
    owner.post("/contacts", json!({ "last_name": "First" })).await.expect(201);
}

/// The database holds an argon2id hash of the password and a hash of the refresh token, and neither of them itself.
#[tokio::test]
async fn secrets_are_kept_as_hashes() {
    let platform = platform().await;
    let body = registration("ada@example.com", "Acme", None);
    let made = platform.anonymous().post("/auth/register", body).await.expect(201);

    let database = platform.database().superuser().await;
    let row =
        database.query_one("SELECT u.password_hash, u::text, s::text FROM platform.users u, platform.sessions s", &[]);
    let row = row.await.unwrap();
    let (hash, user, session): (String, String, String) = (row.get(0), row.get(1), row.get(2));
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    let refresh = made.body["refresh_token"].as_str().unwrap();
    for secret in [super::PASSWORD, refresh, refresh.trim_start_matches("tnr_")] {
        assert!(!user.contains(secret) && !session.contains(secret));
    }
}

/// An address registers once, in whatever case, and nothing of the second try stays.
#[tokio::test]
async fn an_address_registers_once() {
    let platform = platform().await;
    let anonymous = platform.anonymous();
    anonymous.post("/auth/register", registration("ada@example.com", "First", None)).await.expect(201);
    for email in ["ada@example.com", "ADA@Example.COM"] {
        let refused = anonymous.post("/auth/register", registration(email, "Second", None)).await;
        let refused = refused.problem(409, "email_taken");
        assert_eq!(refused.pointers(), ["/email"]);
        assert!(refused.body["detail"].as_str().unwrap().contains("Sign in"), "{}", refused.text);
    }
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.tenants").await, 1);
    assert_eq!(count(&database, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_%'").await, 1);
}

/// Of fifty who want the same short name at once one gets it, and nothing is left of the others.
#[tokio::test]
async fn one_of_many_gets_a_short_name() {
    let platform = platform().await;
    let anonymous = platform.anonymous();
    let tries = (0..50).map(|n| {
        anonymous.post("/auth/register", registration(&format!("person-{n}@example.com"), "Acme", Some("acme")))
    });
    let replies = join_all(tries).await;
    let made = replies.iter().filter(|reply| reply.status == 201).count();
    let taken = replies.iter().filter(|reply| reply.status == 409 && reply.code() == "slug_taken").count();
    assert_eq!((made, taken), (1, 49));

    let database = platform.database().superuser().await;
    for (what, sql) in [
        ("users", "SELECT count(*) FROM platform.users"),
        ("memberships", "SELECT count(*) FROM platform.memberships"),
        ("sessions", "SELECT count(*) FROM platform.sessions"),
        ("organizations", "SELECT count(*) FROM platform.tenants"),
        ("places", "SELECT sum(tenants) FROM platform.shards"),
        ("schemas", "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^t_[0-9a-f]{32}$'"),
        (
            "roles",
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
             WHERE r.rolname LIKE current_database() || '_run_%'",
        ),
    ] {
        assert_eq!(count(&database, sql).await, 1, "{what}");
    }
}

/// What cannot be registered is pointed at, with words that help; the password is in no answer.
#[tokio::test]
async fn what_cannot_be_registered_is_pointed_at() {
    let platform = platform().await;
    let with = |pointer: &str, value: Value| {
        let mut body = registration("ada@example.com", "Acme", None);
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for (body, pointer, reason) in [
        (with("/email", json!("ada")), "/email", "expected an e-mail address such as ada@example.com"),
        (
            with("/password", json!("canary-14-char")),
            "/password",
            "at least 15 characters; a sentence is easy to remember",
        ),
        (with("/password", json!("a".repeat(1025))), "/password", "at most 1024 characters"),
        (with("/password", json!("ä".repeat(1000))), "/password", "at most 1024 bytes"),
        (with("/name", json!("")), "/name", "at least 1 character"),
        (with("/name", json!("a".repeat(201))), "/name", "at most 200 characters"),
        (with("/organization", json!(null)), "/organization", "expected an object"),
        (with("/organization/name", json!(7)), "/organization/name", "expected a string"),
        (
            with("/organization/name", json!("株式会社")),
            "/organization/slug",
            "no short name can be made from the name; choose one",
        ),
    ] {
        let refused = platform.anonymous().post("/auth/register", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
        assert_eq!(refused.reason(pointer), reason, "{}", refused.text);
        assert!(!refused.text.contains("canary"), "{}", refused.text);
    }
    for field in ["email", "password", "name", "organization"] {
        let mut body = registration("ada@example.com", "Acme", None);
        body.as_object_mut().unwrap().remove(field);
        let refused = platform.anonymous().post("/auth/register", body).await.problem(422, "invalid");
        assert_eq!(refused.reason(&format!("/{field}")), "this field is required", "{}", refused.text);
    }
    for field in ["role", "tenant_id", "id", "created_at"] {
        let mut body = registration("ada@example.com", "Acme", None);
        body[field] = json!("owner");
        let refused = platform.anonymous().post("/auth/register", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{field}")]);
    }
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.users").await, 0);
}
