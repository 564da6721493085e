//! `POST /api/v1/deals/{id}/move` and `GET /api/v1/deals/{id}/moves`

use serde_json::{Value, json};
use uuid::Uuid;

use super::move_deal;
use crate::members::user;
use crate::pipelines::{deal, new_stage, sales, stage};
use crate::platform;
use crate::support::superuser_in;

/// A deal goes through its stages, is won, opens again and is lost; each move is told.
#[tokio::test]
async fn a_deal_goes_its_way() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let [new, negotiation, won, lost] = [
        stage(owner, "New").await,
        stage(owner, "Negotiation").await,
        stage(owner, "Closed won").await,
        stage(owner, "Closed lost").await,
    ];
    let (path, _) = deal(owner, json!({ "title": "Roof" })).await;
    let before = owner.get(&path).await.expect(200).body;
    let moved = move_deal(&member, &path, "\"1\"", json!({ "stage_id": negotiation })).await.expect(200);
    assert_eq!((&moved.body["stage_id"], &moved.body["status"]), (&json!(negotiation), &json!("open")));
    assert_eq!((&moved.body["closed_at"], moved.header("etag")), (&json!(null), "\"2\""));
    assert_ne!(moved.body["stage_since"], before["stage_since"]);
    let closed = move_deal(owner, &path, "\"2\"", json!({ "stage_id": won })).await.expect(200);
    assert_eq!((&closed.body["status"], &closed.body["closed_at"]), (&json!("won"), &closed.body["stage_since"]));
    let again = move_deal(owner, &path, "\"3\"", json!({ "stage_id": new })).await.expect(200);
    assert_eq!((&again.body["status"], &again.body["closed_at"]), (&json!("open"), &json!(null)));
    let gone = json!({ "stage_id": lost, "lost_reason": "Too dear" });
    let gone = move_deal(owner, &path, "\"4\"", gone).await.expect(200);
    assert_eq!((&gone.body["status"], &gone.body["lost_reason"]), (&json!("lost"), &json!("Too dear")));
    let why = owner.patch(&path, "\"5\"", json!({ "lost_reason": "Too late" })).await.expect(200);
    assert_eq!(why.body["lost_reason"], "Too late");
    let none = owner.patch(&path, "\"6\"", json!({ "lost_reason": null })).await.problem(422, "invalid");
    assert_eq!(none.pointers(), ["/lost_reason"]);
    let back = move_deal(owner, &path, "\"6\"", json!({ "stage_id": new })).await.expect(200);
    assert_eq!(back.body["lost_reason"], json!(null));

    let list = owner.get(&format!("{path}/moves?sort=moved_at")).await.expect(200);
    let steps: Vec<Value> = list.items().iter().map(|m| json!([m["from_stage_id"], m["to_stage_id"]])).collect();
    let expected = [
        json!([null, new]),
        json!([new, negotiation]),
        json!([negotiation, won]),
        json!([won, new]),
        json!([new, lost]),
        json!([lost, new]),
    ];
    assert_eq!(steps, expected);
    let first = &list.items()[0];
    assert_eq!((&first["moved_by"], &first["stayed"]), (&json!(user(owner).await), &json!(null)));
    let second = &list.items()[1];
    assert_eq!((&second["moved_by"], &second["stayed"]), (&json!(user(&member).await), &json!(0)));
    let page = owner.get(&format!("{path}/moves?limit=4")).await.expect(200);
    let next = page.body["next_cursor"].as_str().unwrap();
    assert_eq!(owner.get(&format!("{path}/moves?limit=4&cursor={next}")).await.expect(200).items().len(), 2);
}

