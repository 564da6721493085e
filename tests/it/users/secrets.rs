//! `POST /api/v1/users/me/password`, `/users/me/email` and `/auth/confirm-email`

use serde_json::{Value, json};
use tenantry_core::testing::{PASSWORD, TestClient, TestPlatform};

use crate::platform;
use crate::support::count;

const ADA: &str = "ada@example.com";
const NEW: &str = "a new password for everything";

async fn with_ada() -> (TestPlatform, TestClient) {
    let platform = platform().await;
    let body = json!({ "email": ADA, "password": PASSWORD, "name": "Ada" });
    let made = platform.anonymous().post("/users/register", body).await.expect(201);
    let ada = platform.client(made.body["access_token"].as_str().unwrap());
    (platform, ada)
}

async fn login(platform: &TestPlatform, email: &str, password: &str) -> (u16, Value) {
    let reply = platform.anonymous().post("/auth/login", json!({ "email": email, "password": password })).await;
    (reply.status.as_u16(), reply.body)
}

/// A new password needs the old one; it ends the other sessions and the letters that could undo it, and is told by mail.
#[tokio::test]
async fn a_password_is_changed() {
    let (platform, ada) = with_ada().await;
    let other = login(&platform, ADA, PASSWORD).await.1;
    let other = platform.client(other["access_token"].as_str().unwrap());
    platform.anonymous().post("/auth/forgot-password", json!({ "email": ADA })).await.expect(202);
    let letter = platform.token_to(ADA).await;

    let wrong = json!({ "current_password": "not it", "new_password": NEW });
    let refused = ada.post("/users/me/password", wrong).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/current_password"]);
    let short = json!({ "current_password": PASSWORD, "new_password": "short" });
    assert_eq!(ada.post("/users/me/password", short).await.problem(422, "invalid").pointers(), ["/new_password"]);
    other.get("/users/me").await.expect(200);

    let body = json!({ "current_password": PASSWORD, "new_password": NEW });
    ada.post("/users/me/password", body).await.expect(204);
    ada.get("/users/me").await.expect(200);
    other.get("/users/me").await.problem(401, "unauthenticated");
    let reset = json!({ "token": letter, "password": PASSWORD });
    platform.anonymous().post("/auth/reset-password", reset).await.problem(422, "token_invalid");
    assert_eq!(login(&platform, ADA, PASSWORD).await.0, 401);
    assert_eq!(login(&platform, ADA, NEW).await.0, 200);
    assert_eq!(platform.letters_to(ADA).await.last().unwrap().subject, "Your password was changed");
}

/// Whoever knew the old password may have asked for another address: neither way to a new one leaves that open.
#[tokio::test]
async fn a_new_password_ends_a_change_of_address() {
    let (platform, ada) = with_ada().await;
    let elsewhere = json!({ "email": "eve@example.com", "password": PASSWORD });
    ada.post("/users/me/email", elsewhere).await.expect(202);
    let token = platform.token_to("eve@example.com").await;
    let body = json!({ "current_password": PASSWORD, "new_password": NEW });
    ada.post("/users/me/password", body).await.expect(204);
    platform.anonymous().post("/auth/confirm-email", json!({ "token": token })).await.problem(422, "token_invalid");

    let elsewhere = json!({ "email": "mallory@example.com", "password": NEW });
    ada.post("/users/me/email", elsewhere).await.expect(202);
    let token = platform.token_to("mallory@example.com").await;
    platform.anonymous().post("/auth/forgot-password", json!({ "email": ADA })).await.expect(202);
    let reset = json!({ "token": platform.token_to(ADA).await, "password": PASSWORD });
    platform.anonymous().post("/auth/reset-password", reset).await.expect(204);
    platform.anonymous().post("/auth/confirm-email", json!({ "token": token })).await.problem(422, "token_invalid");
    assert_eq!(login(&platform, ADA, PASSWORD).await.0, 200);
}

/// A new address is proved before it counts, and the old one is told.
#[tokio::test]
async fn an_address_is_changed() {
    let (platform, ada) = with_ada().await;
    let wrong = json!({ "email": "lady@example.com", "password": "not it" });
    assert_eq!(ada.post("/users/me/email", wrong).await.problem(422, "invalid").pointers(), ["/password"]);
    let body = json!({ "email": "Lady@Example.com", "password": PASSWORD });
    ada.post("/users/me/email", body).await.expect(202);
    let token = platform.token_to("lady@example.com").await;
    // Two letters to one person go out side by side, so either may be the last.
    let told = platform.letters_to(ADA).await;
    let told = told.iter().find(|letter| letter.subject == "Somebody asks for another e-mail address").unwrap();
    assert!(
        told.text.contains("If it was not you") && told.token().is_none() && !told.text.contains("lady"),
        "{}",
        told.text
    );
    assert_eq!(ada.get("/users/me").await.expect(200).body["email"], ADA, "not yet");

    platform.anonymous().post("/auth/confirm-email", json!({ "token": token })).await.expect(204);
    let me = ada.get("/users/me").await.expect(200);
    assert_eq!((&me.body["email"], &me.body["email_verified"]), (&json!("lady@example.com"), &json!(true)));
    assert_eq!(platform.letters_to(ADA).await.last().unwrap().subject, "Your e-mail address was changed");
    assert_eq!(login(&platform, ADA, PASSWORD).await.0, 401);
    assert_eq!(login(&platform, "lady@example.com", PASSWORD).await.0, 200);
    platform.anonymous().post("/auth/confirm-email", json!({ "token": token })).await.problem(422, "token_invalid");
}

/// Whether an address is taken shows in no answer; whoever is quicker has it.
#[tokio::test]
async fn an_address_that_is_taken_stays_its_owners() {
    let (platform, ada) = with_ada().await;
    let register = |email: &str| json!({ "email": email, "password": PASSWORD, "name": "Bob" });
    platform.anonymous().post("/users/register", register("bob@example.com")).await.expect(201);
    let letters = platform.letters_to("bob@example.com").await.len();
    let taken = ada.post("/users/me/email", json!({ "email": "bob@example.com", "password": PASSWORD })).await;
    let free = ada.post("/users/me/email", json!({ "email": "lady@example.com", "password": PASSWORD })).await;
    assert_eq!((taken.expect(202).text, free.expect(202).text), (String::new(), String::new()));
    assert_eq!(platform.letters_to("bob@example.com").await.len(), letters);
    let told: Vec<_> = platform.letters_to(ADA).await.into_iter().map(|letter| letter.text).collect();
    assert_eq!(told[told.len() - 1], told[told.len() - 2], "the letters to the old address tell nothing either");

    let token = platform.token_to("lady@example.com").await;
    platform.anonymous().post("/users/register", register("lady@example.com")).await.expect(201);
    platform.anonymous().post("/auth/confirm-email", json!({ "token": token })).await.problem(409, "email_taken");
    assert_eq!(ada.get("/users/me").await.expect(200).body["email"], ADA);
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.users WHERE email = 'lady@example.com'").await, 1);
}
