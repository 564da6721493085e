//! `/api/v1/auth/sessions`, `POST /api/v1/auth/logout` and `/logout-all`

use std::time::Duration;

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestPlatform};

use super::{PASSWORD, registration};
use crate::platform;
use crate::support::{ANY_OWNER, count};

/// Ada with a number of sessions; the first is that of her registration.
async fn ada(platform: &TestPlatform, sessions: usize) -> Vec<Value> {
    let body = registration("ada@example.com", "Acme", Some("acme"));
    let mut all = vec![platform.anonymous().post("/auth/register", body).await.expect(201).body];
    for _ in 1..sessions {
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        all.push(platform.anonymous().post("/auth/login", body).await.expect(200).body);
    }
    all
}

fn client(platform: &TestPlatform, session: &Value) -> TestClient {
    platform.client(session["access_token"].as_str().unwrap())
}

/// Nothing of a session is of any use any more.
async fn is_over(platform: &TestPlatform, session: &Value) {
    for path in ["/contacts", "/organization", "/users/me", "/auth/sessions"] {
        client(platform, session).get(path).await.problem(401, "unauthenticated");
    }
    let body = json!({ "refresh_token": session["refresh_token"] });
    platform.anonymous().post("/auth/refresh", body).await.problem(401, "unauthenticated");
}

/// A log-out ends this session at once, and no other.
#[tokio::test]
async fn a_log_out_ends_this_session() {
    let platform = platform().await;
    let sessions = ada(&platform, 2).await;
    client(&platform, &sessions[0]).post("/auth/logout", json!({})).await.expect(204);
    is_over(&platform, &sessions[0]).await;
    client(&platform, &sessions[0]).post("/auth/logout", json!({})).await.problem(401, "unauthenticated");
    client(&platform, &sessions[1]).get("/contacts").await.expect(200);
}

/// A log-out everywhere ends all sessions of this person, and of nobody else.
#[tokio::test]
async fn a_log_out_everywhere_ends_all() {
    let platform = platform().await;
    let sessions = ada(&platform, 3).await;
    let other = platform.organization("Beta").await;
    client(&platform, &sessions[1]).post("/auth/logout-all", json!({})).await.expect(204);
    for session in &sessions {
        is_over(&platform, session).await;
    }
    other.owner().get("/contacts").await.expect(200);
}

/// The list tells where one is signed in, and which session asks.
#[tokio::test]
async fn sessions_are_listed() {
    let platform = platform().await;
    let sessions = ada(&platform, 3).await;
    platform.organization("Beta").await;
    let listed = client(&platform, &sessions[1]).get("/auth/sessions?sort=created_at").await.expect(200);
    let current: Vec<bool> = listed.items().iter().map(|item| item["current"].as_bool().unwrap()).collect();
    assert_eq!(current, [false, true, false]);
    for item in listed.items() {
        assert_eq!(item["organization"]["slug"], "acme");
        assert_eq!(item["address"], "127.0.0.1");
        for time in ["created_at", "last_used_at", "expires_at"] {
            assert!(item[time].as_str().is_some_and(|time| time.ends_with('Z')), "{item}");
        }
    }
    let mut walked = Vec::new();
    let mut path = "/auth/sessions?limit=1".to_owned();
    loop {
        let page = client(&platform, &sessions[0]).get(&path).await.expect(200);
        walked.extend(page.items().iter().map(|item| item["id"].clone()));
        match page.body["next_cursor"].as_str() {
            Some(cursor) => path = format!("/auth/sessions?limit=1&cursor={cursor}"),
            None => break,
        }
    }
    let mut newest_first: Vec<Value> = listed.items().iter().map(|item| item["id"].clone()).collect();
    newest_first.reverse();
    assert_eq!(walked, newest_first);
}

/// One of my sessions can be ended from another one; somebody else's looks as if it did not exist.
#[tokio::test]
async fn a_session_is_ended_from_another() {
    let platform = platform().await;
    let sessions = ada(&platform, 2).await;
    let listed = client(&platform, &sessions[0]).get("/auth/sessions").await.expect(200);
    let other = listed.items().iter().find(|item| item["current"] == false).unwrap();
    let path = format!("/auth/sessions/{}", other["id"].as_str().unwrap());

    let stranger = platform.organization("Beta").await;
    let foreign = stranger.owner().delete(&path).await.problem(404, "not_found");
    let unknown = format!("/auth/sessions/{}", uuid::Uuid::new_v4());
    assert_eq!(stranger.owner().delete(&unknown).await.text, foreign.text);

    client(&platform, &sessions[0]).delete(&path).await.expect(204);
    is_over(&platform, &sessions[1]).await;
    client(&platform, &sessions[0]).delete(&path).await.problem(404, "not_found");
    assert_eq!(client(&platform, &sessions[0]).get("/auth/sessions").await.expect(200).items().len(), 1);
}

/// Whoever belongs to no organization is signed in all the same, as a person and to nothing else.
#[tokio::test]
async fn a_person_needs_no_organization() {
    let platform = platform().await;
    ada(&platform, 1).await;
    let database = platform.database().superuser().await;
    database.batch_execute(&format!("{ANY_OWNER} DELETE FROM platform.memberships")).await.unwrap();
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let session = platform.anonymous().post("/auth/login", body).await.expect(200).body;
    assert_eq!(session["organization"], Value::Null);
    let me = client(&platform, &session);
    me.get("/users/me").await.expect(200);
    me.get("/contacts").await.problem(403, "no_organization");
    let listed = me.get("/auth/sessions").await.expect(200);
    assert_eq!((listed.items().len(), &listed.items()[0]["organization"]), (1, &Value::Null));

    let body = json!({ "refresh_token": session["refresh_token"] });
    let next = platform.anonymous().post("/auth/refresh", body).await.expect(200).body;
    assert_eq!(next["organization"], Value::Null);
    client(&platform, &next).post("/auth/logout", json!({})).await.expect(204);
    client(&platform, &next).get("/users/me").await.problem(401, "unauthenticated");
    let body = json!({ "refresh_token": next["refresh_token"] });
    platform.anonymous().post("/auth/refresh", body).await.problem(401, "unauthenticated");
}

/// What is long over is deleted, and nothing else.
#[tokio::test]
async fn old_sessions_are_swept() {
    let often = |config: &mut tenantry_core::config::Config| config.identity.session_sweep = Duration::from_millis(20);
    let platform = TestPlatform::start_with(tenantry::MODULES, often).await;
    let sessions = ada(&platform, 3).await;
    let database = platform.database().superuser().await;
    let age = |newest: i64, days: i32| {
        let sql = "UPDATE platform.sessions SET expires_at = now() - make_interval(days => $2)
            WHERE id = (SELECT id FROM platform.sessions ORDER BY created_at DESC OFFSET $1 LIMIT 1)";
        let database = &database;
        async move { database.execute(sql, &[&newest, &days]).await.unwrap() }
    };
    age(0, 31).await;
    for _ in 0..500 {
        if count(&database, "SELECT count(*) FROM platform.sessions").await == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    age(0, 29).await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.sessions").await, 2);
    client(&platform, &sessions[0]).get("/contacts").await.expect(200);
}
