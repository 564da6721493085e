//! `POST /api/v1/auth/forgot-password` and `/reset-password`

use futures_util::future::join_all;
use serde_json::{Value, json};
use tenantry_core::testing::TestPlatform;

use super::{PASSWORD, registration};
use crate::platform;
use crate::support::count;

const ADA: &str = "ada@example.com";
const NEW: &str = "a new password for everything";

async fn with_ada() -> (TestPlatform, Value) {
    let platform = platform().await;
    let made = platform.anonymous().post("/auth/register", registration(ADA, "Acme", None)).await.expect(201);
    (platform, made.body)
}

async fn forgot(platform: &TestPlatform) -> String {
    platform.anonymous().post("/auth/forgot-password", json!({ "email": "ADA@example.com" })).await.expect(202);
    platform.token_to(ADA).await
}

async fn login(platform: &TestPlatform, password: &str) -> u16 {
    let body = json!({ "email": ADA, "password": password });
    platform.anonymous().post("/auth/login", body).await.status.as_u16()
}

/// The letter's token gives a new password, proves the address, and ends every session.
#[tokio::test]
async fn a_forgotten_password_is_replaced() {
    let (platform, session) = with_ada().await;
    let ada = platform.client(session["access_token"].as_str().unwrap());
    let token = forgot(&platform).await;
    ada.get("/contacts").await.expect(200);
    assert_eq!(login(&platform, PASSWORD).await, 200, "asking changes nothing");

    let short = json!({ "token": token, "password": "short" });
    let refused = platform.anonymous().post("/auth/reset-password", short).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/password"]);
    let body = json!({ "token": token, "password": NEW });
    platform.anonymous().post("/auth/reset-password", body.clone()).await.expect(204);
    ada.get("/contacts").await.problem(401, "unauthenticated");
    ada.get("/users/me").await.problem(401, "unauthenticated");
    let refresh = json!({ "refresh_token": session["refresh_token"] });
    platform.anonymous().post("/auth/refresh", refresh).await.problem(401, "unauthenticated");
    assert_eq!((login(&platform, PASSWORD).await, login(&platform, NEW).await), (401, 200));
    platform.anonymous().post("/auth/reset-password", body).await.problem(422, "token_invalid");

    let letters = platform.letters_to(ADA).await;
    assert_eq!(letters.last().unwrap().subject, "Your password was changed");
    let verified = "SELECT count(*) FROM platform.users WHERE email_verified_at IS NOT NULL";
    assert_eq!(count(&platform.database().superuser().await, verified).await, 1);
}

/// Of fifty that use the token at once, one sets its password.
#[tokio::test]
async fn one_of_many_wins() {
    let (platform, _) = with_ada().await;
    let token = forgot(&platform).await;
    let replies = join_all((0..50).map(|n| {
        let client = platform.anonymous();
        let body = json!({ "token": token, "password": format!("a password of number {n:03}") });
        async move { client.post("/auth/reset-password", body).await.status.as_u16() }
    }));
    let replies = replies.await;
    let winner = replies.iter().position(|status| *status == 204).unwrap();
    assert_eq!(replies.iter().filter(|status| **status == 204).count(), 1, "{replies:?}");
    assert_eq!(login(&platform, &format!("a password of number {winner:03}")).await, 200);
}

/// It works for half an hour, and not after a newer letter, nor when the address has changed since.
#[tokio::test]
async fn it_works_for_half_an_hour() {
    let (platform, _) = with_ada().await;
    let database = platform.database().superuser().await;
    let older = forgot(&platform).await;
    let token = forgot(&platform).await;
    let refused = async |token: &str| {
        let body = json!({ "token": token, "password": NEW });
        platform.anonymous().post("/auth/reset-password", body).await.problem(422, "token_invalid");
    };
    refused(&older).await;
    let life = "SELECT count(*) FROM platform.one_time_tokens WHERE purpose = 'reset_password'
        AND expires_at BETWEEN now() + interval '29 minutes' AND now() + interval '30 minutes'";
    assert_eq!(count(&database, life).await, 1);
    database.execute("UPDATE platform.users SET email = 'other@example.com'", &[]).await.unwrap();
    refused(&token).await;
    database.execute("UPDATE platform.users SET email = 'ada@example.com'", &[]).await.unwrap();
    database.execute("UPDATE platform.one_time_tokens SET expires_at = now()", &[]).await.unwrap();
    refused(&token).await;
    assert_eq!(login(&platform, PASSWORD).await, 200);
}

/// A known and an unknown address get the same answer, by the same work: one sealed row of the same length.
#[tokio::test]
async fn a_known_and_an_unknown_address_are_the_same() {
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| config.mail.mailbox = false).await;
    platform.anonymous().post("/auth/register", registration(ADA, "Acme", None)).await.expect(201);
    let database = platform.database().superuser().await;
    database.execute("DELETE FROM platform.outbox", &[]).await.unwrap();
    for path in ["/auth/forgot-password", "/auth/resend-verification"] {
        let mut seen = Vec::new();
        for email in [ADA, "bob@example.com"] {
            let reply = platform.anonymous().post(path, json!({ "email": email })).await.expect(202);
            let mut headers: Vec<_> = reply.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
            headers.retain(|line| !line.starts_with("x-request-id") && !line.starts_with("date"));
            let rows = "DELETE FROM platform.outbox RETURNING topic, octet_length(payload)";
            let rows = database.query(rows, &[]).await.unwrap();
            let rows: Vec<(String, i32)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
            assert_eq!(rows.len(), 1);
            seen.push((headers, reply.text, rows));
        }
        assert_eq!(seen[0], seen[1]);
    }
}
