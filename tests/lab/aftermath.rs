//! After a handler that broke down inside its transaction, the next one finds the connection clean.

use serde_json::json;

use crate::Lab;

/// Breaks down as Alpha; then nothing is kept, nothing is locked, and Beta, on the same connection, is in its own home.
async fn after(path: &str, status: u16, code: &str) {
    let lab = Lab::new().await;
    let before = lab.contacts().await;
    let breaches = breaches(&lab).await;
    let reply = lab.alpha.owner().post(path, json!({})).await.expect(status);
    assert_eq!(reply.code(), code);
    assert!(!reply.text.contains("mess") && !reply.text.contains("as the lab does"), "{}", reply.text);

    let name = lab.beta.tenant().schema().to_string();
    for _ in 0..2 {
        let next = lab.beta.owner().get("/lab/where").await.expect(200);
        assert_eq!(next.body["roles"], json!([name, name, name]));
        assert_eq!(next.body["schemas"], json!([name, name, name]));
        lab.beta.owner().post("/contacts", json!({ "last_name": "Next" })).await.expect(201);
    }
    lab.settled().await;
    assert_eq!(lab.contacts().await, before);
    assert_eq!(breaches, self::breaches(&lab).await, "a breakdown is no breach");
}

async fn breaches(lab: &Lab) -> Option<String> {
    let metrics = lab.platform.anonymous().get("/metrics").await.expect(200).text;
    metrics.lines().find(|line| line.starts_with("tenantry_isolation_breaches_total ")).map(str::to_owned)
}

/// A panic is answered 500, and the process lives.
#[tokio::test]
async fn a_panic_leaves_nothing() {
    after("/lab/panic", 500, "internal").await;
}

/// A handler that never ends is dropped where it stands.
#[tokio::test]
async fn a_handler_out_of_time_leaves_nothing() {
    after("/lab/wait", 503, "unavailable").await;
}

/// A statement that takes too long is cut by the database.
#[tokio::test]
async fn a_statement_out_of_time_leaves_nothing() {
    after("/lab/slow", 503, "unavailable").await;
}

/// A statement that fails takes the transaction with it.
#[tokio::test]
async fn a_failed_statement_leaves_nothing() {
    after("/lab/fail", 422, "invalid").await;
}

/// Also where the handler goes on as if nothing had happened.
#[tokio::test]
async fn a_swallowed_failure_is_not_committed() {
    after("/lab/swallow", 500, "internal").await;
}

/// A refusal undoes what was written before it.
#[tokio::test]
async fn a_refusal_leaves_nothing() {
    after("/lab/refuse", 409, "lab").await;
}
