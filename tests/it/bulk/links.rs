//! Records that name others, and are given to somebody.

use serde_json::json;
use uuid::Uuid;

use crate::members::user;
use crate::platform;

/// What a task is about has to be there, and whoever has to do it is a member.
#[tokio::test]
async fn tasks_name_what_is_in_reach_and_who_is_there() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let owner = acme.owner();
    let anna = user(&acme.member().await).await;
    let contact = owner.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let foreign = other.owner().post("/contacts", json!({ "last_name": "F" })).await.expect(201);
    let body = json!({
        "mode": "per_row",
        "create": [
            { "title": "A", "contact_id": contact.id() },
            { "title": "B", "contact_id": foreign.id() },
            { "title": "C", "contact_id": Uuid::new_v4() },
            { "title": "D", "assignee_id": anna, "due_at": "2030-05-17T10:00:00Z", "priority": "high" },
            { "title": "E", "assignee_id": Uuid::new_v4() },
        ],
    });
    let done = owner.post("/tasks/bulk", body).await.expect(200).body;
    let statuses: Vec<_> =
        done["create"].as_array().unwrap().iter().map(|row| row["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 404, 404, 201, 404]);
    assert_eq!(done["create"][1]["problem"]["errors"][0]["pointer"], "/create/1/contact_id");
    assert_eq!(done["create"][4]["problem"]["errors"][0]["pointer"], "/create/4/assignee_id");
    let given = owner.get(&format!("/tasks/{}", done["create"][3]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&given.body["owner_id"], &given.body["priority"]), (&json!(anna), &json!("high")));
    let member = acme.member().await;
    let to_other = json!({ "create": [{ "title": "F", "assignee_id": anna }] });
    member.post("/tasks/bulk", to_other).await.problem(403, "forbidden");
}

/// Companies and projects go by the same means.
#[tokio::test]
async fn companies_and_projects_too() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/companies/bulk", json!({ "create": [{ "name": "A" }, { "name": "B" }] })).await.expect(200);
    let company = made.body["create"][0]["id"].clone();
    let body = json!({ "create": [
        { "name": "P", "company_id": company, "starts_on": "2026-01-01", "ends_on": "2026-02-01" },
    ] });
    let made = owner.post("/projects/bulk", body).await.expect(200).body["create"][0]["id"].clone();
    let project = owner.get(&format!("/projects/{}", made.as_str().unwrap())).await.expect(200);
    assert_eq!((&project.body["status"], &project.body["company_id"]), (&json!("planned"), &company));
    let wrong = json!({ "update": [{ "id": made, "ends_on": "2025-01-01" }] });
    assert_eq!(owner.post("/projects/bulk", wrong).await.problem(422, "invalid").pointers(), ["/update/0/ends_on"]);
    let gone = json!({ "delete": [{ "id": company, "version": 1 }] });
    owner.post("/companies/bulk", gone).await.expect(200);
}
