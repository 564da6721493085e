//! `tenantry work`, and what of the journal survives whom.

use std::process::Stdio;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tenantry_core::config::Secret;
use tenantry_core::testing::TestDatabase;
use tokio_postgres::Client;

use super::program::{Server, command_on};
use crate::support::count;

async fn found(server: &Server) -> (String, String) {
    let body = json!({
        "email": "ada@example.com", "password": "a long sentence is a good one", "name": "Ada",
        "organization": { "name": "Acme", "slug": "acme" },
    });
    let (status, made) = server.post("/api/v1/auth/register", &body).await;
    assert_eq!(status, 201, "{made}");
    let id = made["organization"]["id"].as_str().expect("an id").replace('-', "");
    (made["access_token"].as_str().expect("a token").to_owned(), format!("t_{id}.journal"))
}

async fn create(server: &Server, token: &str, name: &str) -> Option<String> {
    let request = server.request("POST", "/api/v1/contacts").bearer_auth(token);
    let answer = request.json(&json!({ "last_name": name })).send().await.ok()?;
    let made: Value = answer.json().await.ok()?;
    Some(made["id"].as_str()?.to_owned())
}

async fn until_sealed(superuser: &Client, journal: &str) {
    let began = Instant::now();
    while count(
        superuser,
        &format!("SELECT count(*) FROM {journal} LEFT JOIN {journal}_seals USING (number) WHERE position IS NULL"),
    )
    .await
        > 0
    {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody seals");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A server can leave the work to others, who do it and stop when they are told to.
#[tokio::test]
async fn the_work_can_be_done_elsewhere() {
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let server = Server::run(command_on(&database, &secret, &["serve", "--no-work"])).await;
    let (token, journal) = found(&server).await;
    create(&server, &token, "Lovelace").await.expect("a contact");
    let superuser = database.superuser().await;
    assert_eq!(count(&superuser, &format!("SELECT count(*) FROM {journal}_seals")).await, 0);

    let mut worker = command_on(&database, &secret, &["work"]).stderr(Stdio::null()).spawn().expect("a worker");
    until_sealed(&superuser, &journal).await;
    let id = worker.id().expect("a process").to_string();
    assert!(tokio::process::Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    let ended = tokio::time::timeout(Duration::from_secs(20), worker.wait()).await.expect("an end").unwrap();
    assert!(ended.success(), "{ended}");
}

/// Whenever a server is killed: what it acknowledged is there, and each change has its entry and no entry lacks its change.
#[tokio::test]
async fn a_killed_server_leaves_as_many_entries_as_changes() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let (token, journal) = found(&Server::run(command_on(&database, &secret, &[])).await).await;
    let superuser = database.superuser().await;
    let mut acknowledged = Vec::new();
    for round in 0..5 {
        let server = Server::run(command_on(&database, &secret, &[])).await;
        let names: Vec<String> = (0..40).map(|n| format!("Number {round} {n}")).collect();
        let creating = join_all(names.iter().map(|name| create(&server, &token, name)));
        let mut creating = std::pin::pin!(creating);
        let patience = Duration::from_millis(random.random_range(0..120));
        let made = match tokio::time::timeout(patience, &mut creating).await {
            Ok(made) => made,
            Err(_) => futures_util::future::join(creating, server.kill()).await.0,
        };
        acknowledged.extend(made.into_iter().flatten());
    }
    let _server = Server::run(command_on(&database, &secret, &[])).await;
    until_sealed(&superuser, &journal).await;
    let contacts = journal.replace("journal", "contacts");
    let there = superuser.query(&format!("SELECT id::text FROM {contacts}"), &[]).await.unwrap();
    let there: Vec<String> = there.iter().map(|row| row.get(0)).collect();
    for id in &acknowledged {
        assert!(there.contains(id), "{id} was acknowledged and is lost");
    }
    let differ = format!(
        "SELECT count(*) FROM {contacts} c FULL JOIN {journal} j ON j.record = c.id::text AND j.change = 'created'
         WHERE c.id IS NULL AND j.resource = 'contacts' OR j.id IS NULL"
    );
    assert_eq!(count(&superuser, &differ).await, 0);
    let gaps = format!("SELECT max(position) - count(*) FROM {journal}_seals");
    assert_eq!(count(&superuser, &gaps).await, 0);
}
