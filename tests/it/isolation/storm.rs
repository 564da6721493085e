//! A storm of requests whose clients go away at random moments, over a pool of four connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tenantry_core::testing::{TestOrganization, TestPlatform};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_postgres::Client;

const LANES: usize = 4;
const CLIENTS: u64 = 12;
const REQUESTS: usize = 170;

/// What a storm saw.
#[derive(Default)]
struct Log {
    aborted: AtomicUsize,
    answered: AtomicUsize,
}

/// Nothing of one organization is in an answer to the other, no transaction stays open, and no connection is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_aborted_requests_leaves_nothing_behind() {
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| config.pool.lanes = LANES).await;
    let organizations = [platform.organization("Alpha").await, platform.organization("Beta").await];
    let mut contacts = Vec::new();
    for (organization, canary) in organizations.iter().zip(["canary-alpha", "canary-beta"]) {
        for _ in 0..LANES {
            let made = organization.owner().post("/contacts", json!({ "last_name": canary })).await.expect(201);
            contacts.push(made.header("location").to_owned());
        }
    }
    let seed = std::env::var("STORM_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
    println!("STORM_SEED={seed}");
    let log = Arc::new(Log::default());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let tokens = organizations.each_ref().map(|organization| organization.owner().token().to_owned());
            tokio::spawn(storm(platform.address(), tokens, contacts.clone(), seed ^ client, log.clone()))
        })
        .collect();
    for client in clients {
        client.await.expect("a client that saw nothing foreign");
    }
    let (aborted, answered) = (log.aborted.load(Ordering::Relaxed), log.answered.load(Ordering::Relaxed));
    println!("{aborted} requests aborted, {answered} answered");
    assert!(aborted > 100 && answered > 100, "no storm");

    let superuser = platform.database().superuser().await;
    settled(&superuser).await;
    all_lanes_serve(&superuser, &organizations[0], &contacts[..LANES]).await;
}

/// One client: reads and writes, as Alpha and as Beta in turn, most of which it does not wait for.
async fn storm(address: SocketAddr, tokens: [String; 2], contacts: Vec<String>, seed: u64, log: Arc<Log>) {
    let mut random = seed;
    for request in 0..REQUESTS {
        let turn = request % 2;
        let contact = &contacts[next(&mut random) as usize % contacts.len()];
        let (head, body) = match next(&mut random) % 4 {
            0 => ("GET /api/v1/contacts".to_owned(), ""),
            1 => (format!("GET {contact}"), ""),
            2 => (format!("PATCH {contact}"), r#"{"notes":"storm"}"#),
            _ => ("POST /api/v1/contacts".to_owned(), r#"{"first_name":"storm"}"#),
        };
        let text = format!(
            "{head} HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nIf-Match: \"1\"\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            tokens[turn],
            body.len()
        );
        // Every fifth waits for its answer, however long that takes.
        let patience = if request % 5 == 0 { 60_000_000 } else { next(&mut random) % 8000 };
        let patience = Duration::from_micros(patience);
        match tokio::time::timeout(patience, exchange(address, &text)).await {
            Ok(answer) => {
                log.answered.fetch_add(1, Ordering::Relaxed);
                let foreign = ["canary-beta", "canary-alpha"][turn];
                assert!(!answer.contains(foreign), "{head} was answered with another organization's rows: {answer}");
            }
            Err(_) => drop(log.aborted.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("a request sent");
    let mut answer = Vec::new();
    // A server that closes first is no fault of isolation.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// splitmix64: a storm can be repeated from its seed, as far as time allows.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut x = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Waits until every connection of the request path is idle, outside of a transaction.
async fn settled(superuser: &Client) {
    let busy = "SELECT coalesce(string_agg(state || ': ' || query, '; '), '') FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'tenantry runtime' AND state <> 'idle'";
    eventually(superuser, busy, |text: String| text.is_empty()).await;
}

/// As many writers as there are lanes wait for a lock at the same time: each lane serves.
async fn all_lanes_serve(superuser: &Client, organization: &TestOrganization, contacts: &[String]) {
    let schema = organization.tenant().schema();
    superuser.batch_execute(&format!("BEGIN; SELECT FROM {schema}.contacts FOR UPDATE")).await.expect("locked rows");
    let writers: Vec<_> = contacts
        .iter()
        .map(|contact| {
            let (owner, contact) = (organization.owner().clone(), contact.clone());
            tokio::spawn(async move { owner.delete(&contact).await })
        })
        .collect();
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
         AND application_name = 'tenantry runtime' AND wait_event_type = 'Lock'";
    eventually(superuser, waiting, |count: i64| count == LANES as i64).await;
    superuser.batch_execute("COMMIT").await.expect("free rows");
    for writer in writers {
        writer.await.expect("an answer").expect(204);
    }
}

async fn eventually<T: for<'a> tokio_postgres::types::FromSql<'a>>(
    client: &Client,
    sql: &str,
    holds: impl Fn(T) -> bool,
) {
    for _ in 0..500 {
        // The view is the same for a whole transaction, unless it is asked to forget.
        client.batch_execute("SELECT pg_stat_clear_snapshot()").await.expect("a fresh view");
        if holds(client.query_one(sql, &[]).await.expect(sql).get(0)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not within five seconds: {sql}");
}
