//! Which keys there are, and where they are taken.

use reqwest::Method;
use serde_json::json;

use super::{create, post};
use crate::platform;

/// A key is 1 to 255 visible characters, once.
#[tokio::test]
async fn a_key_is_short_and_visible() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    for key in ["", "two words", "\u{fc}", &"x".repeat(256)] {
        create(owner, key, "Lovelace").await.problem(400, "idempotency_key_invalid");
    }
    let twice = owner.request(Method::POST, "/contacts").header("idempotency-key", "a").header("idempotency-key", "b");
    let twice = owner.send(twice.json(&json!({ "last_name": "Lovelace" }))).await;
    twice.problem(400, "idempotency_key_invalid");
    assert!(owner.get("/contacts").await.expect(200).items().is_empty());
    for key in ["\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", &"x".repeat(255)] {
        create(owner, key, "Lovelace").await.expect(201);
    }
}

/// Where nobody is signed in there is nobody whose key it is, and where a tenant is made it commits by itself: the
/// header is refused and not ignored. Reads need none and take no notice.
#[tokio::test]
async fn where_it_would_mean_nothing_it_is_refused() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let login = json!({ "email": acme.email(), "password": "correct horse battery staple" });
    post(&platform.anonymous(), "/auth/login", "k", &login).await.problem(400, "idempotency_key_not_taken");
    let new = json!({ "name": "Other" });
    post(acme.owner(), "/organizations", "k", &new).await.problem(400, "idempotency_key_not_taken");
    let read = acme.owner().request(Method::GET, "/contacts").header("idempotency-key", "k");
    assert_eq!(acme.owner().send(read).await.expect(200).header("idempotent-replayed"), "");
}
