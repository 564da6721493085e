//! `POST /api/v1/auth/confirm-registration`, and registering where addresses are to be confirmed first.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tenantry_core::config::RegistrationMode;
use tenantry_core::testing::{Reply, TestPlatform};

use super::{PASSWORD, registration};
use crate::support::count;

const ADA: &str = "ada@example.com";

async fn platform() -> TestPlatform {
    let verified = RegistrationMode::Verified;
    TestPlatform::start_with(tenantry::MODULES, |config| config.identity.registration = verified).await
}

fn alone(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "name": "Ada" })
}

async fn confirm(platform: &TestPlatform, token: &str, password: &str) -> Reply {
    let body = json!({ "token": token, "password": password });
    platform.anonymous().post("/auth/confirm-registration", body).await
}

/// The letter decides: nothing is made until it is read, and then everything is.
#[tokio::test]
async fn a_registration_is_finished_by_mail() {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    let people = "SELECT count(*) FROM platform.users";
    let reply = platform.anonymous().post("/auth/register", registration(ADA, "Acme", None)).await.expect(202);
    assert_eq!(reply.text, "");
    let token = platform.token_to(ADA).await;
    assert_eq!(count(&database, people).await, 0);
    platform.anonymous().post("/auth/login", json!({ "email": ADA, "password": PASSWORD })).await.expect(401);

    let wrong = confirm(&platform, &token, "not the password of Ada").await.problem(422, "invalid");
    assert_eq!(wrong.pointers(), ["/password"]);
    let made = confirm(&platform, &token, PASSWORD).await.expect(201);
    assert_eq!(made.body["organization"]["slug"], "acme");
    let ada = platform.client(made.body["access_token"].as_str().unwrap());
    ada.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    confirm(&platform, &token, PASSWORD).await.problem(422, "token_invalid");
    let verified = "SELECT count(*) FROM platform.users WHERE email_verified_at IS NOT NULL";
    assert_eq!(count(&database, verified).await, 1);

    platform.anonymous().post("/users/register", alone("bob@example.com")).await.expect(202);
    let token = platform.token_to("bob@example.com").await;
    let tokens = join_all((0..10).map(|_| confirm(&platform, &token, PASSWORD))).await;
    assert_eq!(tokens.iter().filter(|reply| reply.status == 201).count(), 1);
    assert_eq!(tokens.iter().filter(|reply| reply.status == 422).count(), 9);
}

/// The document tells of both answers, and for generators of the one with a body.
#[tokio::test]
async fn both_answers_are_documented() {
    let platform = platform().await;
    for (document, accepted) in [("/openapi.json", true), ("/openapi-3.0.json", false)] {
        let document = platform.anonymous().get(document).await.expect(200).body;
        for path in ["/api/v1/auth/register", "/api/v1/users/register"] {
            let responses = &document["paths"][path]["post"]["responses"];
            assert!(responses["201"]["content"].is_object(), "{path}");
            assert_eq!(responses["202"].is_object(), accepted, "{path}");
        }
    }
}

/// Whether an address was known is told to whoever reads its mail, and to nobody else.
#[tokio::test]
async fn only_the_letter_tells_whether_an_address_was_known() {
    let platform = platform().await;
    platform.anonymous().post("/users/register", alone(ADA)).await.expect(202);
    let token = platform.token_to(ADA).await;
    confirm(&platform, &token, PASSWORD).await.expect(201);
    let known = platform.anonymous().post("/users/register", alone("ADA@example.com")).await.expect(202);
    let unknown = platform.anonymous().post("/users/register", alone("bob@example.com")).await.expect(202);
    assert_eq!(known.text, unknown.text);
    let letters = platform.letters_to(ADA).await;
    assert_eq!(letters.last().unwrap().subject, "You are registered already");
    assert_eq!(letters.last().unwrap().token(), None);
    assert_eq!(platform.letters_to("bob@example.com").await[0].subject, "Please confirm your registration");
}

/// Who registers with an address of somebody else cannot have that person finish it, nor the other way round.
#[tokio::test]
async fn nobody_finishes_what_another_has_begun() {
    let platform = platform().await;
    let mut theirs = alone(ADA);
    theirs["password"] = json!("the password of somebody else");
    platform.anonymous().post("/users/register", theirs).await.expect(202);
    let first = platform.token_to(ADA).await;
    confirm(&platform, &first, PASSWORD).await.problem(422, "invalid");
    platform.anonymous().post("/users/register", alone(ADA)).await.expect(202);
    let second = platform.token_to(ADA).await;
    confirm(&platform, &first, "the password of somebody else").await.problem(422, "token_invalid");
    confirm(&platform, &second, PASSWORD).await.expect(201);
}

/// A short name that was taken in the meantime is told, and the registration can still be finished later.
#[tokio::test]
async fn a_short_name_may_have_gone() {
    let platform = platform().await;
    for email in [ADA, "bob@example.com"] {
        platform.anonymous().post("/auth/register", registration(email, "Acme", Some("acme"))).await.expect(202);
    }
    let (ada, bob) = (platform.token_to(ADA).await, platform.token_to("bob@example.com").await);
    confirm(&platform, &ada, PASSWORD).await.expect(201);
    confirm(&platform, &bob, PASSWORD).await.problem(409, "slug_taken");
    platform.anonymous().post("/auth/register", registration("bob@example.com", "Bob", Some("bob"))).await.expect(202);
    confirm(&platform, &platform.token_to("bob@example.com").await, PASSWORD).await.expect(201);
}
