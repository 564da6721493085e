//! A project is made, listed, changed, given to another, deleted.

use reqwest::Method;
use serde_json::json;
use tenantry_core::permission::RecordScope;

use crate::members::user;
use crate::platform;

/// It keeps what it is told, and its days are in order.
#[tokio::test]
async fn a_project_lives() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.member().await;
    let contact = anna.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let body =
        json!({ "name": "Engine", "starts_on": "2030-01-01", "ends_on": "2030-02-01", "contact_id": contact.id() });
    let made = anna.post("/projects", body).await.expect(201);
    assert_eq!((&made.body["status"], &made.body["owner_id"]), (&json!("planned"), &json!(user(&anna).await)));
    let path = made.header("location");
    let wrong = anna.patch(path, "\"1\"", json!({ "ends_on": "2029-12-31" })).await.problem(422, "invalid");
    assert_eq!(wrong.pointers(), ["/ends_on"]);
    let wrong = json!({ "name": "X", "starts_on": "2030-01-02", "ends_on": "2030-01-01" });
    anna.post("/projects", wrong).await.problem(422, "invalid");
    let changed = anna.patch(path, "\"1\"", json!({ "status": "active", "starts_on": null })).await.expect(200);
    assert_eq!((&changed.body["status"], &changed.body["starts_on"]), (&json!("active"), &json!(null)));
    assert_eq!(anna.get(path).await.expect(200).body, changed.body);
    anna.patch(path, "\"2\"", json!({ "status": "gone" })).await.problem(422, "invalid");
    anna.delete(path).await.expect(204);
    anna.get(path).await.problem(404, "not_found");
}

/// Lists are narrowed by status, words and whom they are for; they reach as far as the role.
#[tokio::test]
async fn lists_narrow_and_reach_as_far_as_the_role() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let permissions = ["projects.read", "projects.write", "contacts.read", "contacts.write", "projects.assign"];
    let anna = acme.with_scope(&permissions, RecordScope::Own).await;
    let contact = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    acme.owner().post("/projects", json!({ "name": "Engine", "contact_id": contact.id() })).await.expect(201);
    let hers = anna.post("/projects", json!({ "name": "Loom", "status": "active" })).await.expect(201);
    for (query, found) in [
        ("sort=name", vec!["Engine", "Loom"]),
        ("sort=-name", vec!["Loom", "Engine"]),
        ("filter[status]=active", vec!["Loom"]),
        ("q=ENG", vec!["Engine"]),
        (&format!("filter[contact_id]={}", contact.id()), vec!["Engine"]),
    ] {
        assert_eq!(acme.owner().get(&format!("/projects?{query}")).await.expect(200).column("name"), found, "{query}");
    }
    assert_eq!(anna.get("/projects").await.expect(200).column("name"), ["Loom"]);
    let theirs = anna.post("/projects", json!({ "name": "X", "contact_id": contact.id() })).await;
    assert_eq!(theirs.problem(404, "not_found").pointers(), ["/contact_id"]);

    let ben = user(&acme.member().await).await;
    let path = format!("{}/owner", hers.header("location"));
    let given = anna.request(Method::PUT, &path).header("if-match", "\"1\"").json(&json!({ "user_id": ben }));
    assert_eq!(anna.send(given).await.expect(200).body["owner_id"], json!(ben));
    anna.get(hers.header("location")).await.problem(404, "not_found");
}
