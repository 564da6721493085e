//! An activity is written down, listed, changed, deleted.

use serde_json::json;
use tenantry_core::permission::RecordScope;

use crate::members::user;
use crate::platform;

/// It keeps what it is told, and says something.
#[tokio::test]
async fn an_activity_lives() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.member().await;
    let body = json!({
        "kind": "call", "subject": "The engine", "body": "She\nagrees.", "minutes": 12, "happened_at": "2026-01-02T03:04:05Z",
    });
    let made = anna.post("/activities", body).await.expect(201);
    assert_eq!((&made.body["owner_id"], &made.body["minutes"]), (&json!(user(&anna).await), &json!(12)));
    let path = made.header("location");
    let changed = anna.patch(path, "\"1\"", json!({ "subject": null, "kind": "meeting" })).await.expect(200);
    assert_eq!((&changed.body["kind"], &changed.body["subject"]), (&json!("meeting"), &json!(null)));
    let silent = anna.patch(path, "\"2\"", json!({ "body": null })).await.problem(422, "invalid");
    assert_eq!(silent.pointers(), ["/subject"]);
    anna.post("/activities", json!({ "kind": "note" })).await.problem(422, "invalid");
    let long = anna.post("/activities", json!({ "kind": "note", "body": "x", "minutes": 10081 })).await;
    assert_eq!(long.problem(422, "invalid").pointers(), ["/minutes"]);
    let now = anna.post("/activities", json!({ "kind": "note", "body": "x" })).await.expect(201);
    assert!(now.body["happened_at"].is_string(), "{}", now.text);
    anna.delete(path).await.expect(204);
    anna.get(path).await.problem(404, "not_found");
}

/// Lists are narrowed by kind and by what they are about, newest first; they reach as far as the role.
#[tokio::test]
async fn lists_narrow_and_reach_as_far_as_the_role() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let permissions = ["activities.read", "activities.write", "contacts.read"];
    let anna = acme.with_scope(&permissions, RecordScope::Own).await;
    let contact = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    for (kind, subject, at) in [("note", "Old", "2020"), ("call", "New", "2024"), ("note", "Between", "2022")] {
        let at = format!("{at}-01-01T00:00:00Z");
        let body = json!({ "kind": kind, "subject": subject, "happened_at": at, "contact_id": contact.id() });
        acme.owner().post("/activities", body).await.expect(201);
    }
    anna.post("/activities", json!({ "kind": "email", "subject": "Hers" })).await.expect(201);
    for (query, found) in [
        ("filter[kind]=note", vec!["Between", "Old"]),
        ("filter[kind]=note&sort=happened_at", vec!["Old", "Between"]),
        (&format!("filter[contact_id]={}", contact.id()), vec!["New", "Between", "Old"]),
    ] {
        let list = acme.owner().get(&format!("/activities?{query}")).await.expect(200);
        assert_eq!(list.column("subject"), found, "{query}");
    }
    assert_eq!(anna.get("/activities").await.expect(200).column("subject"), ["Hers"]);
    let theirs = json!({ "kind": "note", "body": "x", "contact_id": contact.id() });
    assert_eq!(anna.post("/activities", theirs).await.problem(404, "not_found").pointers(), ["/contact_id"]);
}
