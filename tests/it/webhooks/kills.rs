//! Servers are killed in the middle of telling: nothing is lost, and what is told twice has the same id.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tenantry_core::config::Secret;
use tenantry_core::testing::TestDatabase;
use tokio_postgres::Client;

use super::Receiver;
use crate::operations::program::{Server, command_on};
use crate::support::rounds;

/// Events of each organization, a round.
const EVENTS: usize = 30;

/// An organization that tells a flaky receiver of its contacts.
struct Teller {
    schema: String,
    receiver: Receiver,
    signing: String,
}

impl Teller {
    async fn found(server: &Server, name: &str, seed: u64) -> Self {
        let body = json!({
            "email": format!("{name}@example.com"), "password": "a long sentence is a good one", "name": "Ada",
            "organization": { "name": name },
        });
        let (status, made) = server.post("/api/v1/auth/register", &body).await;
        assert_eq!(status, 201, "{made}");
        let id = made["organization"]["id"].as_str().unwrap().replace('-', "");
        let random = Mutex::new(StdRng::seed_from_u64(seed));
        let flaky = move |_: &_| (if random.lock().unwrap().random_bool(0.2) { 500 } else { 200 }, String::new());
        let receiver = Receiver::answering(flaky).await;
        let request = server.request("POST", "/api/v1/webhooks").bearer_auth(made["access_token"].as_str().unwrap());
        let hook = json!({ "url": receiver.url, "events": ["contact.created"] });
        let hook: Value = request.json(&hook).send().await.unwrap().json().await.unwrap();
        let signing = hook["secret"].as_str().unwrap_or_else(|| panic!("{hook}")).to_owned();
        Self { schema: format!("t_{id}"), receiver, signing }
    }

    /// As many contacts, in transactions of a few.
    async fn write(&self, superuser: &Client, events: usize) {
        for first in (0..events).step_by(10) {
            let sql = format!(
                "INSERT INTO {}.contacts (id, last_name) SELECT gen_random_uuid(), 'Number ' || n
                 FROM generate_series({first}, {}) n",
                self.schema,
                (first + 9).min(events - 1)
            );
            superuser.batch_execute(&sql).await.unwrap();
        }
    }

    /// What was heard first of each event is in the order of events, and all of it is signed.
    fn check(&self, seed: u64) {
        let got = self.receiver.got();
        let mut first = BTreeSet::new();
        let heard = got.iter().filter(|got| got.status < 300 && first.insert(got.id()));
        let order: Vec<i64> = heard.map(|got| got.body["data"]["position"].as_i64().unwrap()).collect();
        assert!(order.is_sorted(), "seed {seed}: {order:?}");
        // A library takes no signature that is older than five minutes.
        let signed = if got.len() > 1000 { &got[got.len() - 100..] } else { &got[..] };
        assert!(signed.iter().all(|got| got.is_signed_with(&self.signing)), "seed {seed}: not signed");
        assert!(got.iter().all(|got| got.id() == got.body["data"]["id"]), "seed {seed}: another id");
    }
}

/// `TENANTRY_ROUNDS=334` for 100,000 events of ten organizations and 20 kills.
#[tokio::test]
async fn no_kill_loses_or_reorders_an_event() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let rounds = rounds(1);
    let (events, kills, organizations) =
        (EVENTS * rounds, if rounds > 1 { 20 } else { 4 }, if rounds > 1 { 10 } else { 2 });
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let start = async || {
        let mut command = command_on(&database, &secret, &[]);
        command.env("TENANTRY_EGRESS_ALLOW", "127.0.0.0/8");
        Server::run(command).await
    };
    let mut server = start().await;
    let mut tellers = Vec::new();
    for n in 0..organizations {
        tellers.push(Teller::found(&server, &format!("acme-{n}"), seed ^ n).await);
    }
    let (superuser, writer) = (database.superuser().await, database.superuser().await);
    let writing = async {
        for teller in &tellers {
            teller.write(&writer, events).await;
        }
    };
    let total = events * tellers.len();
    let telling = async {
        // As if all waits and leases were over.
        let hurry = "UPDATE platform.listeners SET due_at = now() WHERE due_at > now() AND (claim IS NULL OR $1)";
        let began = Instant::now();
        let mut kills: Vec<usize> = (0..kills).map(|_| random.random_range(1..total)).collect();
        kills.sort_unstable_by(|a, b| b.cmp(a));
        while !kills.is_empty() || tellers.iter().map(|teller| teller.receiver.events()).sum::<usize>() < total {
            let count = tellers.iter().map(|teller| teller.receiver.count()).sum::<usize>();
            assert!(began.elapsed() < Duration::from_secs(90 + 4 * rounds as u64), "seed {seed}: {count} of {total}");
            if kills.last().is_some_and(|kill| count >= *kill) {
                kills.pop();
                server.kill().await;
                server = start().await;
                superuser.execute(hurry, &[&true]).await.unwrap();
            }
            superuser.execute(hurry, &[&false]).await.unwrap();
            tokio::time::sleep(Duration::from_millis(if rounds > 1 { 10 } else { 5 })).await;
        }
    };
    futures_util::future::join(writing, telling).await;
    tellers.iter().for_each(|teller| teller.check(seed));
}
