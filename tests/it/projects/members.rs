//! Who works on a project.

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use crate::members::user;
use crate::platform;

/// Members of the organization work on it, each once; whoever does not is left alone.
#[tokio::test]
async fn members_come_and_go() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let owner = acme.owner();
    let project = owner.post("/projects", json!({ "name": "Engine" })).await.expect(201);
    let members = format!("{}/members", project.header("location"));
    let (anna, ben) = (user(&acme.member().await).await, user(&acme.viewer().await).await);
    for id in [&anna, &ben, &anna] {
        owner.put(&format!("{members}/{id}")).await.expect(204);
    }
    assert_eq!(owner.get(&members).await.expect(200).column("user_id"), [&anna, &ben]);
    owner.put(&format!("{members}/{}", user(other.owner()).await)).await.problem(404, "not_found");
    owner.put(&format!("{members}/{}", Uuid::new_v4())).await.problem(404, "not_found");
    owner.delete(&format!("{members}/{anna}")).await.expect(204);
    owner.delete(&format!("{members}/{anna}")).await.problem(404, "not_found");
    assert_eq!(owner.get(&members).await.expect(200).column("user_id"), [&ben]);
    acme.viewer().await.put(&format!("{members}/{anna}")).await.problem(403, "forbidden");
    owner.delete(project.header("location")).await.expect(204);
    owner.get(&members).await.problem(404, "not_found");
}

/// It is seen and changed by whoever reaches the project, and lets nobody see it.
#[tokio::test]
async fn it_widens_nobodys_reach() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let permissions = ["projects.read", "project_members.read", "project_members.write"];
    let anna = acme.with_scope(&permissions, RecordScope::Own).await;
    let project = acme.owner().post("/projects", json!({ "name": "Engine" })).await.expect(201);
    let members = format!("{}/members", project.header("location"));
    acme.owner().put(&format!("{members}/{}", user(&anna).await)).await.expect(204);
    anna.get(project.header("location")).await.problem(404, "not_found");
    anna.get(&members).await.problem(404, "not_found");
    anna.put(&format!("{members}/{}", user(&anna).await)).await.problem(404, "not_found");
    anna.delete(&format!("{members}/{}", user(&anna).await)).await.problem(404, "not_found");
    assert_eq!(acme.owner().get(&members).await.expect(200).items().len(), 1);
}
