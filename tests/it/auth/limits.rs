//! How often one may try to sign in and to register.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tenantry_core::config::{Allowance, AttemptLimits, Config};
use tenantry_core::testing::{Reply, TestPlatform};

use super::{PASSWORD, registration};
use crate::support::count;

const fn allowed(tries: i32) -> Allowance {
    Allowance { tries, within: Duration::from_secs(900) }
}

/// A platform with limits, behind a proxy that tells the client's address, with Ada registered.
async fn with_ada(limits: AttemptLimits) -> TestPlatform {
    let platform = TestPlatform::start_with(tenantry::MODULES, |config: &mut Config| {
        config.identity.attempts = limits;
        config.http.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    });
    let platform = platform.await;
    register(&platform, "10.9.9.9", "ada@example.com", "Acme").await.expect(201);
    platform
}

async fn from(platform: &TestPlatform, address: &str, path: &str, body: serde_json::Value) -> Reply {
    let anonymous = platform.anonymous();
    let request = anonymous.request(Method::POST, path).header("x-forwarded-for", address).json(&body);
    anonymous.send(request).await
}

async fn register(platform: &TestPlatform, address: &str, email: &str, name: &str) -> Reply {
    from(platform, address, "/auth/register", registration(email, name, None)).await
}

async fn sign_in(platform: &TestPlatform, address: &str, email: &str, password: &str) -> Reply {
    from(platform, address, "/auth/login", json!({ "email": email, "password": password })).await
}

const WRONG: &str = "wrong horse battery staple";

/// After ten wrong passwords from one address even the right one has to wait there, and nowhere else.
#[tokio::test]
async fn ten_failures_make_one_wait() {
    let platform = with_ada(AttemptLimits::default()).await;
    for _ in 0..10 {
        sign_in(&platform, "10.0.0.1", "ada@example.com", WRONG).await.problem(401, "unauthenticated");
    }
    for password in [WRONG, PASSWORD] {
        let refused = sign_in(&platform, "10.0.0.1", "ADA@example.com", password).await;
        let refused = refused.problem(429, "too_many_requests");
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=900).contains(&wait), "{wait}");
        assert_eq!(refused.header("ratelimit-policy"), "\"person\";q=10;w=900");
        assert_eq!(refused.header("ratelimit"), format!("\"person\";r=0;t={wait}"));
    }
    sign_in(&platform, "10.0.0.2", "ada@example.com", PASSWORD).await.expect(200);

    // What is over is forgotten.
    let database = platform.database().superuser().await;
    database.batch_execute("UPDATE platform.attempts SET until = now()").await.unwrap();
    sign_in(&platform, "10.0.0.1", "ada@example.com", PASSWORD).await.expect(200);
}

/// An address that nobody registered with is counted like any other.
#[tokio::test]
async fn an_unknown_account_is_counted_too() {
    let platform = with_ada(AttemptLimits { sign_in: allowed(3), ..AttemptLimits::none() }).await;
    let mut answers = Vec::new();
    for email in ["ada@example.com", "bob@example.com"] {
        let mut texts = Vec::new();
        for _ in 0..5 {
            let reply = sign_in(&platform, "10.0.0.1", email, WRONG).await;
            texts.push((reply.status, reply.text));
        }
        answers.push(texts);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0][4].0, 429);
}

/// Of many tries at once no more are made than are allowed.
#[tokio::test]
async fn tries_at_once_are_counted() {
    let platform = with_ada(AttemptLimits::default()).await;
    let tries = (0..40).map(|_| sign_in(&platform, "10.0.0.1", "ada@example.com", WRONG));
    let replies = join_all(tries).await;
    let made = replies.iter().filter(|reply| reply.status == 401).count();
    let refused = replies.iter().filter(|reply| reply.status == 429).count();
    assert_eq!((made, refused), (10, 30));
}

