//! `POST /api/v1/auth/refresh`

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestPlatform};
use tokio_postgres::Client;

use super::registration;
use crate::platform;
use crate::support::ANY_OWNER;
use crate::support::{count, rounds};

async fn signed_in(platform: &TestPlatform) -> Value {
    let body = registration("ada@example.com", "Acme", Some("acme"));
    platform.anonymous().post("/auth/register", body).await.expect(201).body
}

async fn refresh(platform: &TestPlatform, token: &Value) -> Reply {
    platform.anonymous().post("/auth/refresh", json!({ "refresh_token": token })).await
}

/// Makes the last rotation of every session look older, instead of waiting.
async fn let_pass(database: &Client, seconds: i32) {
    let sql = "UPDATE platform.sessions SET rotated_at = rotated_at - make_interval(secs => $1)";
    database.execute(sql, &[&f64::from(seconds)]).await.unwrap();
}

async fn generation(database: &Client) -> i64 {
    count(database, "SELECT max(generation)::bigint FROM platform.sessions").await
}

/// A refresh token gives a new pair of the same session, and the next one does too.
#[tokio::test]
async fn a_refresh_token_gives_the_next_pair() {
    let platform = platform().await;
    let first = signed_in(&platform).await;
    let second = refresh(&platform, &first["refresh_token"]).await.expect(200);
    assert_eq!(second.header("cache-control"), "no-store");
    for field in ["user", "organization", "token_type", "expires_in"] {
        assert_eq!(second.body[field], first[field], "{field}");
    }
    assert_ne!(second.body["refresh_token"], first["refresh_token"]);
    let third = refresh(&platform, &second.body["refresh_token"]).await.expect(200);
    for body in [&first, &second.body, &third.body] {
        platform.client(body["access_token"].as_str().unwrap()).get("/contacts").await.expect(200);
    }
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.sessions").await, 1);
}

/// Twenty uses of one token at once, again and again, each time give one successor by one rotation. `TENANTRY_ROUNDS=1000`
/// for as many.
#[tokio::test]
async fn uses_at_once_have_one_successor() {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    let mut token = signed_in(&platform).await["refresh_token"].clone();
    for round in 1..=rounds(50) {
        let replies = join_all((0..20).map(|_| refresh(&platform, &token))).await;
        let next = replies[0].body["refresh_token"].clone();
        for reply in replies {
            assert_eq!(reply.expect(200).body["refresh_token"], next);
        }
        assert_eq!(generation(&database).await, i64::try_from(round).unwrap());
        token = next;
    }
}

/// Within the grace a token gives its successor again; later it tells of a copy, and ends the session for both.
#[tokio::test]
async fn a_used_token_ends_the_session_once_the_grace_is_over() {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    let first = signed_in(&platform).await;
    let second = refresh(&platform, &first["refresh_token"]).await.expect(200).body;
    let_pass(&database, 8).await;
    let again = refresh(&platform, &first["refresh_token"]).await.expect(200).body;
    assert_eq!(again["refresh_token"], second["refresh_token"]);

    let_pass(&database, 3).await;
    refresh(&platform, &first["refresh_token"]).await.problem(401, "unauthenticated");
    refresh(&platform, &second["refresh_token"]).await.problem(401, "unauthenticated");
    let access = platform.client(second["access_token"].as_str().unwrap());
    access.get("/contacts").await.problem(401, "unauthenticated");
    access.get("/users/me").await.problem(401, "unauthenticated");
}

/// The one before the last ends the session at any time: no lost answer explains it.
#[tokio::test]
async fn a_grandparent_ends_the_session() {
    let platform = platform().await;
    let first = signed_in(&platform).await;
    let second = refresh(&platform, &first["refresh_token"]).await.expect(200).body;
    let third = refresh(&platform, &second["refresh_token"]).await.expect(200).body;
    refresh(&platform, &first["refresh_token"]).await.problem(401, "unauthenticated");
    refresh(&platform, &third["refresh_token"]).await.problem(401, "unauthenticated");
}

/// A second use that is one too many is written down once, with whose it was and where it came from.
#[tokio::test]
async fn a_reuse_is_written_down() {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    let first = signed_in(&platform).await;
    let second = refresh(&platform, &first["refresh_token"]).await.expect(200).body;
    refresh(&platform, &first["refresh_token"]).await.expect(200);
    let noted = "SELECT count(*) FROM platform.audit_entries WHERE action = 'refresh.reused'";
    assert_eq!(count(&database, noted).await, 0);
    refresh(&platform, &second["refresh_token"]).await.expect(200);
    join_all((0..10).map(|_| refresh(&platform, &first["refresh_token"]))).await;
    assert_eq!(count(&database, noted).await, 1);
    let sql = "SELECT count(*) FROM platform.audit_entries a JOIN platform.sessions s ON s.user_id = a.user_id
        WHERE a.action = 'refresh.reused' AND a.tenant = s.tenant_id AND a.details->>'session' = s.id::text
            AND a.address = '127.0.0.1' AND s.ended_at IS NOT NULL";
    assert_eq!(count(&database, sql).await, 1);
}

