//! Deals, which come to stages and go from one to another.

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use super::statuses;
use crate::custom_fields::{acme, of};
use crate::members::user;
use crate::pipelines::{deal, sales, stage};

/// New deals start where single ones do; fields are changed, deals go to other stages, and each step is told.
#[tokio::test]
async fn deals_are_made_changed_and_moved() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let [new, negotiation, won, lost] = [
        stage(owner, "New").await,
        stage(owner, "Negotiation").await,
        stage(owner, "Closed won").await,
        stage(owner, "Closed lost").await,
    ];
    let person = owner.post("/contacts", json!({ "last_name": "Byron" })).await.expect(201);
    let (gone, gone_id) = deal(owner, json!({ "title": "Gone" })).await;
    let create = json!([
        { "title": "First", "amount": "5", "currency": "EUR", "expected_close": "2027-01-31", "contact_id": person.id(), "tags": ["a"] },
        { "title": "Won", "stage_id": won },
        { "title": "Lost", "stage_id": lost, "lost_reason": "Too dear" },
    ]);
    let body = json!({ "create": create, "delete": [{ "id": gone_id }] });
    let made = owner.post("/deals/bulk", body).await.expect(200).body;
    assert_eq!((statuses(&made["create"]), statuses(&made["delete"])), (vec![201, 201, 201], vec![204]));
    owner.get(&gone).await.problem(404, "not_found");
    let id = |n: usize| made["create"][n]["id"].as_str().unwrap().to_owned();
    let show = async |n: usize| owner.get(&format!("/deals/{}", id(n))).await.expect(200).body;
    let first = show(0).await;
    assert_eq!((&first["stage_id"], &first["status"], &first["amount"]), (&json!(new), &json!("open"), &json!("5.00")));
    assert_eq!((&first["contact_id"], &first["tags"]), (&json!(person.id()), &json!(["a"])));
    assert_eq!((&first["owner_id"], &first["closed_at"]), (&json!(user(owner).await), &Value::Null));
    let second = show(1).await;
    assert_eq!((&second["status"], &second["closed_at"]), (&json!("won"), &second["stage_since"]));
    assert_eq!(show(2).await["lost_reason"], "Too dear");

    let update = json!([
        { "id": id(0), "version": 1, "stage_id": negotiation, "title": "Moved" },
        { "id": id(1), "notes": "well done" },
        { "id": id(2), "stage_id": new },
    ]);
    let done = owner.post("/deals/bulk", json!({ "update": update })).await.expect(200).body;
    assert_eq!(statuses(&done["update"]), [200, 200, 200]);
    let moved = show(0).await;
    assert_eq!((&moved["stage_id"], &moved["title"]), (&json!(negotiation), &json!("Moved")));
    assert_ne!(moved["stage_since"], first["stage_since"]);
    let stayed = show(1).await;
    assert_eq!((&stayed["stage_since"], &stayed["notes"]), (&second["stage_since"], &json!("well done")));
    let back = show(2).await;
    assert_eq!(
        (&back["status"], &back["lost_reason"], &back["closed_at"]),
        (&json!("open"), &Value::Null, &Value::Null)
    );
    let steps = async |n: usize| -> Vec<Value> {
        let moves = owner.get(&format!("/deals/{}/moves?sort=moved_at", id(n))).await.expect(200);
        moves.items().iter().map(|step| json!([step["from_stage_id"], step["to_stage_id"]])).collect()
    };
    assert_eq!(steps(0).await, [json!([null, new]), json!([new, negotiation])]);
    assert_eq!(steps(1).await, [json!([null, won])]);
    assert_eq!(steps(2).await, [json!([null, lost]), json!([lost, new])]);
}

