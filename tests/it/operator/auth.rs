//! `POST /api/v1/operator/auth/login`, `…/logout`, and what an operator's token is good for.

use serde_json::json;
use tenantry_core::testing::{PASSWORD, TestClient, TestPlatform};

use crate::platform;

async fn sign_in(platform: &TestPlatform, email: &str) -> TestClient {
    let body = json!({ "email": email, "password": PASSWORD });
    let reply = platform.anonymous().post("/operator/auth/login", body).await.expect(200);
    platform.client(reply.body["access_token"].as_str().unwrap())
}

/// The right password gives a token for a quarter of an hour, and the answer tells whose it is.
#[tokio::test]
async fn the_right_password_signs_in() {
    let platform = platform().await;
    let operator = platform.operator().await;
    let body = json!({ "email": operator.email().to_uppercase(), "password": PASSWORD });
    let reply = platform.anonymous().post("/operator/auth/login", body).await.expect(200);
    assert_eq!(reply.body["expires_in"], 900);
    assert_eq!(reply.body["operator"]["email"], operator.email());
    assert_eq!(reply.header("cache-control"), "no-store");
    let client = platform.client(reply.body["access_token"].as_str().unwrap());
    client.get("/operator/tenants").await.expect(200);
}

/// A wrong password, an unknown address, a person's address and a disabled operator's cannot be told apart.
#[tokio::test]
async fn all_refusals_are_the_same() {
    let platform = platform().await;
    let (operator, disabled) = (platform.operator().await, platform.operator().await);
    let acme = platform.organization("Acme").await;
    let person = acme.owner().get("/users/me").await.expect(200).body["email"].as_str().unwrap().to_owned();
    let change = "UPDATE platform.operators SET disabled_at = now() WHERE email = $1";
    platform.database().superuser().await.execute(change, &[&disabled.email()]).await.unwrap();
    let mut refusals = Vec::new();
    for (email, password) in [
        (operator.email(), "wrong horse battery staple"),
        ("nobody@example.com", PASSWORD),
        (person.as_str(), PASSWORD),
        (disabled.email(), PASSWORD),
    ] {
        let body = json!({ "email": email, "password": password });
        let refused = platform.anonymous().post("/operator/auth/login", body).await;
        refusals.push(refused.problem(401, "unauthenticated").text);
    }
    assert!(refusals.iter().all(|text| *text == refusals[0]), "{refusals:?}");
    let body = json!({ "email": operator.email(), "password": PASSWORD });
    platform.anonymous().post("/auth/login", body).await.problem(401, "unauthenticated");
}

/// Signing out ends one session, and disabling the operator ends all, with the next request.
#[tokio::test]
async fn what_is_ended_is_over_at_once() {
    let platform = platform().await;
    let operator = platform.operator().await;
    let (first, second) = (sign_in(&platform, operator.email()).await, sign_in(&platform, operator.email()).await);
    first.post("/operator/auth/logout", json!(null)).await.expect(204);
    first.get("/operator/tenants").await.problem(401, "unauthenticated");
    first.post("/operator/auth/logout", json!(null)).await.problem(401, "unauthenticated");
    second.get("/operator/tenants").await.expect(200);

    let database = platform.database().superuser().await;
    let disable = "UPDATE platform.operators SET disabled_at = now() WHERE email = $1";
    database.execute(disable, &[&operator.email()]).await.unwrap();
    second.get("/operator/tenants").await.problem(401, "unauthenticated");
    operator.client().get("/operator/tenants").await.problem(401, "unauthenticated");

    let other = platform.operator().await;
    database.execute("UPDATE platform.operator_sessions SET expires_at = now()", &[]).await.unwrap();
    other.client().get("/operator/tenants").await.problem(401, "unauthenticated");
}

/// A member's token is none of an operator's, nor the other way round, and neither is what looks like one.
#[tokio::test]
async fn two_kinds_of_token_are_never_mixed_up() {
    let platform = platform().await;
    let operator = platform.operator().await;
    let acme = platform.organization("Acme").await;
    for client in [acme.owner().clone(), acme.viewer().await, platform.anonymous()] {
        let refused = client.get("/operator/tenants").await.problem(401, "unauthenticated");
        assert_eq!(refused.header("www-authenticate"), "Bearer");
    }
    for path in ["/contacts", "/users/me", "/organization", "/modules"] {
        operator.client().get(path).await.problem(401, "unauthenticated");
    }
    let token = operator.client().token();
    for other in [&token[4..], &token[..token.len() - 1], &format!("{token}A"), &format!("TNO_{}", &token[4..])] {
        platform.client(other).get("/operator/tenants").await.problem(401, "unauthenticated");
    }
    let elsewhere = crate::platform().await.operator().await;
    platform.client(elsewhere.client().token()).get("/operator/tenants").await.problem(401, "unauthenticated");
}

/// The database holds nothing that a token could be made of.
#[tokio::test]
async fn a_dump_gives_no_token() {
    let platform = platform().await;
    let operator = platform.operator().await;
    let token = operator.client().token();
    let dump = "SELECT (SELECT string_agg(s::text, ' ') FROM platform.operator_sessions s)
         || (SELECT string_agg(o::text, ' ') FROM platform.operators o)";
    let text: String = platform.database().superuser().await.query_one(dump, &[]).await.unwrap().get(0);
    assert!(!text.contains(token) && !text.contains(&token[30..]) && !text.contains(PASSWORD), "{text}");
}
