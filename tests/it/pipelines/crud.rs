//! `/api/v1/pipelines`: what every resource has.

use serde_json::json;

use super::{deal, new_stage, sales, stages};
use crate::platform;

/// An organization is born with one pipeline, its default, in four stages.
#[tokio::test]
async fn an_organization_is_born_with_one() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    let list = viewer.get("/pipelines").await.expect(200);
    assert_eq!((list.column("name"), &list.items()[0]["is_default"]), (vec!["Sales"], &json!(true)));
    let stages = stages(&viewer, &sales(&viewer).await).await;
    let told: Vec<_> = stages.iter().map(|s| json!([s["name"], s["kind"], s["probability"], s["required"]])).collect();
    let expected = [
        json!(["New", "open", 10, []]),
        json!(["Negotiation", "open", 50, []]),
        json!(["Closed won", "won", 100, []]),
        json!(["Closed lost", "lost", 0, []]),
    ];
    assert_eq!(told, expected);
}

/// Further ones are made with the same stages, changed on the version that was read, and deleted with their stages.
#[tokio::test]
async fn more_are_made_changed_and_deleted() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/pipelines", json!({ "name": "Renewals" })).await.expect(201);
    let path = made.header("location").to_owned();
    assert_eq!((&made.body["is_default"], made.header("etag")), (&json!(false), "\"1\""));
    assert_eq!(stages(owner, made.id()).await.len(), 4);
    owner.post("/pipelines", json!({ "name": "RENEWALS" })).await.problem(409, "name_taken");
    let changed = owner.patch(&path, "\"1\"", json!({ "name": "Repairs" })).await.expect(200);
    assert_eq!((&changed.body["name"], changed.header("etag")), (&json!("Repairs"), "\"2\""));
    owner.patch(&path, "\"1\"", json!({ "name": "X" })).await.problem(412, "stale_version");
    owner.patch(&path, "\"2\"", json!({ "name": "sales" })).await.problem(409, "name_taken");
    assert_eq!(owner.get(&path).await.expect(200).body["name"], "Repairs");
    let list = owner.get("/pipelines?limit=1").await.expect(200);
    let next = format!("/pipelines?limit=1&cursor={}", list.body["next_cursor"].as_str().unwrap());
    assert_eq!(owner.get(&next).await.expect(200).column("name"), ["Repairs"]);
    owner.delete(&path).await.expect(204);
    owner.get(&path).await.problem(404, "not_found");
    owner.get(&format!("{path}/stages")).await.problem(404, "not_found");
    owner.get(&format!("{path}/board")).await.problem(404, "not_found");
    owner.get(&format!("{path}/forecast")).await.problem(404, "not_found");
    owner.post(&format!("{path}/stages"), json!({ "name": "X", "kind": "open" })).await.problem(404, "not_found");
}

/// One with deals stays, and says what to do; a stage of another pipeline is none of this one.
#[tokio::test]
async fn one_with_deals_stays() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/pipelines", json!({ "name": "Renewals" })).await.expect(201);
    let (stage_path, stage) = new_stage(owner, made.id(), "Asked", "open").await;
    let (path, _) = deal(owner, json!({ "title": "Roof", "stage_id": stage })).await;
    let refused = owner.delete(made.header("location")).await.problem(409, "pipeline_in_use");
    assert!(refused.body["detail"].as_str().unwrap().contains("Move them"), "{}", refused.text);
    let elsewhere = stage_path.replace(made.id(), &sales(owner).await);
    owner.get(&elsewhere).await.problem(404, "not_found");
    owner.patch(&elsewhere, "\"1\"", json!({ "name": "X" })).await.problem(404, "not_found");
    owner.delete(&elsewhere).await.problem(404, "not_found");
    owner.delete(&path).await.expect(204);
    owner.delete(made.header("location")).await.expect(204);
}

/// They are the organization's: everybody sees them, and who changes them is an admin, whatever the role's scope.
#[tokio::test]
async fn admins_change_them() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let id = sales(&member).await;
    member.post("/pipelines", json!({ "name": "X" })).await.problem(403, "forbidden");
    member.delete(&format!("/pipelines/{id}")).await.problem(403, "forbidden");
    member.put_json(&format!("/pipelines/{id}/stages"), json!({ "stage_ids": [] })).await.problem(403, "forbidden");
    member.post(&format!("/pipelines/{id}/stages"), json!({})).await.problem(403, "forbidden");
}
