//! `/api/v1/pipelines`: the default one.

use serde_json::json;

use super::{deal, sales};
use crate::platform;
use crate::support::{count, superuser_in};

/// There is one default: it passes from one to another, is not given up otherwise, and does not go.
#[tokio::test]
async fn there_is_exactly_one() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let first = format!("/pipelines/{}", sales(owner).await);
    let made = owner.post("/pipelines", json!({ "name": "Renewals" })).await.expect(201);
    let second = made.header("location").to_owned();
    let refused = owner.patch(&first, "\"1\"", json!({ "is_default": false })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/is_default"]);
    owner.delete(&first).await.problem(409, "default_pipeline");
    owner.patch(&second, "\"1\"", json!({ "is_default": false })).await.expect(200);
    let passed = owner.patch(&second, "\"1\"", json!({ "is_default": true })).await.expect(200);
    assert_eq!((&passed.body["is_default"], passed.header("etag")), (&json!(true), "\"2\""));
    let before = owner.get(&first).await.expect(200);
    assert_eq!((&before.body["is_default"], before.header("etag")), (&json!(false), "\"2\""));
    let (path, _) = deal(owner, json!({ "title": "Roof" })).await;
    assert_eq!(owner.get(&path).await.expect(200).body["pipeline_id"], made.body["id"]);
    owner.delete(&first).await.expect(204);
}

/// Two that become the default at once: one is, in the end, whichever it is.
#[tokio::test]
async fn many_at_once_leave_one() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let mut paths = Vec::new();
    for n in 0..5 {
        let made = owner.post("/pipelines", json!({ "name": format!("P{n}") })).await.expect(201);
        paths.push(made.header("location").to_owned());
    }
    let tries = (0..50).map(|n| {
        let (owner, path) = (owner.clone(), paths[n % 5].clone());
        tokio::spawn(async move {
            let etag = owner.get(&path).await.expect(200).header("etag").to_owned();
            owner.patch(&path, &etag, json!({ "is_default": true })).await.status.as_u16()
        })
    });
    for status in futures_util::future::join_all(tries).await {
        let status = status.unwrap();
        // 503 says to come back: fifty at one row may be more than there is patience for.
        assert!([200, 409, 412, 503].contains(&status), "{status}");
    }
    let database = superuser_in(&platform, &acme).await;
    assert_eq!(count(&database, "SELECT count(*) FROM pipelines WHERE is_default").await, 1);
}
