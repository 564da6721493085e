//! `/api/v1/pipelines/{id}/stages`

use serde_json::json;

use super::{deal, new_stage, sales, stage, stages};
use crate::platform;
use crate::trash;

/// A stage comes last, with what its kind says of how likely a deal is won.
#[tokio::test]
async fn a_stage_is_made_and_changed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let pipeline = sales(owner).await;
    let all = format!("/pipelines/{pipeline}/stages");
    let body = json!({ "name": "Offer", "kind": "open", "required": ["amount", "contact_id", "amount"] });
    let made = owner.post(&all, body).await.expect(201);
    assert_eq!((&made.body["probability"], &made.body["required"]), (&json!(50), &json!(["amount", "contact_id"])));
    assert_eq!(stages(owner, &pipeline).await.last().unwrap()["name"], "Offer");
    let path = made.header("location");
    let changed = owner.patch(path, "\"1\"", json!({ "probability": 70, "required": [] })).await.expect(200);
    assert_eq!((&changed.body["probability"], &changed.body["required"]), (&json!(70), &json!([])));
    owner.patch(path, "\"1\"", json!({ "probability": 71 })).await.problem(412, "stale_version");
    let won = owner.patch(path, "\"2\"", json!({ "kind": "won" })).await.expect(200);
    assert_eq!((&won.body["kind"], &won.body["probability"]), (&json!("won"), &json!(100)));
    owner.post(&all, json!({ "name": "offer", "kind": "open" })).await.problem(409, "name_taken");
    owner.delete(path).await.expect(204);
    owner.get(path).await.problem(404, "not_found");
}

/// One that comes back out of the trash stands behind the others where its place was taken; its name it needs for itself.
#[tokio::test]
async fn a_deleted_stage_finds_a_place() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let pipeline = sales(owner).await;
    let (path, id) = new_stage(owner, &pipeline, "Offer", "open").await;
    owner.delete(&path).await.expect(204);
    let (other, _) = new_stage(owner, &pipeline, "Offer", "open").await;
    let item = trash::of(owner, &id).await["id"].clone();
    let refused = trash::restore(owner, &item).await.problem(409, "restore_refused");
    assert_eq!(refused.pointers(), ["/name"]);
    owner.patch(&other, "\"1\"", json!({ "name": "Visit" })).await.expect(200);
    trash::restore(owner, &item).await.expect(200);
    let names: Vec<_> = stages(owner, &pipeline).await.iter().map(|stage| stage["name"].clone()).collect();
    assert_eq!(names[names.len() - 2..], ["Visit", "Offer"]);
}

/// What no stage can be is refused where it stands.
#[tokio::test]
async fn wrong_values_are_pointed_at() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let all = format!("/pipelines/{}/stages", sales(owner).await);
    for (changes, pointer) in [
        (json!({ "kind": "won", "probability": 99 }), "/probability"),
        (json!({ "kind": "lost", "probability": 1 }), "/probability"),
        (json!({ "probability": 101 }), "/probability"),
        (json!({ "probability": -1 }), "/probability"),
        (json!({ "probability": 99999 }), "/probability"),
        (json!({ "required": ["zebra"] }), "/required/0"),
        (json!({ "required": vec!["amount"; 51] }), "/required"),
        (json!({ "kind": "zebra" }), "/kind"),
        (json!({ "name": "" }), "/name"),
        (json!({ "position": 1 }), "/position"),
    ] {
        let mut body = json!({ "name": "X", "kind": "open" });
        for (field, value) in changes.as_object().unwrap() {
            body[field] = value.clone();
        }
        let refused = owner.post(&all, body.clone()).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{body}");
        assert!(!refused.text.contains("zebra"), "{}", refused.text);
    }
}

/// A pipeline has one stage to go on in, one to win in and one to lose in, whatever is deleted or changed.
#[tokio::test]
async fn the_last_of_a_kind_stays() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let pipeline = sales(owner).await;
    let path = async |name: &str| format!("/pipelines/{pipeline}/stages/{}", stage(owner, name).await);
    for name in ["Closed won", "Closed lost"] {
        owner.delete(&path(name).await).await.problem(409, "last_of_kind");
        owner.patch(&path(name).await, "\"1\"", json!({ "kind": "open" })).await.problem(409, "last_of_kind");
    }
    owner.delete(&path("New").await).await.expect(204);
    owner.delete(&path("Negotiation").await).await.problem(409, "last_of_kind");
    new_stage(owner, &pipeline, "Paid", "won").await;
    owner.delete(&path("Closed won").await).await.expect(204);
    owner.delete(&path("Paid").await).await.problem(409, "last_of_kind");
}

/// A stage with deals neither goes nor becomes another kind; its name and its rules may change.
#[tokio::test]
async fn one_with_deals_stays_what_it_is() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (path, id) = new_stage(owner, &sales(owner).await, "Offer", "open").await;
    deal(owner, json!({ "title": "Roof", "stage_id": id })).await;
    let refused = owner.delete(&path).await.problem(409, "stage_in_use");
    assert!(refused.body["detail"].as_str().unwrap().contains("Move them"), "{}", refused.text);
    owner.patch(&path, "\"1\"", json!({ "kind": "won" })).await.problem(409, "stage_in_use");
    owner.patch(&path, "\"1\"", json!({ "name": "Quote", "required": ["notes"] })).await.expect(200);
}

/// There is room for fifty.
#[tokio::test]
async fn there_are_at_most_fifty() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let pipeline = sales(owner).await;
    for n in 4..50 {
        new_stage(owner, &pipeline, &format!("S{n}"), "open").await;
    }
    let all = format!("/pipelines/{pipeline}/stages");
    owner.post(&all, json!({ "name": "X", "kind": "open" })).await.problem(409, "too_many_stages");
    assert_eq!(stages(owner, &pipeline).await.len(), 50);
}
