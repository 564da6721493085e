//! What tasks are about: records that are there, and in the reach of whoever says so.

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use super::task;
use crate::members::user;
use crate::platform;

const ALL: [&str; 5] = ["contacts.read", "contacts.write", "projects.read", "projects.write", "tasks.read"];

/// What is out of reach is answered as what was never there, when a task is made and when it is changed.
#[tokio::test]
async fn what_is_out_of_reach_is_not_there() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let permissions = [&ALL[..], &["tasks.write"]].concat();
    let anna = acme.with_scope(&permissions, RecordScope::Own).await;
    let made = task(&anna, "Call", json!({})).await;
    for (collection, field, body) in [
        ("/contacts", "contact_id", json!({ "last_name": "Lovelace" })),
        ("/projects", "project_id", json!({ "name": "Engine" })),
    ] {
        let hers = anna.post(collection, body.clone()).await.expect(201);
        let theirs = acme.owner().post(collection, body).await.expect(201);
        let missing = Uuid::new_v4().to_string();
        let (post, patch) = (
            async |id: &str| anna.post("/tasks", json!({ "title": "X", field: id })).await,
            async |id: &str| anna.patch(made.header("location"), "\"1\"", json!({ field: id })).await,
        );
        let (out, none) = (post(theirs.id()).await, post(&missing).await);
        assert_eq!(out.text, none.text);
        assert_eq!(out.problem(404, "not_found").pointers(), [format!("/{field}")]);
        let (out, none) = (patch(theirs.id()).await, patch(&missing).await);
        assert_eq!(out.text, none.text);
        assert_eq!(out.problem(404, "not_found").pointers(), [format!("/{field}")]);
        assert_eq!(post(hers.id()).await.expect(201).body[field], json!(hers.id()));
    }
    assert_eq!(acme.owner().get("/tasks").await.expect(200).items().len(), 3);
}

/// Who has to do a task about somebody else's contact changes the rest of it, and it stays about that contact.
#[tokio::test]
async fn what_it_is_about_stays() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let permissions = [&ALL[..], &["tasks.write"]].concat();
    let anna = acme.with_scope(&permissions, RecordScope::Own).await;
    let contact = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let fields = json!({ "contact_id": contact.id(), "assignee_id": user(&anna).await });
    let made = task(acme.owner(), "Call", fields).await;
    let changed = anna.patch(made.header("location"), "\"1\"", json!({ "title": "Call again" })).await.expect(200);
    assert_eq!(changed.body["contact_id"], json!(contact.id()));
    let cleared = anna.patch(made.header("location"), "\"2\"", json!({ "contact_id": null })).await.expect(200);
    assert_eq!(cleared.body["contact_id"], json!(null));
    let back = anna.patch(made.header("location"), "\"3\"", json!({ "contact_id": contact.id() })).await;
    back.problem(404, "not_found");
}

/// A record that is deleted leaves its tasks behind.
#[tokio::test]
async fn what_is_deleted_leaves_its_tasks() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let contact = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let made = task(acme.owner(), "Call", json!({ "contact_id": contact.id() })).await;
    acme.owner().delete(contact.header("location")).await.expect(204);
    assert_eq!(acme.owner().get(made.header("location")).await.expect(200).body["contact_id"], json!(null));
}
