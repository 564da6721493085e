//! Signing keys that are replaced while servers run.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tenantry_core::identity::Tokens;
use tenantry_core::module::Modules;
use tenantry_core::platform::Platform;
use tenantry_core::testing::{TestClient, TestPlatform};

use super::tokens::part;
use super::{PASSWORD, registration};
use crate::platform;

/// A second process on the same database.
async fn beside(platform: &TestPlatform) -> Platform {
    let (config, database) = (platform.platform().config().clone(), platform.database());
    let modules = Modules::collect(tenantry::MODULES).unwrap();
    Platform::start(config, database.logins().clone(), database.secret(), modules).await.unwrap()
}

async fn kids(platform: &TestPlatform) -> Vec<String> {
    let jwks = platform.anonymous().get("/.well-known/jwks.json").await.expect(200);
    jwks.body["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// A token that another process has signed with the key of this id, for the session of `client`.
fn signed_elsewhere(platform: &TestPlatform, client: &TestClient, kid: &str) -> String {
    let config = &platform.platform().config().identity;
    let theirs = Tokens::new(platform.database().secret(), &[kid.to_owned()], config).unwrap();
    let own = part(client.token(), 0)["kid"].as_str().unwrap().to_owned();
    let ours = Tokens::new(platform.database().secret(), &[own], config).unwrap();
    let claims = ours.verify(client.token()).unwrap();
    let home = claims.home.as_deref().cloned();
    theirs
        .sign(&tenantry_core::identity::Subject { user: claims.user, session: claims.session, home, support: false })
        .unwrap()
}

/// A server learns of a key that another process has made from the first token of it; the old one still verifies.
#[tokio::test]
async fn a_server_learns_of_a_new_key_from_a_token() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let old = kids(&platform).await;
    let new = beside(&platform).await.rotate_keys().await.unwrap();
    assert_eq!(kids(&platform).await, old, "it does not know yet");

    let token = signed_elsewhere(&platform, acme.owner(), &new);
    platform.client(&token).get("/contacts").await.expect(200);
    acme.owner().get("/contacts").await.expect(200);
    assert_eq!(kids(&platform).await, [new.clone(), old[0].clone()]);

    let body = registration("ada@example.com", "Other", None);
    let session = platform.anonymous().post("/auth/register", body).await.expect(201).body;
    assert_eq!(part(session["access_token"].as_str().unwrap(), 0)["kid"], new);
}

/// A server learns of a new key by itself after a while, and forgets an old one when its last token has expired.
#[tokio::test]
async fn a_server_learns_by_itself() {
    let change = |config: &mut tenantry_core::config::Config| config.identity.key_refresh = Duration::from_millis(20);
    let platform = TestPlatform::start_with(tenantry::MODULES, change).await;
    let acme = platform.organization("Acme").await;
    let other = beside(&platform).await;
    let new = other.rotate_keys().await.unwrap();
    wait_for(async || kids(&platform).await.first() == Some(&new)).await;
    acme.owner().get("/contacts").await.expect(200);

    let database = platform.database().superuser().await;
    let sql = "UPDATE platform.signing_keys SET retires_at = now() WHERE retires_at IS NOT NULL";
    database.batch_execute(sql).await.unwrap();
    wait_for(async || kids(&platform).await == [new.clone()]).await;
    acme.owner().get("/contacts").await.problem(401, "unauthenticated");
    let me = acme.owner().get("/users/me").await.problem(401, "unauthenticated");
    assert_eq!(me.header("www-authenticate"), "Bearer");
}

async fn wait_for(mut there: impl AsyncFnMut() -> bool) {
    for _ in 0..500 {
        if there().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come");
}

/// The old key verifies for longer than any token that it may still have signed.
#[tokio::test]
async fn an_old_key_outlives_its_tokens() {
    let platform = platform().await;
    platform.platform().rotate_keys().await.unwrap();
    let database = platform.database().superuser().await;
    let sql = "SELECT extract(epoch FROM min(retires_at) - now())::float8 FROM platform.signing_keys";
    let left: f64 = database.query_one(sql, &[]).await.unwrap().get(0);
    let config = &platform.platform().config().identity;
    assert!(left > (config.access_ttl + 2 * config.key_refresh).as_secs_f64(), "{left}");
}

/// Tokens of made-up keys are refused, however many come, and make nobody else wait.
#[tokio::test]
async fn made_up_keys_are_refused() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made_up = |n: u32| signed_elsewhere(&platform, acme.owner(), &format!("{n:032x}"));
    let attack = (0..50).map(|n| platform.client(&made_up(n)));
    let attack: Vec<TestClient> = attack.collect();
    let refused = futures_util::future::join_all(attack.iter().map(|client| client.get("/contacts")));
    let started = std::time::Instant::now();
    let (refused, _) = tokio::join!(refused, async {
        for _ in 0..5 {
            acme.owner().get("/contacts").await.expect(200);
        }
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    });
    for reply in refused {
        reply.problem(401, "unauthenticated");
    }
    let body = json!({ "email": "nobody@example.com", "password": PASSWORD });
    let anonymous = platform.anonymous();
    let reply = anonymous.send(anonymous.request(Method::POST, "/auth/login").json(&body)).await;
    assert_eq!(reply.body["code"], Value::from("unauthenticated"));
}