/// What a stage asks for has to be there, or comes with the move; each missing field is pointed at.
#[tokio::test]
async fn a_stage_asks_for_fields() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let all = format!("/pipelines/{}/stages", sales(owner).await);
    let body = json!({ "name": "Offer", "kind": "open", "required": ["amount", "expected_close", "contact_id"] });
    let offer = owner.post(&all, body).await.expect(201).id().to_owned();
    let (path, _) = deal(owner, json!({ "title": "Roof", "expected_close": "2027-01-31" })).await;
    let refused = move_deal(owner, &path, "\"1\"", json!({ "stage_id": offer })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/fields/amount", "/fields/contact_id"]);
    let half = json!({ "stage_id": offer, "fields": { "amount": "5", "contact_id": Uuid::new_v4() } });
    let refused = move_deal(owner, &path, "\"1\"", half).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/fields/currency"]);
    let stranger =
        json!({ "stage_id": offer, "fields": { "amount": "5", "currency": "EUR", "contact_id": Uuid::new_v4() } });
    let refused = move_deal(owner, &path, "\"1\"", stranger).await.problem(404, "not_found");
    assert_eq!(refused.pointers(), ["/fields/contact_id"]);
    let person = owner.post("/contacts", json!({ "last_name": "Byron" })).await.expect(201);
    let whole = json!({ "stage_id": offer, "fields": { "amount": "5", "currency": "EUR", "contact_id": person.id() } });
    let moved = move_deal(owner, &path, "\"1\"", whole).await.expect(200);
    assert_eq!((&moved.body["stage_id"], &moved.body["amount"]), (&json!(offer), &json!("5.00")));
    // Once it is there, nothing is asked for any more.
    let without = json!({ "amount": null, "currency": null });
    owner.patch(&path, "\"2\"", without).await.expect(200);
    let refused = owner.post("/deals", json!({ "title": "Wall", "stage_id": offer })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/amount", "/expected_close", "/contact_id"]);
}

/// A reason belongs to what is lost, and to nothing else; there is no move without a version, or to nowhere.
#[tokio::test]
async fn a_move_is_checked() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (negotiation, lost) = (stage(owner, "Negotiation").await, stage(owner, "Closed lost").await);
    let (path, _) = deal(owner, json!({ "title": "Roof" })).await;
    for (body, pointer) in [
        (json!({ "stage_id": lost }), "/lost_reason"),
        (json!({ "stage_id": lost, "lost_reason": " " }), "/lost_reason"),
        (json!({ "stage_id": negotiation, "lost_reason": "price" }), "/lost_reason"),
        (json!({ "stage_id": negotiation, "fields": { "lost_reason": "price" } }), "/lost_reason"),
        (json!({ "stage_id": negotiation, "fields": { "stage_id": lost } }), "/fields/stage_id"),
        (json!({}), "/stage_id"),
    ] {
        let refused = move_deal(owner, &path, "\"1\"", body.clone()).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{body}");
    }
    let nowhere = move_deal(owner, &path, "\"1\"", json!({ "stage_id": Uuid::new_v4() })).await;
    assert_eq!(nowhere.problem(404, "not_found").pointers(), ["/stage_id"]);
    let body = json!({ "stage_id": negotiation });
    owner.post(&format!("{path}/move"), body.clone()).await.problem(428, "version_required");
    move_deal(owner, &path, "\"9\"", body.clone()).await.problem(412, "stale_version");
    move_deal(&acme.viewer().await, &path, "\"1\"", body).await.problem(403, "forbidden");
    // To where it is already, nothing moves.
    let same = json!({ "stage_id": stage(owner, "New").await });
    assert_eq!(move_deal(owner, &path, "\"1\"", same).await.expect(200).header("etag"), "\"1\"");
    assert_eq!(owner.get(&format!("{path}/moves")).await.expect(200).items().len(), 1);
}

/// From one stage where deals are won to another it stays won, since when it was; into another pipeline it goes as well.
#[tokio::test]
async fn what_is_won_stays_won() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (_, paid) = new_stage(owner, &sales(owner).await, "Paid", "won").await;
    let (path, _) = deal(owner, json!({ "title": "Roof", "stage_id": stage(owner, "Closed won").await })).await;
    let won = owner.get(&path).await.expect(200).body["closed_at"].clone();
    let moved = move_deal(owner, &path, "\"1\"", json!({ "stage_id": paid })).await.expect(200);
    assert_eq!((&moved.body["closed_at"], moved.body["stage_since"] == won), (&won, false));
    let other = owner.post("/pipelines", json!({ "name": "Renewals" })).await.expect(201);
    let (_, asked) = new_stage(owner, other.id(), "Asked", "open").await;
    let moved = move_deal(owner, &path, "\"2\"", json!({ "stage_id": asked })).await.expect(200);
    assert_eq!((&moved.body["pipeline_id"], &moved.body["status"]), (&other.body["id"], &json!("open")));
}

/// How long a deal had been in the stage that it left is told in seconds.
#[tokio::test]
async fn it_is_told_how_long_it_stayed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (path, _) = deal(owner, json!({ "title": "Roof" })).await;
    let database = superuser_in(&platform, &acme).await;
    database.batch_execute("UPDATE deal_moves SET moved_at = now() - interval '2 hours'").await.unwrap();
    move_deal(owner, &path, "\"1\"", json!({ "stage_id": stage(owner, "Negotiation").await })).await.expect(200);
    let stayed = owner.get(&format!("{path}/moves")).await.expect(200).items()[0]["stayed"].as_i64().unwrap();
    assert!((7200..7300).contains(&stayed), "{stayed}");
}
