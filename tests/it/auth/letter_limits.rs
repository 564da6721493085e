//! How many letters one may ask for

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tenantry_core::config::{Allowance, AttemptLimits, Config};
use tenantry_core::testing::{PASSWORD, Reply, TestPlatform};

const fn allowed(tries: i32) -> Allowance {
    Allowance { tries, within: Duration::from_secs(3600) }
}

async fn platform(limits: AttemptLimits) -> TestPlatform {
    let change = |config: &mut Config| {
        config.identity.attempts = limits;
        config.http.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    };
    TestPlatform::start_with(tenantry::MODULES, change).await
}

async fn ask(platform: &TestPlatform, path: &str, network: &str, email: &str) -> Reply {
    let anonymous = platform.anonymous();
    let request = anonymous.request(Method::POST, path).header("x-forwarded-for", network);
    anonymous.send(request.json(&json!({ "email": email }))).await
}

fn waits(refused: Reply) {
    let wait: u64 = refused.problem(429, "too_many_requests").header("retry-after").parse().unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
}

/// For one address, known or not, so many letters an hour; another network has letters of its own.
#[tokio::test]
async fn letters_to_one_address_are_limited() {
    let platform = platform(AttemptLimits { letter: allowed(3), ..AttemptLimits::none() }).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada" });
    platform.anonymous().post("/users/register", body).await.expect(201);
    for email in ["ada@example.com", "nobody@example.com"] {
        for path in ["/auth/forgot-password", "/auth/resend-verification", "/auth/forgot-password"] {
            ask(&platform, path, "10.0.0.1", email).await.expect(202);
        }
        for path in ["/auth/forgot-password", "/auth/resend-verification"] {
            waits(ask(&platform, path, "10.0.0.1", &email.to_uppercase()).await);
            ask(&platform, path, "10.0.0.2", email).await.expect(202);
        }
    }
    assert_eq!(platform.letters_to("nobody@example.com").await.len(), 0);
    let database = platform.database().superuser().await;
    database.batch_execute("UPDATE platform.attempts SET until = now()").await.unwrap();
    ask(&platform, "/auth/forgot-password", "10.0.0.1", "ada@example.com").await.expect(202);
}

/// From one network so many letters an hour, whatever the addresses.
#[tokio::test]
async fn letters_from_one_network_are_limited() {
    let platform = platform(AttemptLimits { letter_network: allowed(4), ..AttemptLimits::none() }).await;
    for n in 0..6 {
        let path = ["/auth/forgot-password", "/auth/resend-verification"][n % 2];
        let reply = ask(&platform, path, "10.0.0.1", &format!("{n}@example.com")).await;
        if n < 4 { drop(reply.expect(202)) } else { waits(reply) }
    }
    ask(&platform, "/auth/forgot-password", "10.0.0.2", "x@example.com").await.expect(202);
}

/// Who is signed in does not send letters to strangers without end either.
#[tokio::test]
async fn changes_of_address_are_limited() {
    let platform = platform(AttemptLimits { letter: allowed(2), ..AttemptLimits::none() }).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada" });
    let made = platform.anonymous().post("/users/register", body).await.expect(201);
    let ada = platform.client(made.body["access_token"].as_str().unwrap());
    let change = || ada.post("/users/me/email", json!({ "email": "lady@example.com", "password": PASSWORD }));
    change().await.expect(202);
    change().await.expect(202);
    waits(change().await);
    assert_eq!(platform.letters_to("lady@example.com").await.len(), 2);
}
