//! A record of another organization cannot be told from one that never existed: not by the body, not by the time.

use std::time::{Duration, Instant};

use serde_json::json;
use tenantry_core::testing::{TestClient, TestPlatform};
use uuid::Uuid;

/// Samples of each kind. They are taken in turn, so that whatever else the machine does hits both alike.
const SAMPLES: usize = 150;
/// Where each costs the hash of a password.
const FEW: usize = 9;
/// What is told apart by time differs by orders of magnitude (another query, a hash); a busy machine does not.
const FACTOR: u32 = 3;

/// A foreign id and a missing one are answered alike, whatever is asked of them.
#[tokio::test]
async fn a_foreign_id_takes_as_long_as_a_missing_one() {
    let platform = crate::platform().await;
    let (a, b) = (platform.organization("Alpha").await, platform.organization("Beta").await);
    let mut foreign = Vec::new();
    for n in 0..SAMPLES {
        let made = a.owner().post("/contacts", json!({ "last_name": format!("canary {n}") })).await.expect(201);
        foreign.push(made.id().to_owned());
    }
    for method in ["GET", "PATCH", "DELETE"] {
        let missing: Vec<String> = foreign.iter().map(|_| Uuid::now_v7().to_string()).collect();
        let (of_foreign, of_missing) = interleaved(
            SAMPLES,
            async |n| ask(b.owner(), method, &foreign[n]).await,
            async |n| ask(b.owner(), method, &missing[n]).await,
        )
        .await;
        compare(&format!("{method} /contacts/{{id}}"), of_foreign, of_missing);
    }
    a.owner().get(&format!("/contacts/{}", foreign[0])).await.expect(200);
}

/// So are an organization that others have and one that nobody has, to whoever signs in.
#[tokio::test]
async fn a_foreign_organization_takes_as_long_as_an_unknown_one() {
    let platform = crate::platform().await;
    let (a, b) = (platform.organization("Alpha").await, platform.organization("Beta").await);
    let email = b.owner().get("/users/me").await.expect(200).body["email"].as_str().expect("an address").to_owned();
    let (of_foreign, of_unknown) = interleaved(
        FEW,
        async |_| sign_in(&platform, &email, a.slug()).await,
        async |_| sign_in(&platform, &email, "no-such-organization").await,
    )
    .await;
    compare("POST /auth/login with an organization", of_foreign, of_unknown);
    let (of_foreign, of_unknown) = interleaved(
        SAMPLES,
        async |_| select(b.owner(), &a.tenant().to_string()).await,
        async |_| select(b.owner(), &Uuid::new_v4().to_string()).await,
    )
    .await;
    compare("POST /organizations/{id}/select", of_foreign, of_unknown);
}

async fn ask(client: &TestClient, method: &str, id: &str) -> String {
    let request = client.request(method.parse().expect("a method"), &format!("/contacts/{id}"));
    let request =
        if method == "PATCH" { request.header("if-match", "\"1\"").json(&json!({ "notes": "x" })) } else { request };
    shown(client.send(request).await.expect(404))
}

async fn sign_in(platform: &TestPlatform, email: &str, organization: &str) -> String {
    let body = json!({ "email": email, "password": tenantry_core::testing::PASSWORD, "organization": organization });
    shown(platform.anonymous().post("/auth/login", body).await.expect(409))
}

async fn select(client: &TestClient, organization: &str) -> String {
    let path = format!("/organizations/{organization}/select");
    shown(client.send(client.request(reqwest::Method::POST, &path)).await.expect(404))
}

/// What an answer shows, but for the request's id and the date.
fn shown(reply: tenantry_core::testing::Reply) -> String {
    let mut lines: Vec<String> = reply
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id" && *name != "date")
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    lines.sort();
    format!("{}\n{}\n{}", reply.status, lines.join("\n"), reply.text)
}

async fn interleaved(
    samples: usize,
    one: impl AsyncFn(usize) -> String,
    other: impl AsyncFn(usize) -> String,
) -> (Vec<Duration>, Vec<Duration>) {
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for n in 0..samples {
        let start = Instant::now();
        let first = one(n).await;
        ones.push(start.elapsed());
        let start = Instant::now();
        let second = other(n).await;
        others.push(start.elapsed());
        assert_eq!(first, second, "the answers can be told apart");
    }
    (ones, others)
}

fn compare(what: &str, one: Vec<Duration>, other: Vec<Duration>) {
    let (one, other) = (median(one), median(other));
    println!("{what}: foreign {one:?}, missing {other:?}");
    assert!(one < other * FACTOR && other < one * FACTOR, "{what} can be told by its time: {one:?} and {other:?}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
