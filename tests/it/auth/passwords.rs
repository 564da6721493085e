//! Which passwords can be chosen, and how they are kept.

use serde_json::json;

use super::{PASSWORD, registration};
use crate::platform;

/// What others would try first cannot be chosen, be it common, a pattern, or one's own name.
#[tokio::test]
async fn a_guessable_password_is_refused() {
    let platform = platform().await;
    for password in [
        "passwordpassword",
        "Password12345678",
        "qwertyuiopasdfghjkl",
        "aaaaaaaaaaaaaaaaaaaaaaa",
        "ada.lovelace@example.com",
        "analytical engines 2024",
    ] {
        let mut body = registration("ada.lovelace@example.com", "Analytical Engines", None);
        body["password"] = json!(password);
        let refused = platform.anonymous().post("/auth/register", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), ["/password"], "{password}");
        assert!(refused.reason("/password").starts_with("easily guessed"), "{}", refused.text);
    }
}

/// There is no rule of how a password is composed, and none is cut off.
#[tokio::test]
async fn a_long_sentence_is_a_password() {
    let platform = platform().await;
    let long = "the engine weaves algebraic patterns; ".repeat(26);
    for (n, password) in
        ["nineteen loud geese march north", "七つの海を渡る風は誰のものでもない", &long].iter().enumerate()
    {
        let mut body = registration(&format!("{n}@example.com"), &format!("Organization {n}"), None);
        body["password"] = json!(password);
        platform.anonymous().post("/auth/register", body).await.expect(201);
        let sign_in = |password: String| {
            let anonymous = platform.anonymous();
            async move {
                anonymous
                    .post("/auth/login", json!({ "email": format!("{n}@example.com"), "password": password }))
                    .await
            }
        };
        let mut cut = (*password).to_owned();
        cut.pop();
        sign_in(cut).await.problem(401, "unauthenticated");
        sign_in((*password).to_owned()).await.expect(200);
    }
}

/// A hash of older parameters is replaced by one of today's when its person signs in, and is as good until then.
#[tokio::test]
async fn an_old_hash_is_renewed() {
    let platform = platform().await;
    let body = registration("ada@example.com", "Acme", None);
    platform.anonymous().post("/auth/register", body).await.expect(201);
    let database = platform.database().superuser().await;
    let old = "$argon2id$v=19$m=64,t=1,p=1$6Rh/avJLFE++PlYpz5OT+Q$LYBN/PRAbECsOkWCoyF4VeAQncA/+xvaCofim4S3d+Q";
    database.execute("UPDATE platform.users SET password_hash = $1", &[&old]).await.unwrap();
    let stored = async || -> String {
        database.query_one("SELECT password_hash FROM platform.users", &[]).await.unwrap().get(0)
    };
    let sign_in = async |password: &str| {
        platform.anonymous().post("/auth/login", json!({ "email": "ada@example.com", "password": password })).await
    };
    sign_in("wrong horse battery staple").await.expect(401);
    assert_eq!(stored().await, old);
    sign_in(PASSWORD).await.expect(200);
    let renewed = stored().await;
    assert!(renewed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{renewed}");
    sign_in(PASSWORD).await.expect(200);
    assert_eq!(stored().await, renewed);
}
