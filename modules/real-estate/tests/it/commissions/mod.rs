//! `/api/v1/real-estate/commissions`

use serde_json::{Value, json};

use crate::agency;
use crate::market::{active, with};
use crate::progressions::{milestone, progression, step};

/// A commission of 2.5 percent, which one member has all of.
fn body(listing: &str, user: &str) -> Value {
    json!({
        "listing_id": listing, "base": "300000.00", "currency": "EUR", "percent": "2.5",
        "splits": [{ "user_id": user, "percent": "100" }],
    })
}

/// It is reckoned from its base or fixed, and members do not see what admins agree on change.
#[tokio::test]
async fn a_commission_is_reckoned_or_fixed() {
    let (_platform, agency) = agency().await;
    let (owner, member) = (agency.owner(), agency.member().await);
    let me = owner.get("/users/me").await.expect(200);
    let listing = active(&agency, json!({})).await;
    let body = body(&listing, me.id());
    let made = owner.post("/real-estate/commissions", body.clone()).await.expect(201);
    assert_eq!((&made.body["amount"], &made.body["status"]), (&json!("7500.00"), &json!("draft")));
    let path = made.header("location");
    let cheaper = owner.patch(path, "\"1\"", json!({ "base": "200000.00" })).await.expect(200);
    assert_eq!(cheaper.body["amount"], "5000.00");
    let fixed = owner.patch(path, "\"2\"", json!({ "percent": null, "amount": "4321.00" })).await.expect(200);
    assert_eq!((&fixed.body["amount"], &fixed.body["percent"]), (&json!("4321.00"), &json!(null)));

    member.get(path).await.expect(200);
    member.post("/real-estate/commissions", body.clone()).await.problem(403, "forbidden");
    agency.viewer().await.get(path).await.problem(403, "forbidden");
    for (change, status, pointer) in [
        (json!({ "amount": "1.00" }), 422, "/amount"),
        (json!({ "percent": null }), 422, "/amount"),
        (json!({ "base": "0" }), 422, "/base"),
        (json!({ "percent": "100.01" }), 422, "/percent"),
        (json!({ "listing_id": uuid::Uuid::new_v4() }), 404, "/listing_id"),
    ] {
        let refused = owner.post("/real-estate/commissions", with(body.clone(), change)).await.expect(status);
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
    }
}

/// The parts are exactly 100 percent, of members, each once; the table knows that too.
#[tokio::test]
async fn the_parts_are_the_whole() {
    let (platform, agency) = agency().await;
    let (owner, member) = (agency.owner(), agency.member().await);
    let (me, other) = (owner.get("/users/me").await.expect(200), member.get("/users/me").await.expect(200));
    let body = body(&active(&agency, json!({})).await, me.id());
    let part = |user: &str, percent: &str| json!({ "user_id": user, "percent": percent });
    for (splits, status, pointer) in [
        (json!([]), 422, "/splits"),
        (json!([part(me.id(), "99.99")]), 422, "/splits"),
        (json!([part(me.id(), "60"), part(other.id(), "40.01")]), 422, "/splits"),
        (json!([part(me.id(), "50"), part(me.id(), "50")]), 422, "/splits"),
        (json!([part(me.id(), "50"), part(&uuid::Uuid::new_v4().to_string(), "50")]), 404, "/splits/1/user_id"),
    ] {
        let body = with(body.clone(), json!({ "splits": splits }));
        let refused = owner.post("/real-estate/commissions", body).await.expect(status);
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
    }
    let parts = json!({ "splits": [part(me.id(), "66.67"), part(other.id(), "33.33")] });
    let made = owner.post("/real-estate/commissions", with(body, parts)).await.expect(201);
    let less = json!({ "splits": [part(me.id(), "66.67")] });
    owner.patch(made.header("location"), "\"1\"", less).await.problem(422, "invalid");

    let schema = agency.tenant().schema();
    let forged = format!("UPDATE {schema}.commissions SET splits_sum = 99");
    let refused = platform.database().superuser().await.batch_execute(&forged).await.unwrap_err();
    assert_eq!(refused.as_db_error().and_then(|error| error.constraint()), Some("commissions_whole_check"));
}

/// It is due once a progression of its listing is completed, and then stays as it was agreed on.
#[tokio::test]
async fn it_is_due_once_the_sale_is_completed() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let me = owner.get("/users/me").await.expect(200);
    let way = progression(&agency).await;
    let mine = body(way.body["listing_id"].as_str().unwrap(), me.id());
    let made = owner.post("/real-estate/commissions", mine).await.expect(201);
    let other = body(&active(&agency, json!({})).await, me.id());
    let other = owner.post("/real-estate/commissions", other).await.expect(201);
    let path = made.header("location");
    owner.post(&format!("{path}/pay"), json!({})).await.problem(409, "commission_not_due");
    milestone(&agency, &way, "exchanged", json!({ "done_on": "2026-11-01" })).await.expect(200);
    step(&agency, &way, "complete").await.expect(200);

    let due = owner.get(path).await.expect(200);
    assert_eq!((&due.body["status"], &due.body["progression_id"]), (&json!("due"), &way.body["id"]));
    assert_eq!(owner.get(other.header("location")).await.expect(200).body["status"], "draft");
    owner.patch(path, due.header("etag"), json!({ "base": "1.00" })).await.problem(409, "commission_earned");
    owner.delete(path).await.problem(409, "commission_earned");
    let paid = owner.post(&format!("{path}/pay"), json!({})).await.expect(200);
    assert_eq!(paid.body["status"], "paid");
    assert_eq!(owner.post(&format!("{path}/pay"), json!({})).await.expect(200).body, paid.body);
    owner.delete(other.header("location")).await.expect(204);
}
