//! Who has to do a task.

use reqwest::Method;
use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use super::task;
use crate::members::user;
use crate::platform;

/// Whoever may assign gives a new task to a present member; nobody else does, and nothing is made then.
#[tokio::test]
async fn a_new_task_goes_to_a_member() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let (anna, ben) = (acme.member().await, acme.member().await);
    let (hers, his) = (user(&anna).await, user(&ben).await);
    assert_eq!(task(acme.owner(), "For Ben", json!({ "assignee_id": his })).await.body["owner_id"], json!(his));
    assert_eq!(task(&anna, "For me", json!({ "assignee_id": hers })).await.body["owner_id"], json!(hers));
    let body = |id: &str| json!({ "title": "X", "assignee_id": id });
    anna.post("/tasks", body(&his)).await.problem(403, "forbidden");
    let foreign = acme.owner().post("/tasks", body(&user(other.owner()).await)).await;
    let missing = acme.owner().post("/tasks", body(&Uuid::new_v4().to_string())).await;
    assert_eq!(foreign.text, missing.text);
    assert_eq!(foreign.problem(404, "not_found").pointers(), ["/assignee_id"]);
    assert_eq!(acme.owner().get("/tasks").await.expect(200).items().len(), 2);
}

/// A task goes to another member, and out of the giver's reach.
#[tokio::test]
async fn a_task_goes_to_another() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let all = ["tasks.read", "tasks.write", "tasks.assign"];
    let (anna, ben) = (acme.with_scope(&all, RecordScope::Own).await, acme.member().await);
    let his = user(&ben).await;
    let made = task(&anna, "Call Ada", json!({})).await;
    let path = format!("{}/owner", made.header("location"));
    let put = async |id: &str| {
        anna.send(anna.request(Method::PUT, &path).header("if-match", "\"1\"").json(&json!({ "user_id": id }))).await
    };
    assert_eq!(put(&Uuid::new_v4().to_string()).await.problem(404, "not_found").pointers(), ["/user_id"]);
    assert_eq!(put(&his).await.expect(200).body["owner_id"], json!(his));
    anna.get(made.header("location")).await.problem(404, "not_found");
    ben.put_json(&path, json!({ "user_id": his })).await.problem(403, "forbidden");
    assert_eq!(ben.get(&format!("/tasks?filter[owner_id]={his}")).await.expect(200).column("title"), ["Call Ada"]);
}
