//! Undoing what was done to deals and pipelines.

use serde_json::{Value, json};

use super::move_deal;
use crate::audit::undo::{apply, preview};
use crate::members::user;
use crate::pipelines::{deal, new_stage, sales, stage, stages};
use crate::platform;

/// A move that is undone is a move back, by whoever undid it.
#[tokio::test]
async fn a_move_back_is_a_move() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (path, _) = deal(owner, json!({ "title": "Roof" })).await;
    let (new, lost) = (stage(owner, "New").await, stage(owner, "Closed lost").await);
    let body = json!({ "stage_id": lost, "lost_reason": "price", "fields": { "notes": "x" } });
    move_deal(&member, &path, "\"1\"", body).await.expect(200);
    let undo = preview(owner, &member).await;
    apply(owner, &undo, "refuse").await.expect(200);
    let now = owner.get(&path).await.expect(200).body;
    assert_eq!((&now["stage_id"], &now["status"], &now["lost_reason"]), (&json!(new), &json!("open"), &json!(null)));
    assert_eq!((&now["closed_at"], &now["notes"]), (&json!(null), &json!(null)));
    let moves = owner.get(&format!("{path}/moves?sort=moved_at")).await.expect(200);
    let steps: Vec<Value> = moves.items().iter().map(|m| json!([m["to_stage_id"], m["moved_by"]])).collect();
    let (me, them) = (user(owner).await, user(&member).await);
    assert_eq!(steps, [json!([new, me]), json!([lost, them]), json!([new, me])]);
}

/// A deal that was deleted comes back with its history; nothing is noted twice.
#[tokio::test]
async fn a_deal_comes_back_with_its_history() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (path, _) = deal(owner, json!({ "title": "Roof" })).await;
    move_deal(owner, &path, "\"1\"", json!({ "stage_id": stage(owner, "Negotiation").await })).await.expect(200);
    let before = owner.get(&path).await.expect(200).body;
    member.delete(&path).await.expect(204);
    let undo = preview(owner, &member).await;
    apply(owner, &undo, "refuse").await.expect(200);
    let mut now = owner.get(&path).await.expect(200).body;
    now["updated_at"] = before["updated_at"].clone();
    assert_eq!(now, before);
    assert_eq!(owner.get(&format!("{path}/moves")).await.expect(200).items().len(), 2);
}

/// What somebody did to pipelines is taken back: stages, their order, which one is the default.
#[tokio::test]
async fn pipelines_are_put_back() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let admin = acme.admin().await;
    let pipeline = sales(owner).await;
    let names = async || -> Vec<Value> { stages(owner, &pipeline).await.iter().map(|s| s["name"].clone()).collect() };
    let before = names().await;
    let made = admin.post("/pipelines", json!({ "name": "Renewals" })).await.expect(201);
    admin.patch(made.header("location"), "\"1\"", json!({ "is_default": true })).await.expect(200);
    new_stage(&admin, &pipeline, "Offer", "open").await;
    let mut order: Vec<Value> = stages(owner, &pipeline).await.iter().map(|s| s["id"].clone()).collect();
    order.reverse();
    let path = format!("/pipelines/{pipeline}/stages");
    admin.put_json(&path, json!({ "stage_ids": order })).await.expect(200);
    admin.delete(&format!("{path}/{}", stage(owner, "New").await)).await.expect(204);
    let undo = preview(owner, &admin).await;
    apply(owner, &undo, "refuse").await.expect(200);
    assert_eq!(names().await, before);
    let list = owner.get("/pipelines").await.expect(200);
    assert_eq!((list.items().len(), &list.items()[0]["is_default"]), (1, &json!(true)));
}

/// A stage that was made and has deals is in use, and stays.
#[tokio::test]
async fn a_stage_in_use_stays() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let admin = acme.admin().await;
    let (path, id) = new_stage(&admin, &sales(owner).await, "Offer", "open").await;
    deal(owner, json!({ "title": "Roof", "stage_id": id })).await;
    let undo = preview(owner, &admin).await;
    assert_eq!(undo["conflicts"], 1);
    apply(owner, &undo, "refuse").await.problem(409, "undo_conflicts");
    owner.get(&path).await.expect(200);
}
