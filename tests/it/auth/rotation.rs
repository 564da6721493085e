//! Refresh tokens under random interleavings, against a model of a few lines.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tenantry_core::testing::TestPlatform;
use tokio_postgres::Client;

use super::{PASSWORD, registration};

/// Far longer than the test takes, so that only the jumps below make time pass.
const GRACE: u64 = 3600;

/// What a session is meant to be.
struct Session {
    /// Every refresh token that it ever had, the oldest first.
    tokens: Vec<Value>,
    access: String,
    live: bool,
    /// Seconds since the last rotation.
    age: u64,
}

impl Session {
    fn new(body: &Value) -> Self {
        let access = body["access_token"].as_str().unwrap().to_owned();
        Self { tokens: vec![body["refresh_token"].clone()], access, live: true, age: 0 }
    }

    /// What the use of the token must answer, and what the session is after it.
    fn present(&mut self, generation: usize) -> Expected {
        let current = self.tokens.len() - 1;
        if !self.live {
            Expected::Refused
        } else if generation == current {
            self.age = 0;
            Expected::New
        } else if generation + 1 == current && self.age < GRACE {
            Expected::Again(self.tokens[current].clone())
        } else {
            self.live = false;
            Expected::Refused
        }
    }
}

#[derive(Debug)]
enum Expected {
    New,
    Again(Value),
    Refused,
}

/// Whatever clients do in whatever order, each answer is the model's, and so is what the access tokens are good for.
#[tokio::test]
async fn rotation_is_as_its_model() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let change =
        |config: &mut tenantry_core::config::Config| config.identity.refresh_grace = Duration::from_secs(GRACE);
    let platform = TestPlatform::start_with(tenantry::MODULES, change).await;
    let database = platform.database().superuser().await;
    let body = registration("ada@example.com", "Acme", Some("acme"));
    platform.anonymous().post("/auth/register", body).await.expect(201);
    for walk in 0..10 {
        let mut sessions = Vec::new();
        for step in 0..60 {
            let done = act(&platform, &database, &mut sessions, &mut random).await;
            println!("walk {walk} step {step}: {done}");
        }
        for session in &sessions {
            let status = platform.client(&session.access).get("/contacts").await.status;
            assert_eq!(status, if session.live { 200 } else { 401 });
        }
    }
}

async fn act(platform: &TestPlatform, database: &Client, sessions: &mut Vec<Session>, random: &mut StdRng) -> String {
    if sessions.len() < 2 || random.random_ratio(1, 25) {
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        sessions.push(Session::new(&platform.anonymous().post("/auth/login", body).await.expect(200).body));
        return "sign-in".to_owned();
    }
    let which = random.random_range(0..sessions.len());
    match random.random_range(0..20) {
        0 => {
            let status = if sessions[which].live { 204 } else { 401 };
            let client = platform.client(&sessions[which].access);
            client.post("/auth/logout", json!({})).await.expect(status);
            sessions[which].live = false;
            format!("log-out of {which}")
        }
        1..=3 => {
            let seconds = if random.random() { GRACE / 3 } else { GRACE + 1 };
            let sql = "UPDATE platform.sessions SET rotated_at = rotated_at - make_interval(secs => $1)";
            database.execute(sql, &[&(seconds as f64)]).await.unwrap();
            sessions.iter_mut().for_each(|session| session.age += seconds);
            format!("{seconds} s pass")
        }
        _ => {
            let session = &mut sessions[which];
            let back = [0, 0, 0, 0, 0, 1, 1, 1, 2, 3][random.random_range(0..10)];
            let generation = session.tokens.len().saturating_sub(1 + back);
            refresh(platform, session, generation).await;
            format!("refresh of {which} with {generation} of {}", session.tokens.len())
        }
    }
}

async fn refresh(platform: &TestPlatform, session: &mut Session, generation: usize) {
    let body = json!({ "refresh_token": session.tokens[generation] });
    let expected = session.present(generation);
    let reply = platform.anonymous().post("/auth/refresh", body).await;
    match expected {
        Expected::Refused => drop(reply.problem(401, "unauthenticated")),
        Expected::Again(successor) => assert_eq!(reply.expect(200).body["refresh_token"], successor),
        Expected::New => {
            let body = reply.expect(200).body;
            assert!(!session.tokens.contains(&body["refresh_token"]));
            session.tokens.push(body["refresh_token"].clone());
            session.access = body["access_token"].as_str().unwrap().to_owned();
        }
    }
}
