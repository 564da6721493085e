//! Servers are killed in the middle of telling: nothing is lost, and what is told twice has the same id.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tenantry_core::config::Secret;
use tenantry_core::testing::TestDatabase;

use super::Receiver;
use crate::operations::program::{Server, command_on};

const KILLS: usize = 4;
const EVENTS: usize = 60;

#[tokio::test]
async fn no_kill_loses_or_reorders_an_event() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let flaky = Mutex::new(StdRng::seed_from_u64(seed ^ 1));
    let receiver =
        Receiver::answering(move |_| (if flaky.lock().unwrap().random_bool(0.2) { 500 } else { 200 }, String::new()))
            .await;
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let start = async || {
        let mut command = command_on(&database, &secret, &[]);
        command.env("TENANTRY_EGRESS_ALLOW", "127.0.0.0/8");
        Server::run(command).await
    };
    let mut server = start().await;
    let body = json!({
        "email": "ada@example.com", "password": "a long sentence is a good one", "name": "Ada",
        "organization": { "name": "Acme" },
    });
    let (status, made) = server.post("/api/v1/auth/register", &body).await;
    assert_eq!(status, 201, "{made}");
    let token = made["access_token"].as_str().unwrap().to_owned();
    let hook = post(&server, &token, "webhooks", json!({ "url": receiver.url, "events": ["contact.created"] })).await;
    let signing = hook.expect("an endpoint")["secret"].as_str().unwrap().to_owned();
    for n in 0..EVENTS {
        post(&server, &token, "contacts", json!({ "last_name": format!("Number {n}") })).await.expect("a contact");
    }

    // As if all waits and leases were over.
    let superuser = database.superuser().await;
    let hurry = "UPDATE platform.listeners SET due_at = now() WHERE due_at > now() AND (claim IS NULL OR $1)";
    let began = Instant::now();
    let mut kills: Vec<usize> = (0..KILLS).map(|_| random.random_range(1..EVENTS)).collect();
    kills.sort_unstable_by(|a, b| b.cmp(a));
    while receiver.heard().iter().map(|got| got.id().to_owned()).collect::<BTreeSet<_>>().len() < EVENTS {
        assert!(began.elapsed() < Duration::from_secs(90), "seed {seed}: {} heard", receiver.heard().len());
        if kills.last().is_some_and(|count| receiver.got().len() >= *count) {
            kills.pop();
            server.kill().await;
            server = start().await;
            superuser.execute(hurry, &[&true]).await.unwrap();
        }
        superuser.execute(hurry, &[&false]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut first = BTreeSet::new();
    let order: Vec<i64> = receiver
        .heard()
        .iter()
        .filter(|got| first.insert(got.id().to_owned()))
        .map(|got| got.body["data"]["position"].as_i64().unwrap())
        .collect();
    assert!(order.is_sorted(), "seed {seed}: {order:?}");
    assert!(receiver.got().iter().all(|got| got.is_signed_with(&signing) && got.id() == got.body["data"]["id"]));
}

async fn post(server: &Server, token: &str, path: &str, body: Value) -> Option<Value> {
    let request = server.request("POST", &format!("/api/v1/{path}")).bearer_auth(token);
    let answer = request.json(&body).send().await.ok()?;
    answer.status().is_success().then_some(())?;
    answer.json().await.ok()
}