/// Operators' passwords are counted as well, and apart from those of people.
#[tokio::test]
async fn operators_are_counted_too() {
    let platform = with_ada(AttemptLimits { sign_in: allowed(3), ..AttemptLimits::none() }).await;
    let operator = platform.operator().await;
    for n in 0..5 {
        let body = json!({ "email": operator.email(), "password": WRONG });
        let reply = from(&platform, "10.0.0.1", "/operator/auth/login", body).await;
        assert_eq!(reply.status, if n < 3 { 401 } else { 429 });
    }
    sign_in(&platform, "10.0.0.1", operator.email(), WRONG).await.expect(401);
}

/// Whoever signs in has not failed.
#[tokio::test]
async fn a_success_is_no_failure() {
    let platform = with_ada(AttemptLimits { sign_in: allowed(2), ..AttemptLimits::none() }).await;
    for _ in 0..5 {
        sign_in(&platform, "10.0.0.1", "ada@example.com", WRONG).await.expect(401);
        sign_in(&platform, "10.0.0.1", "ada@example.com", PASSWORD).await.expect(200);
    }
}

/// Failures from a great many addresses do not lock the owner out.
#[tokio::test]
async fn a_thousand_addresses_lock_nobody_out() {
    let platform = with_ada(AttemptLimits { sign_in: allowed(1), ..AttemptLimits::default() }).await;
    let database = platform.database().superuser().await;
    for block in 0..5 {
        let attack = (0..20).map(async |n| {
            let address = format!("10.1.{block}.{n}");
            sign_in(&platform, &address, "ada@example.com", WRONG).await.expect(401);
            sign_in(&platform, &address, "ada@example.com", WRONG).await.expect(429);
        });
        join_all(attack).await;
    }
    assert!(count(&database, "SELECT count(*) FROM platform.attempts").await >= 100);
    sign_in(&platform, "10.2.0.1", "ada@example.com", PASSWORD).await.expect(200);
}

/// A network that tries account after account has to wait too; a line of IPv6 is one network.
#[tokio::test]
async fn a_network_is_counted_over_all_accounts() {
    let platform = with_ada(AttemptLimits { sign_in_network: allowed(3), ..AttemptLimits::default() }).await;
    for (network, addresses) in
        [("IPv4", ["10.0.0.1"; 4]), ("IPv6", ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4"])]
    {
        for (n, address) in addresses.iter().enumerate() {
            let reply = sign_in(&platform, address, &format!("{n}@example.com"), WRONG).await;
            assert_eq!(reply.status, if n < 3 { 401 } else { 429 }, "{network}");
        }
    }
    sign_in(&platform, "2001:db8:0:1::1", "ada@example.com", PASSWORD).await.expect(200);
}

/// Nobody registers without end from one network.
#[tokio::test]
async fn registrations_are_limited() {
    let platform = with_ada(AttemptLimits { register: allowed(2), ..AttemptLimits::none() }).await;
    for (n, status) in [(1, 201), (2, 201), (3, 429), (4, 429)] {
        let reply = register(&platform, "10.0.0.1", &format!("{n}@example.com"), &format!("Organization {n}")).await;
        assert_eq!(reply.status, status, "{}", reply.text);
    }
    register(&platform, "10.0.0.2", "5@example.com", "Organization 5").await.expect(201);
}

/// The counts name nobody, and those that are over make room for new ones.
#[tokio::test]
async fn counts_are_nameless_and_swept() {
    let platform = with_ada(AttemptLimits::default()).await;
    let database = platform.database().superuser().await;
    for n in 0..8 {
        sign_in(&platform, "10.0.0.1", &format!("canary-{n}@example.com"), WRONG).await.expect(401);
    }
    let named = "SELECT count(*) FROM platform.attempts a WHERE encode(key, 'escape') LIKE '%canary%' OR a::text LIKE '%10.0.0.1%'";
    assert_eq!(count(&database, named).await, 0);
    assert_eq!(count(&database, "SELECT count(*) FROM platform.attempts").await, 10);
    database.batch_execute("UPDATE platform.attempts SET until = now()").await.unwrap();
    sign_in(&platform, "10.0.0.2", "ada@example.com", WRONG).await.expect(401);
    assert_eq!(count(&database, "SELECT count(*) FROM platform.attempts WHERE until <= now()").await, 0);
}
