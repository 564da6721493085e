//! `GET /api/v1/tasks`

use serde_json::json;
use tenantry_core::testing::TestClient;

use super::task;
use crate::members::user;
use crate::platform;

async fn titles(client: &TestClient, query: &str) -> Vec<String> {
    let list = client.get(&format!("/tasks?sort=created_at&{query}")).await.expect(200);
    list.column("title").into_iter().map(str::to_owned).collect()
}

/// Whose they are, how far they have come, what they are about.
#[tokio::test]
async fn filters_narrow() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, anna) = (acme.owner(), acme.member().await);
    let contact = owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let project = owner.post("/projects", json!({ "name": "Engine" })).await.expect(201);
    task(&anna, "Late", json!({ "due_at": "2020-01-01T00:00:00Z", "priority": "high" })).await;
    task(&anna, "Soon", json!({ "due_at": "2100-01-01T00:00:00Z", "contact_id": contact.id() })).await;
    let done = task(owner, "Done late", json!({ "due_at": "2020-01-01T00:00:00Z", "project_id": project.id() })).await;
    owner.post(&format!("{}/complete", done.header("location")), json!({})).await.expect(200);
    for (query, found) in [
        ("", vec!["Late", "Soon", "Done late"]),
        (&format!("filter[owner_id]={}", user(owner).await), vec!["Done late"]),
        ("filter[done_at][null]=false", vec!["Done late"]),
        ("filter[done_at][null]=true", vec!["Late", "Soon"]),
        ("filter[done_at][null]=true&filter[due_at][lt]=2025-01-01T00:00:00Z", vec!["Late"]),
        (&format!("filter[owner_id]={}", user(&anna).await), vec!["Late", "Soon"]),
        (&format!("filter[contact_id]={}", contact.id()), vec!["Soon"]),
        (&format!("filter[project_id]={}", project.id()), vec!["Done late"]),
        (&format!("filter[project_id]={}&filter[done_at][null]=true", project.id()), vec![]),
    ] {
        assert_eq!(titles(owner, query).await, found, "{query}");
    }
    task(owner, "No time", json!({})).await;
    let by_time = owner.get("/tasks?sort=-due_at").await.expect(200);
    assert_eq!(by_time.column("title").last(), Some(&"No time"));
    let page = owner.get("/tasks?limit=3").await.expect(200);
    let rest = owner.get(&format!("/tasks?limit=3&cursor={}", page.body["next_cursor"].as_str().unwrap())).await;
    assert_eq!(
        (page.column("title"), rest.expect(200).column("title")),
        (vec!["No time", "Done late", "Soon"], vec!["Late"])
    );
}
