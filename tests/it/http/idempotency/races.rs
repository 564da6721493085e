//! Many at once with one key, over two processes.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tenantry_core::testing::{Reply, TestClient};
use tokio_postgres::Client;

use super::{create, post};
use crate::platform;
use crate::support::{count, superuser_in};

/// Locks of keys in this database: all advisory ones but that of whoever seals the journals.
pub(super) const LOCKS: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted \
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
    AND (classid::bigint << 32 | objid::bigint) <> hashtextextended('tenantry seal journals', 0)";

/// Exactly one is made; the others are told to come again, or get its answer.
fn one_made(replies: &[Reply]) {
    let made = replies.iter().filter(|reply| reply.status == 201 && reply.header("idempotent-replayed").is_empty());
    assert_eq!(made.count(), 1);
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        assert_eq!((reply.status.as_u16(), reply.code()), (409, "idempotency_key_in_flight"), "{}", reply.text);
        assert_eq!(reply.header("retry-after"), "1");
    }
}

#[tokio::test]
async fn fifty_at_once_make_one() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let neighbour = platform.beside().await;
    let clients = [acme.owner().clone(), neighbour.client(acme.owner().token())];
    let replies = join_all((0..50).map(|n| create(&clients[n % 2], "k", "Lovelace"))).await;
    one_made(&replies);
    let role = json!({ "name": "Front desk", "permissions": ["contacts.read"] });
    let replies = join_all((0..50).map(|n| post(&clients[n % 2], "/roles", "k", &role))).await;
    one_made(&replies);
    let database = superuser_in(&platform, &acme).await;
    assert_eq!(count(&database, "SELECT count(*) FROM contacts").await, 1);
    assert_eq!(count(&database, "SELECT count(*) FROM platform.custom_roles").await, 1);
    assert_eq!(count(&database, LOCKS).await, 0);
}

/// While the first one is under way, the second is answered at once and does not wait for it.
#[tokio::test]
async fn in_flight_is_answered_at_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (database, watcher) = (superuser_in(&platform, &acme).await, superuser_in(&platform, &acme).await);
    let path = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let path = path.header("location").to_owned();
    database.batch_execute("BEGIN; SELECT 1 FROM contacts FOR UPDATE").await.unwrap();
    let (owner, own) = (acme.owner().clone(), path.clone());
    let first = tokio::spawn(async move { change(&owner, &own).await });
    claimed(&watcher).await;
    let second = change(acme.owner(), &path).await.problem(409, "idempotency_key_in_flight");
    assert_eq!(second.header("retry-after"), "1");
    assert!(!first.is_finished(), "the second one has waited");
    database.batch_execute("ROLLBACK").await.unwrap();
    let first = first.await.unwrap().expect(200);
    assert_eq!(change(acme.owner(), &path).await.expect(200).text, first.text);
}

async fn change(client: &TestClient, path: &str) -> Reply {
    let request = client.request(Method::PATCH, path).header("if-match", "\"1\"").header("idempotency-key", "k");
    client.send(request.json(&json!({ "company": "Engines" }))).await
}

/// Waits until somebody holds a key's lock.
pub(super) async fn claimed(watcher: &Client) {
    let began = Instant::now();
    while count(watcher, LOCKS).await == 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody claims the key");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
