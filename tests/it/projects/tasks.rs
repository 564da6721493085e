//! The tasks of a project.

use serde_json::json;
use tenantry_core::permission::RecordScope;

use crate::members::user;
use crate::platform;

/// They are listed under it, as far as the caller may see the project and each of them.
#[tokio::test]
async fn a_project_has_tasks() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.with_scope(&["projects.read", "projects.write", "tasks.read"], RecordScope::Own).await;
    let owner = acme.owner();
    let hers = anna.post("/projects", json!({ "name": "Loom" })).await.expect(201);
    let theirs = owner.post("/projects", json!({ "name": "Engine" })).await.expect(201);
    let who = user(&anna).await;
    for (title, project, assignee) in [("A", &hers, Some(&who)), ("B", &hers, None), ("C", &theirs, Some(&who))] {
        let body = json!({ "title": title, "project_id": project.id(), "assignee_id": assignee });
        owner.post("/tasks", body).await.expect(201);
    }
    let path = |project: &tenantry_core::testing::Reply| format!("{}/tasks", project.header("location"));
    assert_eq!(owner.get(&path(&hers)).await.expect(200).column("title"), ["B", "A"]);
    assert_eq!(owner.get(&format!("{}?filter[done_at][null]=false", path(&hers))).await.expect(200).items().len(), 0);
    assert_eq!(anna.get(&path(&hers)).await.expect(200).column("title"), ["A"]);
    anna.get(&path(&theirs)).await.problem(404, "not_found");
    let ben = acme.with_permissions(&["tasks.read"]).await;
    assert_eq!(ben.get(&path(&theirs)).await.expect(200).column("title"), ["C"], "they are tasks like others");
}
