//! `POST /api/v1/auth/verify-email` and `/resend-verification`

use futures_util::future::join_all;
use serde_json::{Value, json};
use tenantry_core::testing::TestPlatform;

use super::registration;
use crate::platform;
use crate::support::count;

const ADA: &str = "ada@example.com";

async fn with_ada() -> TestPlatform {
    let platform = platform().await;
    platform.anonymous().post("/auth/register", registration("Ada@example.com", "Acme", None)).await.expect(201);
    platform
}

async fn resend(platform: &TestPlatform, email: &str) {
    platform.anonymous().post("/auth/resend-verification", json!({ "email": email })).await.expect(202);
}

fn with(token: &str) -> Value {
    json!({ "token": token })
}

async fn verified(platform: &TestPlatform) -> i64 {
    let sql = "SELECT count(*) FROM platform.users WHERE email_verified_at IS NOT NULL";
    count(&platform.database().superuser().await, sql).await
}

/// Registering sends a letter whose link leads to the configured front end; its token works once.
#[tokio::test]
async fn a_letter_proves_an_address() {
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| {
        config.mail.app_url = "https://app.example.com/".to_owned();
    });
    let platform = platform.await;
    let register = platform.anonymous().request(reqwest::Method::POST, "/auth/register");
    let register = register.header("host", "evil.example").json(&registration(ADA, "Acme", None));
    platform.anonymous().send(register).await.expect(201);
    let letters = platform.letters_to(ADA).await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains("https://app.example.com/verify-email#token=tnv_"), "{}", letters[0].text);
    assert!(!letters[0].text.contains("evil"));

    let token = platform.token_to(ADA).await;
    assert_eq!(verified(&platform).await, 0);
    platform.anonymous().get(&format!("/auth/verify-email?token={token}")).await.expect(405);
    assert_eq!(verified(&platform).await, 0, "reading a link uses nothing up");
    platform.anonymous().post("/auth/verify-email", with(&token)).await.expect(204);
    assert_eq!(verified(&platform).await, 1);
    let refused = platform.anonymous().post("/auth/verify-email", with(&token)).await.problem(422, "token_invalid");
    assert_eq!(refused.pointers(), ["/token"]);
}

/// Of fifty that redeem a token at once, one does.
#[tokio::test]
async fn a_token_is_redeemed_once() {
    let platform = with_ada().await;
    let token = platform.token_to(ADA).await;
    let replies = join_all((0..50).map(|_| {
        let client = platform.anonymous();
        let body = with(&token);
        async move { client.post("/auth/verify-email", body).await.status.as_u16() }
    }));
    let replies = replies.await;
    assert_eq!(replies.iter().filter(|status| **status == 204).count(), 1, "{replies:?}");
    assert_eq!(replies.iter().filter(|status| **status == 422).count(), 49, "{replies:?}");
}

/// A newer letter makes the older ones void; who is verified, or unknown, gets none; all get the same answer.
#[tokio::test]
async fn only_the_latest_letter_counts() {
    let platform = with_ada().await;
    let first = platform.token_to(ADA).await;
    resend(&platform, "ADA@example.com").await;
    let second = platform.token_to(ADA).await;
    assert_ne!(first, second);
    platform.anonymous().post("/auth/verify-email", with(&first)).await.problem(422, "token_invalid");
    platform.anonymous().post("/auth/verify-email", with(&second)).await.expect(204);
    resend(&platform, ADA).await;
    resend(&platform, "nobody@example.com").await;
    assert_eq!(platform.letters_to(ADA).await.len(), 2);
    assert_eq!(platform.letters_to("nobody@example.com").await.len(), 0);
}

/// An expired token, one for something else, and what is no token at all are the same.
#[tokio::test]
async fn what_does_not_work_is_refused_alike() {
    let platform = with_ada().await;
    let token = platform.token_to(ADA).await;
    let database = platform.database().superuser().await;
    let reset = json!({ "token": token, "password": super::PASSWORD });
    platform.anonymous().post("/auth/reset-password", reset).await.problem(422, "token_invalid");
    let expire = "UPDATE platform.one_time_tokens SET expires_at = now()";
    database.execute(expire, &[]).await.unwrap();
    let expired = platform.anonymous().post("/auth/verify-email", with(&token)).await.problem(422, "token_invalid");
    let none = platform.anonymous().post("/auth/verify-email", with("tnv_nonsense")).await.expect(422);
    assert_eq!(expired.text, none.text);
    // The worker forgets what has expired.
    tenantry_core::worker::Worker::new(platform.platform().clone()).sweep().await.unwrap();
    assert_eq!(count(&database, "SELECT count(*) FROM platform.one_time_tokens").await, 0);
}

/// A copy of the database gives no token that works: neither their rows nor the outbox hold one.
#[tokio::test]
async fn the_database_holds_no_token() {
    let platform = with_ada().await;
    let token = platform.token_to(ADA).await;
    let database = platform.database().superuser().await;
    let row = database.query_one("SELECT t::text, t.hash FROM platform.one_time_tokens t", &[]).await.unwrap();
    let (text, hash) = (row.get::<_, String>(0), row.get::<_, Vec<u8>>(1));
    assert!(!text.contains(&token[4..]), "{text}");
    assert_eq!(hash.len(), 32);
    let days = "SELECT count(*) FROM platform.one_time_tokens
        WHERE expires_at BETWEEN now() + interval '23 hours' AND now() + interval '24 hours'";
    assert_eq!(count(&database, days).await, 1);
}
