//! Servers are killed in the middle of an import: each row becomes one record.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tenantry_core::config::Secret;
use tenantry_core::testing::TestDatabase;

use crate::operations::program::{Server, command_on};

const ROWS: i64 = 20_000;

#[tokio::test]
async fn no_kill_doubles_or_loses_a_row() {
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
    let schema = format!("t_{}", made["organization"]["id"].as_str().unwrap().replace('-', ""));
    let request = server.request("POST", "/api/v1/imports").bearer_auth(&token);
    let new = json!({ "resource": "contacts", "duplicates": "create" });
    let import: Value = request.json(&new).send().await.unwrap().json().await.unwrap();
    let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
    let rows: String = (0..ROWS).map(|n| format!("Name {n},n{n}@example.com\n")).collect();
    let file = server.request("PUT", &format!("{path}/file")).bearer_auth(&token).header("content-type", "text/csv");
    let sent = file.body(format!("last_name,email\n{rows}")).send().await.unwrap();
    assert_eq!(sent.status(), 200, "{}", sent.text().await.unwrap());

    let superuser = database.superuser().await;
    let mut kills: Vec<i64> = (0..3).map(|_| random.random_range(0..ROWS)).collect();
    kills.sort_unstable_by(|a, b| b.cmp(a));
    let began = Instant::now();
    loop {
        let now = superuser.query_one(&format!("SELECT state, rows_done FROM {schema}.imports"), &[]).await.unwrap();
        let (state, done): (String, i64) = (now.get(0), now.get(1));
        if state != "running" {
            assert_eq!(state, "done", "seed {seed}");
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(90), "seed {seed}: {done}");
        if kills.last().is_some_and(|kill| done >= *kill) {
            kills.pop();
            server.kill().await;
            server = start().await;
            // As if the lease were over.
            let hurry = "UPDATE platform.outbox SET due_at = now(), turn = now() WHERE topic = 'import'";
            superuser.execute(hurry, &[]).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let sql = format!("SELECT count(*), count(DISTINCT email) FROM {schema}.contacts");
    let row = superuser.query_one(&sql, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (ROWS, ROWS), "seed {seed}");
    let sql = format!("SELECT rows_done, created FROM {schema}.imports");
    let row = superuser.query_one(&sql, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (ROWS, ROWS), "seed {seed}");
}
