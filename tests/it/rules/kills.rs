//! Servers are killed in the middle of running: each event has one run, and each record was changed once.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tenantry_core::config::Secret;
use tenantry_core::testing::TestDatabase;

use super::set;
use crate::operations::program::{Server, command_on};
use crate::support::count;

const KILLS: usize = 3;
const EVENTS: i64 = 60;

#[tokio::test]
async fn no_kill_loses_or_doubles_a_run() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let start = async || Server::run(command_on(&database, &secret, &[])).await;
    let mut server = start().await;
    let body = json!({
        "email": "ada@example.com", "password": "a long sentence is a good one", "name": "Ada",
        "organization": { "name": "Acme" },
    });
    let (status, made) = server.post("/api/v1/auth/register", &body).await;
    assert_eq!(status, 201, "{made}");
    let token = made["access_token"].as_str().unwrap().to_owned();
    let rule = json!({ "name": "A rule", "events": ["contact.created"], "actions": [set("notes", "seen")] });
    post(&server, &token, "rules", rule).await;
    for n in 0..EVENTS {
        post(&server, &token, "contacts", json!({ "last_name": format!("Number {n}") })).await;
    }

    // As if all leases were over.
    let superuser = database.superuser().await;
    let schema = format!("t_{}", made["organization"]["id"].as_str().unwrap().replace('-', ""));
    let runs = format!("SELECT count(*) FROM {schema}.rule_runs");
    let hurry = "UPDATE platform.listeners SET due_at = now() WHERE due_at > now() AND (claim IS NULL OR $1)";
    let began = Instant::now();
    let mut kills: Vec<i64> = (0..KILLS).map(|_| random.random_range(1..EVENTS)).collect();
    kills.sort_unstable_by(|a, b| b.cmp(a));
    loop {
        let run = count(&superuser, &runs).await;
        if kills.last().is_some_and(|count| run >= *count) {
            kills.pop();
            server.kill().await;
            server = start().await;
            superuser.execute(hurry, &[&true]).await.unwrap();
        } else if run >= EVENTS {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(90), "seed {seed}: {run} runs");
        superuser.execute(hurry, &[&false]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let wrong = format!("SELECT count(*) FROM {schema}.contacts WHERE version <> 2 OR notes IS DISTINCT FROM 'seen'");
    assert_eq!((count(&superuser, &runs).await, count(&superuser, &wrong).await), (EVENTS, 0), "seed {seed}");
}

async fn post(server: &Server, token: &str, path: &str, body: Value) {
    let request = server.request("POST", &format!("/api/v1/{path}")).bearer_auth(token);
    let answer = request.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
}