/// A new access token has the role that the member has by now.
#[tokio::test]
async fn the_role_is_the_present_one() {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    let session = signed_in(&platform).await;
    database.batch_execute(&format!("{ANY_OWNER} UPDATE platform.memberships SET role = 'viewer'")).await.unwrap();
    let access = platform.client(session["access_token"].as_str().unwrap());
    access.get("/contacts").await.problem(401, "unauthenticated");

    let next = refresh(&platform, &session["refresh_token"]).await.expect(200).body;
    assert_eq!(next["organization"]["role"], "viewer");
    let viewer = platform.client(next["access_token"].as_str().unwrap());
    viewer.get("/contacts").await.expect(200);
    viewer.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "forbidden");
}

/// In a suspended organization nobody gets tokens, and everybody does again once it is active.
#[tokio::test]
async fn a_suspended_organization_gives_no_tokens() {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    let session = signed_in(&platform).await;
    database.batch_execute("UPDATE platform.tenants SET status = 'suspended'").await.unwrap();
    refresh(&platform, &session["refresh_token"]).await.problem(409, "no_organization");
    assert_eq!(generation(&database).await, 0);
    database.batch_execute("UPDATE platform.tenants SET status = 'active'").await.unwrap();
    refresh(&platform, &session["refresh_token"]).await.expect(200);
}

/// Whoever was removed, has logged out or stayed away too long gets no tokens.
#[tokio::test]
async fn a_dead_session_gives_no_tokens() {
    for end in [
        "DELETE FROM platform.memberships",
        "UPDATE platform.sessions SET ended_at = now()",
        "UPDATE platform.sessions SET expires_at = now()",
        "DELETE FROM platform.sessions",
    ] {
        let platform = platform().await;
        let session = signed_in(&platform).await;
        platform.database().superuser().await.batch_execute(&format!("{ANY_OWNER} {end}")).await.unwrap();
        refresh(&platform, &session["refresh_token"]).await.problem(401, "unauthenticated");
    }
}

/// What is no refresh token is refused with the same words, and an access token is none, nor the other way round.
#[tokio::test]
async fn no_other_token_will_do() {
    let platform = platform().await;
    let session = signed_in(&platform).await;
    let token = session["refresh_token"].as_str().unwrap();
    let mut touched = token.to_owned().into_bytes();
    touched[10] = if touched[10] == b'A' { b'B' } else { b'A' };
    let touched = String::from_utf8(touched).unwrap();
    let mut refusals = Vec::new();
    for wrong in ["tnr_", "x", &touched, &token[4..], &token[..token.len() - 1], &format!("{token}A")] {
        refusals.push(refresh(&platform, &json!(wrong)).await.problem(401, "unauthenticated").text);
    }
    assert!(refusals.iter().all(|text| *text == refusals[0]), "{refusals:?}");
    refresh(&platform, &session["access_token"]).await.problem(422, "invalid");
    platform.client(token).get("/contacts").await.problem(401, "unauthenticated");
    refresh(&platform, &session["refresh_token"]).await.expect(200);
}

/// Where and with what a session is used is kept up to date, and using it prolongs it.
#[tokio::test]
async fn a_refresh_tells_where_the_session_is() {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    let session = signed_in(&platform).await;
    let sql =
        "UPDATE platform.sessions SET last_used_at = now() - interval '1 day', expires_at = now() + interval '1 hour'";
    database.batch_execute(sql).await.unwrap();
    let anonymous = platform.anonymous();
    let request = anonymous.request(reqwest::Method::POST, "/auth/refresh").header("user-agent", "Analytical/1");
    let request = request.json(&json!({ "refresh_token": session["refresh_token"] }));
    let next = anonymous.send(request).await.expect(200).body;
    let listed = platform.client(next["access_token"].as_str().unwrap()).get("/auth/sessions").await.expect(200);
    let item = &listed.items()[0];
    assert_eq!((&item["device"], &item["address"]), (&json!("Analytical/1"), &json!("127.0.0.1")));
    let fresh = "SELECT count(*) FROM platform.sessions WHERE last_used_at > now() - interval '1 minute'
        AND expires_at > now() + interval '29 days'";
    assert_eq!(count(&database, fresh).await, 1);
}

/// The grace is a matter of configuration; without any, a second use is one too many.
#[tokio::test]
async fn the_grace_can_be_nothing() {
    let change = |config: &mut tenantry_core::config::Config| config.identity.refresh_grace = Duration::ZERO;
    let platform = TestPlatform::start_with(tenantry::MODULES, change).await;
    let session = signed_in(&platform).await;
    refresh(&platform, &session["refresh_token"]).await.expect(200);
    refresh(&platform, &session["refresh_token"]).await.problem(401, "unauthenticated");
}
