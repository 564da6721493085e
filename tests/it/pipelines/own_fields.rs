//! Stages that ask for fields of the organization's own.

use serde_json::json;

use super::{deal, sales};
use crate::custom_fields::{acme, of};
use crate::deals::move_deal;
use crate::trash;

/// A stage names fields of deals that there are.
#[tokio::test]
async fn a_stage_asks_for_fields_that_are_there() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    of(owner, "deals", "size", "number").await;
    of(owner, "contacts", "floor", "number").await;
    let all = format!("/pipelines/{}/stages", sales(owner).await);
    let body = |required: serde_json::Value| json!({ "name": "Offer", "kind": "open", "required": required });
    for (required, pointer) in [
        (json!(["amount", "custom.floor"]), "/required/1"),
        (json!(["custom.size", "custom.size", "custom.zebra"]), "/required/2"),
        (json!(["custom."]), "/required/0"),
        (json!(["custom.A'"]), "/required/0"),
    ] {
        let refused = owner.post(&all, body(required.clone())).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{required}");
    }
    let made = owner.post(&all, body(json!(["custom.size", "amount", "custom.size"]))).await.expect(201);
    assert_eq!(made.body["required"], json!(["custom.size", "amount"]));
    let path = made.header("location");
    let wrong = owner.patch(path, "\"1\"", json!({ "required": ["custom.floor"] })).await.problem(422, "invalid");
    assert_eq!(wrong.pointers(), ["/required/0"]);
    let changed = owner.patch(path, "\"1\"", json!({ "required": ["custom.size"] })).await.expect(200);
    assert_eq!(changed.body["required"], json!(["custom.size"]));
}

/// A deal has them before it comes there, or brings them along; a field that is gone is not asked for until it is back.
#[tokio::test]
async fn a_deal_has_what_its_stage_asks_for() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let size = of(owner, "deals", "size", "number").await;
    let all = format!("/pipelines/{}/stages", sales(owner).await);
    let body = json!({ "name": "Offer", "kind": "open", "required": ["custom.size", "notes"] });
    let made = owner.post(&all, body).await.expect(201);
    let offer = made.id();
    let refused = owner.post("/deals", json!({ "title": "Roof", "stage_id": offer })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/custom/size", "/notes"]);
    let whole = json!({ "title": "Roof", "stage_id": offer, "notes": "n", "custom": { "size": 0 } });
    owner.post("/deals", whole).await.expect(201);

    let (path, _) = deal(owner, json!({ "title": "Wall", "notes": "n", "custom": { "size": 3 } })).await;
    let takes = json!({ "stage_id": offer, "fields": { "custom": { "size": null } } });
    let refused = move_deal(owner, &path, "\"1\"", takes).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/fields/custom/size"]);
    move_deal(owner, &path, "\"1\"", json!({ "stage_id": offer })).await.expect(200);
    let (path, _) = deal(owner, json!({ "title": "Door", "notes": "n" })).await;
    move_deal(owner, &path, "\"1\"", json!({ "stage_id": offer })).await.problem(422, "invalid");
    let brings = json!({ "stage_id": offer, "fields": { "custom": { "size": 1 } } });
    move_deal(owner, &path, "\"1\"", brings).await.expect(200);

    owner.delete(&format!("/custom-fields/{}", size.id())).await.expect(204);
    let (path, _) = deal(owner, json!({ "title": "Gate", "notes": "n" })).await;
    let shown = owner.get(made.header("location")).await.expect(200);
    let same = json!({ "name": "Quote", "required": shown.body["required"] });
    owner.patch(made.header("location"), shown.header("etag"), same).await.expect(200);
    let there = json!({ "title": "Fence", "notes": "n", "stage_id": offer });
    owner.post("/deals", there.clone()).await.expect(201);
    trash::restore(owner, &trash::of(owner, size.id()).await["id"]).await.expect(200);
    owner.post("/deals", there).await.problem(422, "invalid");
    move_deal(owner, &path, "\"1\"", json!({ "stage_id": offer })).await.problem(422, "invalid");
}
