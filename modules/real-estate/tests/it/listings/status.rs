//! `POST /api/v1/real-estate/listings/{id}/status`

use futures_util::future::join_all;
use serde_json::json;

use crate::agency;
use crate::market::{active, listing, listing_body, step};

/// On the market comes only what has an agent, a price and a mandate that holds today; the problem names what is missing.
#[tokio::test]
async fn active_needs_agent_price_and_mandate() {
    let (_platform, agency) = agency().await;
    for (lacking, pointers) in [
        (json!({ "agent_id": null }), vec!["/agent_id"]),
        (json!({ "price": "0.00" }), vec!["/price"]),
        (json!({ "mandate_from": null }), vec!["/mandate_from"]),
        (json!({ "mandate_until": "2020-12-31" }), vec!["/mandate_until"]),
        (json!({ "mandate_from": "2199-01-01" }), vec!["/mandate_until"]),
        (json!({ "agent_id": null, "price": "0.00" }), vec!["/agent_id", "/price"]),
    ] {
        let made = listing(&agency, lacking.clone()).await;
        let refused = step(&agency, made.id(), "active").await.problem(409, "not_ready");
        assert_eq!(refused.pointers(), pointers, "{lacking}");
        assert_eq!(agency.owner().get(made.header("location")).await.expect(200).body, made.body);
    }
    let made = listing(&agency, json!({})).await;
    let on = step(&agency, made.id(), "active").await.expect(200);
    assert_eq!(on.body["status"], "active");
    // There already, it does not move.
    let again = step(&agency, made.id(), "active").await.expect(200);
    assert_eq!(again.header("etag"), on.header("etag"));
}

/// Steps that the table does not have are refused, and what is possible is said.
#[tokio::test]
async fn only_steps_of_the_table_are_made() {
    let (_platform, agency) = agency().await;
    let id = active(&agency, json!({})).await;
    for to in ["closed", "pending", "active_under_contract", "expired", "incomplete"] {
        let refused = step(&agency, &id, to).await.problem(409, "no_such_step");
        assert!(refused.text.contains("withdrawn"), "{}", refused.text);
    }
    for to in ["hold", "active", "withdrawn", "active", "canceled"] {
        assert_eq!(step(&agency, &id, to).await.expect(200).body["status"], to);
    }
    step(&agency, &id, "active").await.problem(409, "no_such_step");

    let path = format!("/real-estate/listings/{id}/status");
    agency.viewer().await.post(&path, json!({ "status": "active" })).await.problem(403, "forbidden");
    let refused = agency.owner().post(&path, json!({ "status": "sold" })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/status"]);
    let other = listing(&agency, json!({})).await;
    let path = format!("/real-estate/listings/{}/status", other.id());
    let request = agency.owner().request(reqwest::Method::POST, &path).header("if-match", "\"9\"");
    agency.owner().send(request.json(&json!({ "status": "active" }))).await.problem(412, "stale_version");
}

/// One listing of a property of each kind is on the market, whoever comes first.
#[tokio::test]
async fn one_listing_of_a_kind_is_on_the_market() {
    let (_platform, agency) = agency().await;
    let body = listing_body(&agency, json!({})).await;
    let property = &body["property_id"];
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(listing(&agency, json!({ "property_id": property })).await.id().to_owned());
    }
    let replies = join_all(ids.iter().map(|id| step(&agency, id, "active"))).await;
    let won: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(won.len(), 1);
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        assert_eq!((reply.status.as_u16(), reply.code()), (409, "on_market_already"), "{}", reply.text);
    }
    // To let it is another thing.
    let rent = listing(&agency, json!({ "property_id": property, "kind": "let" })).await;
    step(&agency, rent.id(), "coming_soon").await.expect(200);
    let again = listing(&agency, json!({ "property_id": property, "kind": "let" })).await;
    step(&agency, again.id(), "active").await.problem(409, "on_market_already");
    step(&agency, rent.id(), "withdrawn").await.expect(200);
    step(&agency, again.id(), "active").await.expect(200);
}
