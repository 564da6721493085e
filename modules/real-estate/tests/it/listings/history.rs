//! `GET /api/v1/real-estate/listings/{id}/status-changes` and `…/price-changes`

use serde_json::json;
use uuid::Uuid;

use crate::agency;
use crate::market::{listing, step};

/// Each step says from where, to where, who and why; a step that was refused is none.
#[tokio::test]
async fn each_step_is_noted() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let me = owner.get("/users/me").await.expect(200).id().to_owned();
    let made = listing(&agency, json!({})).await;
    step(&agency, made.id(), "closed").await.problem(409, "no_such_step");
    step(&agency, made.id(), "active").await.expect(200);
    let path = format!("/real-estate/listings/{}/status", made.id());
    owner.post(&path, json!({ "status": "hold", "reason": "The roof is being mended." })).await.expect(200);

    let path = format!("/real-estate/listings/{}/status-changes", made.id());
    let steps = owner.get(&path).await.expect(200);
    assert_eq!(steps.column("to_status"), ["hold", "active", "incomplete"]);
    let [hold, active, new] = steps.items() else { panic!("{}", steps.text) };
    assert_eq!((&hold["from_status"], &hold["reason"]), (&json!("active"), &json!("The roof is being mended.")));
    assert_eq!((&active["from_status"], &active["changed_by"]), (&json!("incomplete"), &json!(me)));
    assert_eq!((&new["from_status"], &new["reason"]), (&json!(null), &json!(null)));

    let first = owner.get(&format!("{path}?sort=changed_at&limit=2")).await.expect(200);
    assert_eq!(first.column("to_status"), ["incomplete", "active"]);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = owner.get(&format!("{path}?sort=changed_at&limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!(second.column("to_status"), ["hold"]);
    let unknown = format!("/real-estate/listings/{}/status-changes", Uuid::new_v4());
    owner.get(&unknown).await.problem(404, "not_found");
}

/// Each price is kept, and what changes no price is none.
#[tokio::test]
async fn each_price_is_noted() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = listing(&agency, json!({})).await;
    let path = made.header("location");
    owner.patch(path, "\"1\"", json!({ "price": "290000" })).await.expect(200);
    owner.patch(path, "\"2\"", json!({ "minimum_offer_percent": 95 })).await.expect(200);
    owner.patch(path, "\"3\"", json!({ "currency": "CHF" })).await.expect(200);
    let prices = owner.get(&format!("{path}/price-changes?sort=changed_at")).await.expect(200);
    assert_eq!(prices.column("to_price"), ["300000.00", "290000.00", "290000.00"]);
    assert_eq!(prices.column("currency"), ["EUR", "EUR", "CHF"]);
    assert_eq!(
        (&prices.items()[0]["from_price"], &prices.items()[1]["from_price"]),
        (&json!(null), &json!("300000.00"))
    );
}
