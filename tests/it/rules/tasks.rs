//! Rules that make tasks.

use serde_json::{Value, json};
use tenantry_core::testing::TestClient;

use super::{contact, platform, rule, runs, set, settle, sql};
use crate::members::user;
use crate::support::{count, superuser_in};

fn make(task: Value) -> Value {
    json!({ "create_task": task })
}

async fn tasks(client: &TestClient) -> Vec<Value> {
    client.get("/tasks?sort=created_at").await.expect(200).items().to_vec()
}

/// The task is about the record, for whom the rule names, or the record's owner; it is due in time.
#[tokio::test]
async fn a_task_is_made() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, anna) = (acme.owner(), acme.member().await);
    let (mine, hers) = (user(owner).await, user(&anna).await);
    let actions = json!([
        make(json!({ "title": "Call back", "description": "Within\na day.", "priority": "high", "due_in_days": 1 })),
        make(json!({ "title": "Check it", "assignee_id": mine })),
    ]);
    let path = rule(owner, json!(["contact.created", "project.created"]), json!([]), actions).await;
    let ada = contact(&anna, "Lovelace").await;
    let project = owner.post("/projects", json!({ "name": "Engine" })).await.expect(201);
    settle(&platform, &acme).await;
    let made = tasks(owner).await;
    assert_eq!(made.len(), 4);
    let about = |field: &str, id: &str| made.iter().filter(|task| task[field] == id).cloned().collect::<Vec<_>>();
    let of_contact = about("contact_id", ada.rsplit('/').next().unwrap());
    assert_eq!((of_contact.len(), about("project_id", project.id()).len()), (2, 2));
    let call = of_contact.iter().find(|task| task["title"] == "Call back").unwrap();
    let check = of_contact.iter().find(|task| task["title"] == "Check it").unwrap();
    assert_eq!((&call["owner_id"], &call["priority"]), (&json!(hers), &json!("high")));
    assert_eq!((&check["owner_id"], &check["due_at"]), (&json!(mine), &json!(null)));
    let database = superuser_in(&platform, &acme).await;
    let in_time =
        "SELECT count(*) FROM tasks WHERE due_at - created_at BETWEEN interval '23 hours' AND interval '25 hours'";
    assert_eq!(count(&database, in_time).await, 2);
    assert!(runs(owner, &path).await.iter().all(|run| run["state"] == "done"));
    let by_rule = "SELECT count(*) FROM journal WHERE resource = 'tasks' AND kind = 'rule'";
    assert_eq!(count(&database, by_rule).await, 4);
}

/// Once for an event, however often it is heard; and a task of a rule's making starts no rule.
#[tokio::test]
async fn once_and_without_loops() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let events = json!(["contact.created", "task.created"]);
    let path = rule(owner, events, json!([]), json!([make(json!({ "title": "Call back" }))])).await;
    for n in 0..10 {
        contact(owner, &format!("Number {n}")).await;
    }
    for _ in 0..3 {
        settle(&platform, &acme).await;
        sql(&platform, &acme, "UPDATE listeners SET position = 0, due_at = now()").await;
    }
    settle(&platform, &acme).await;
    assert_eq!((tasks(owner).await.len(), runs(owner, &path).await.len()), (10, 10));
}

/// What a deleted record leaves to do is about nothing, and its rule's author's.
#[tokio::test]
async fn a_deleted_record_leaves_something_to_do() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    rule(owner, json!(["contact.deleted"]), json!([]), json!([make(json!({ "title": "Why?" }))])).await;
    let ada = contact(&acme.member().await, "Lovelace").await;
    owner.delete(&ada).await.expect(204);
    settle(&platform, &acme).await;
    let made = tasks(owner).await;
    assert_eq!(
        (made.len(), &made[0]["contact_id"], &made[0]["owner_id"]),
        (1, &json!(null), &json!(user(owner).await))
    );
}

/// What cannot be made has failed, in words, and nothing else of the run was done.
#[tokio::test]
async fn what_cannot_be_made_has_failed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let hers = user(&acme.member().await).await;
    let actions = json!([set("notes", "seen"), make(json!({ "title": "Call", "assignee_id": hers }))]);
    let left = rule(owner, json!(["contact.created"]), json!([]), actions).await;
    let gone = rule(owner, json!(["contact.created"]), json!([]), json!([make(json!({ "title": "Call" }))])).await;
    owner.delete(&format!("/members/{hers}")).await.expect(204);
    let ada = contact(owner, "Lovelace").await;
    let bob = contact(owner, "Babbage").await;
    owner.delete(&bob).await.expect(204);
    settle(&platform, &acme).await;
    let failures =
        |runs: Vec<Value>| -> Vec<Value> { runs.iter().map(|run| run["actions"][0]["failure"].clone()).collect() };
    let words = json!("the person is not a member any more");
    assert_eq!(failures(runs(owner, &left).await), [words.clone(), words]);
    assert_eq!(failures(runs(owner, &gone).await), [json!(null), json!("the record is gone")]);
    assert_eq!(owner.get(&ada).await.expect(200).body["notes"], json!(null));
    assert_eq!(tasks(owner).await.len(), 1);
}

/// It takes what it takes by hand, of people who are there.
#[tokio::test]
async fn it_takes_what_it_takes_by_hand() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let body = |task: Value| json!({ "name": "A rule", "events": ["contact.created"], "actions": [make(task)] });
    let anna = acme.with_permissions(&["rules.read", "rules.write", "contacts.read", "tasks.write"]).await;
    anna.post("/rules", body(json!({ "title": "Call" }))).await.problem(403, "forbidden");
    let nobody = body(json!({ "title": "Call", "assignee_id": uuid::Uuid::new_v4() }));
    let nobody = acme.owner().post("/rules", nobody).await.problem(404, "not_found");
    assert_eq!(nobody.pointers(), ["/actions/0/create_task/assignee_id"]);
    let late = acme.owner().post("/rules", body(json!({ "title": "Call", "due_in_days": 3651 }))).await;
    assert_eq!(late.problem(422, "invalid").pointers(), ["/actions/0/create_task/due_in_days"]);
    acme.owner().post("/rules", body(json!({ "title": "" }))).await.problem(422, "invalid");
}
