//! `kill -9` of the server in the middle of a request with a key.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tenantry_core::config::Secret;
use tenantry_core::testing::TestDatabase;

use super::races::{LOCKS, claimed};
use crate::operations::program::{Server, command_on};
use crate::support::count;

async fn change(server: &Server, token: &str, id: &str) -> (u16, Value) {
    let request = server.request("PATCH", &format!("/api/v1/contacts/{id}")).bearer_auth(token);
    let request = request.header("idempotency-key", "k").header("if-match", "\"1\"");
    match request.json(&json!({ "company": "Engines" })).send().await {
        Ok(response) => (response.status().as_u16(), response.json().await.unwrap_or_default()),
        Err(_) => (0, Value::Null),
    }
}

/// It leaves neither the change nor its record nor a lock: the next server makes the change, once.
#[tokio::test]
async fn a_killed_server_leaves_no_lock() {
    let (database, secret) = (TestDatabase::create().await, Secret::generate());
    let server = Server::run(command_on(&database, &secret, &[])).await;
    let registration = json!({
        "email": "ada@example.com", "password": "correct horse battery staple", "name": "Ada",
        "organization": { "name": "Acme", "slug": "acme" },
    });
    let (status, registered) = server.post("/api/v1/auth/register", &registration).await;
    assert_eq!(status, 201, "{registered}");
    let token = registered["access_token"].as_str().unwrap();
    let (holder, watcher) = (database.superuser().await, database.superuser().await);
    let schema: String =
        holder.query_one("SELECT 't_' || replace(id::text, '-', '') FROM platform.tenants", &[]).await.unwrap().get(0);
    let request = server.request("POST", "/api/v1/contacts").bearer_auth(token);
    let made = request.json(&json!({ "last_name": "Lovelace" })).send().await.unwrap();
    let made: Value = made.json().await.unwrap();
    let id = made["id"].as_str().unwrap();
    holder.batch_execute(&format!("SET search_path TO {schema}")).await.unwrap();
    holder.batch_execute("BEGIN; SELECT 1 FROM contacts FOR UPDATE").await.unwrap();
    let killed = async {
        claimed(&watcher).await;
        server.kill().await;
    };
    let ((status, _), ()) = futures_util::future::join(change(&server, token, id), killed).await;
    assert_eq!(status, 0, "it was killed before it could answer");
    holder.batch_execute("ROLLBACK").await.unwrap();
    let began = Instant::now();
    while count(&watcher, LOCKS).await > 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "the lock stays");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let server = Server::run(command_on(&database, &secret, &[])).await;
    let (status, changed) = change(&server, token, id).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(change(&server, token, id).await, (200, changed));
    assert_eq!(count(&holder, "SELECT version FROM contacts").await, 2);
    assert_eq!(count(&holder, "SELECT count(*) FROM idempotency").await, 1);
}
