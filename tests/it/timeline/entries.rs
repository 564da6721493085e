//! What a timeline tells.

use serde_json::json;

use crate::members::user;
use crate::platform;

/// Activities, tasks and changes of the record, newest first, with who and what; values of fields are in none of it.
#[tokio::test]
async fn a_contact_has_a_timeline() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let me = user(owner).await;
    let contact = owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let other = owner.post("/contacts", json!({ "last_name": "Babbage" })).await.expect(201);
    let path = format!("{}/timeline", contact.header("location"));
    for id in [contact.id(), other.id()] {
        let note = json!({
            "kind": "note", "subject": "The engine", "body": "x".repeat(600), "happened_at": "2020-01-01T00:00:00Z",
            "contact_id": id,
        });
        owner.post("/activities", note).await.expect(201);
    }
    let task = owner.post("/tasks", json!({ "title": "Call her", "contact_id": contact.id() })).await.expect(201);
    let changes = json!({ "notes": "Likes numbers.", "company": "Engines" });
    owner.patch(contact.header("location"), "\"1\"", changes).await.expect(200);
    owner.post(&format!("{}/complete", task.header("location")), json!({})).await.expect(200);

    let told = owner.get(&path).await.expect(200);
    assert_eq!(told.column("kind"), ["task_done", "change", "task_created", "change", "activity"]);
    assert!(told.items().iter().all(|entry| entry["user_id"] == json!(me)), "{}", told.text);
    let [done, updated, made, created, activity] = [0, 1, 2, 3, 4].map(|n| &told.items()[n]);
    assert_eq!((&done["id"], &done["title"], &made["id"]), (&json!(task.id()), &json!("Call her"), &json!(task.id())));
    assert_eq!((&updated["change"], &updated["actor"]), (&json!("updated"), &json!("person")));
    assert_eq!((&updated["changed"], &created["change"]), (&json!(["company", "notes"]), &json!("created")));
    assert_eq!((&activity["activity"], &activity["title"]), (&json!("note"), &json!("The engine")));
    assert_eq!(activity["text"].as_str().map(str::len), Some(500));
    assert!(!told.text.contains("Likes numbers"), "{}", told.text);
    assert_eq!(
        owner.get(&format!("/audit/{}", created["id"].as_str().unwrap())).await.expect(200).body["change"],
        "created"
    );
}

/// A project has one too, and who may not see tasks or activities sees what is left.
#[tokio::test]
async fn it_tells_what_the_caller_may_see() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let project = owner.post("/projects", json!({ "name": "Engine" })).await.expect(201);
    owner.post("/tasks", json!({ "title": "Build it", "project_id": project.id() })).await.expect(201);
    owner.post("/activities", json!({ "kind": "note", "body": "Begun", "project_id": project.id() })).await.expect(201);
    let path = format!("{}/timeline", project.header("location"));
    for (permissions, kinds) in [
        (vec!["projects.read"], vec!["change"]),
        (vec!["projects.read", "tasks.read"], vec!["task_created", "change"]),
        (vec!["projects.read", "activities.read"], vec!["activity", "change"]),
        (vec!["projects.read", "activities.read", "tasks.read"], vec!["activity", "task_created", "change"]),
    ] {
        let anna = acme.with_permissions(&permissions).await;
        assert_eq!(anna.get(&path).await.expect(200).column("kind"), kinds, "{permissions:?}");
    }
    let anna = acme.with_permissions(&["tasks.read"]).await;
    anna.get(&path).await.problem(403, "forbidden");
}
