//! A task is made, changed, done, opened again, deleted.

use serde_json::json;

use super::task;
use crate::members::user;
use crate::platform;

/// A task is its maker's, of normal priority and open; it keeps what it is told.
#[tokio::test]
async fn a_task_lives() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.member().await;
    let me = user(&anna).await;
    let made = task(&anna, "Call Ada", json!({ "due_at": "2030-01-02T15:00:00+01:00" })).await;
    assert_eq!(made.header("location"), format!("/api/v1/tasks/{}", made.id()));
    assert_eq!((&made.body["owner_id"], &made.body["priority"]), (&json!(me), &json!("normal")));
    assert_eq!((&made.body["due_at"], &made.body["done_at"]), (&json!("2030-01-02T14:00:00Z"), &json!(null)));
    let path = made.header("location");
    let patch =
        json!({ "title": "Call Ada back", "priority": "high", "due_at": null, "description": "About\nthe engine." });
    let changed = anna.patch(path, "\"1\"", patch).await.expect(200);
    assert_eq!((&changed.body["title"], &changed.body["due_at"]), (&json!("Call Ada back"), &json!(null)));
    assert_eq!(anna.get(path).await.expect(200).body, changed.body);
    anna.patch(path, "\"1\"", json!({ "title": "X" })).await.problem(412, "stale_version");
    anna.patch(path, "\"2\"", json!({ "title": null })).await.problem(422, "invalid");
    anna.patch(path, "\"2\"", json!({ "done_at": "2030-01-02T14:00:00Z" })).await.problem(422, "invalid");
    anna.delete(path).await.expect(204);
    anna.get(path).await.problem(404, "not_found");
}

/// It is done once, by whoever did it, and open again where that was wrong. Doing either twice changes nothing.
#[tokio::test]
async fn it_is_done_and_open_again() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (anna, ben) = (acme.member().await, acme.member().await);
    let made = task(&anna, "Call Ada", json!({})).await;
    let to = |verb: &str| format!("{}/{verb}", made.header("location"));
    let done = ben.post(&to("complete"), json!({})).await.expect(200);
    assert_eq!(done.body["done_by"], json!(user(&ben).await));
    assert!(done.body["done_at"].is_string(), "{}", done.text);
    let again = anna.post(&to("complete"), json!({})).await.expect(200);
    assert_eq!((&again.body, again.header("etag")), (&done.body, "\"2\""));
    let open = anna.post(&to("reopen"), json!({})).await.expect(200);
    assert_eq!((&open.body["done_at"], &open.body["done_by"]), (&json!(null), &json!(null)));
    assert_eq!(anna.post(&to("reopen"), json!({})).await.expect(200).header("etag"), "\"3\"");
    let old = anna.request(reqwest::Method::POST, &to("complete")).header("if-match", "\"1\"");
    anna.send(old).await.problem(412, "stale_version");
    acme.viewer().await.post(&to("complete"), json!({})).await.problem(403, "forbidden");
}