/// What the single operations refuse is refused in its row.
#[tokio::test]
async fn rules_of_stages_hold() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let (won, lost) = (stage(owner, "Closed won").await, stage(owner, "Closed lost").await);
    of(owner, "deals", "size", "number").await;
    let body = json!({ "name": "Offer", "kind": "open", "required": ["amount", "custom.size"] });
    let all = format!("/pipelines/{}/stages", sales(owner).await);
    let offer = owner.post(&all, body).await.expect(201).id().to_owned();
    let (_, open) = deal(owner, json!({ "title": "Open" })).await;
    let (_, other) = deal(owner, json!({ "title": "Other" })).await;
    let (_, third) = deal(owner, json!({ "title": "Third", "custom": { "size": 4 } })).await;
    let create = json!([
        { "title": "A", "stage_id": lost },
        { "title": "B", "lost_reason": "why" },
        { "title": "C", "amount": "5" },
        { "title": "D", "stage_id": offer },
        { "title": "E", "stage_id": Uuid::new_v4() },
        { "title": "F", "company_id": Uuid::new_v4() },
        { "title": "G", "stage_id": offer, "amount": "5", "currency": "EUR", "custom": { "size": 1 } },
    ]);
    let update = json!([
        { "id": open, "stage_id": offer },
        { "id": other, "stage_id": lost },
        { "id": third, "stage_id": "x" },
    ]);
    let body = json!({ "create": create, "update": update });
    let refused = owner.post("/deals/bulk", body.clone()).await.problem(422, "invalid");
    assert_eq!(
        refused.pointers(),
        [
            "/create/0/lost_reason",
            "/create/1/lost_reason",
            "/create/2/currency",
            "/create/3/amount",
            "/create/3/custom/size",
            "/create/4/stage_id",
            "/create/5/company_id",
            "/update/0/amount",
            "/update/0/custom/size",
            "/update/1/lost_reason",
            "/update/2/stage_id",
        ]
    );
    assert_eq!(owner.get("/deals").await.expect(200).items().len(), 3);
    let mut per_row = body;
    per_row["mode"] = json!("per_row");
    let done = owner.post("/deals/bulk", per_row).await.expect(200).body;
    assert_eq!(statuses(&done["create"]), [422, 422, 422, 422, 404, 404, 201]);
    let update = json!([
        { "id": open, "stage_id": offer, "amount": "7", "currency": "EUR", "custom": { "size": 2 } },
        { "id": other, "stage_id": lost, "lost_reason": "Too late" },
        { "id": third, "stage_id": offer, "amount": "7", "currency": "EUR" },
    ]);
    owner.post("/deals/bulk", json!({ "update": update })).await.expect(200);
    let closed = json!({ "update": [{ "id": open, "stage_id": won }, { "id": other, "lost_reason": null }] });
    let refused = owner.post("/deals/bulk", closed).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/update/1/lost_reason"]);
}

/// Deals of others are not there, and whoever reaches their own names only what is in reach.
#[tokio::test]
async fn reach_is_that_of_the_single_operations() {
    let (_platform, acme) = acme().await;
    let all = ["deals.read", "deals.write", "contacts.read", "contacts.write"];
    let anna = acme.with_scope(&all, RecordScope::Own).await;
    let person = acme.owner().post("/contacts", json!({ "last_name": "Theirs" })).await.expect(201);
    let (_, theirs) = deal(acme.owner(), json!({ "title": "Theirs" })).await;
    let negotiation = stage(acme.owner(), "Negotiation").await;
    let body = json!({
        "mode": "per_row",
        "create": [{ "title": "Hers" }, { "title": "Stranger", "contact_id": person.id() }],
        "update": [{ "id": theirs, "stage_id": negotiation }],
    });
    let done = anna.post("/deals/bulk", body).await.expect(200).body;
    assert_eq!((statuses(&done["create"]), statuses(&done["update"])), (vec![201, 404], vec![404]));
    let hers = done["create"][0]["id"].as_str().unwrap();
    assert_eq!(anna.get(&format!("/deals/{hers}/moves")).await.expect(200).items().len(), 1);
    let file = anna.get("/deals/export").await.expect(200);
    assert!(file.text.contains("Hers") && !file.text.contains("Theirs"), "{}", file.text);
    let lines = acme.owner().get("/deals/export?format=ndjson&filter[status]=open&sort=title").await.expect(200);
    let titles: Vec<Value> =
        lines.text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["title"].clone()).collect();
    assert_eq!(titles, ["Hers", "Theirs"]);
    acme.viewer().await.post("/deals/bulk", json!({ "create": [{ "title": "X" }] })).await.problem(403, "forbidden");
}
