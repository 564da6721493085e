//! `POST`, `GET`, `PATCH` and `DELETE /api/v1/real-estate/listings`

use serde_json::json;
use uuid::Uuid;

use crate::agency;
use crate::market::{active, contact, listing, listing_body, offer_body, step, with};

/// A listing starts incomplete, with the least offer of 90 percent, and the property keeps what it says itself.
#[tokio::test]
async fn a_member_lists_a_property() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let body = listing_body(&agency, json!({})).await;
    let made = member.post("/real-estate/listings", body.clone()).await.expect(201);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(made.body[field], *value, "{field}");
    }
    assert_eq!((&made.body["status"], &made.body["minimum_offer_percent"]), (&json!("incomplete"), &json!(90)));
    assert_eq!(member.get(made.header("location")).await.expect(200).body, made.body);
    let property = format!("/real-estate/properties/{}", body["property_id"].as_str().unwrap());
    assert_eq!(member.get(&property).await.expect(200).body["status"], "incomplete");
    agency.viewer().await.post("/real-estate/listings", body).await.problem(403, "forbidden");
}

/// What is no listing is pointed at, and so is an agent who is no member and a property that is not there.
#[tokio::test]
async fn what_is_no_listing_is_pointed_at() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let body = listing_body(&agency, json!({})).await;
    for (changes, pointer) in [
        (json!({ "minimum_offer_percent": 101 }), "/minimum_offer_percent"),
        (json!({ "minimum_offer_percent": -1 }), "/minimum_offer_percent"),
        (json!({ "mandate_until": "2019-12-31" }), "/mandate_until"),
        (json!({ "kind": "swap" }), "/kind"),
        (json!({ "status": "active" }), "/status"),
        (json!({ "price": "-1" }), "/price"),
    ] {
        let refused = owner.post("/real-estate/listings", with(body.clone(), changes)).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
    }
    let stranger = platform.organization("Other").await.owner().get("/users/me").await.expect(200);
    for (field, id) in [("agent_id", stranger.id().to_owned()), ("property_id", Uuid::new_v4().to_string())] {
        let refused = owner.post("/real-estate/listings", with(body.clone(), json!({ field: id }))).await;
        assert_eq!(refused.problem(404, "not_found").pointers(), [format!("/{field}")]);
    }
    assert!(owner.get("/real-estate/listings").await.expect(200).items().is_empty());
}

/// What is on the market keeps an agent, a price, a mandate and its currency.
#[tokio::test]
async fn what_is_on_the_market_stays_whole() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = listing(&agency, json!({})).await;
    let path = made.header("location");
    owner.patch(path, "\"1\"", json!({ "currency": "CHF", "agent_id": null })).await.expect(200);
    let me = owner.get("/users/me").await.expect(200);
    owner.patch(path, "\"2\"", json!({ "agent_id": me.id() })).await.expect(200);
    let on = step(&agency, made.id(), "active").await.expect(200);
    for (change, pointer) in [
        (json!({ "agent_id": null }), "/agent_id"),
        (json!({ "price": "0" }), "/price"),
        (json!({ "mandate_from": null }), "/mandate_from"),
        (json!({ "currency": "EUR" }), "/currency"),
        (json!({ "mandate_until": "2000-01-01" }), "/mandate_until"),
    ] {
        let refused = owner.patch(path, on.header("etag"), change).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
    }
    owner.patch(path, "\"1\"", json!({ "price": "1" })).await.problem(412, "stale_version");
    let changed = owner.patch(path, on.header("etag"), json!({ "minimum_offer_percent": 80 })).await.expect(200);
    assert_eq!(changed.body["minimum_offer_percent"], 80);
}

/// Only what is new or canceled is deleted; anything else is withdrawn.
#[tokio::test]
async fn what_was_on_the_market_is_withdrawn() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let new = listing(&agency, json!({})).await;
    owner.delete(new.header("location")).await.expect(204);
    owner.get(new.header("location")).await.problem(404, "not_found");

    let id = active(&agency, json!({})).await;
    let path = format!("/real-estate/listings/{id}");
    owner.delete(&path).await.problem(409, "withdraw_instead");
    step(&agency, &id, "withdrawn").await.expect(200);
    owner.delete(&path).await.problem(409, "withdraw_instead");
    step(&agency, &id, "canceled").await.expect(200);
    owner.delete(&path).await.expect(204);

    // What somebody has made an offer for stays, canceled or not.
    let id = active(&agency, json!({})).await;
    let applicant = contact(&agency, "Ada").await;
    owner.post("/real-estate/offers", offer_body(&id, &applicant, "300000.00")).await.expect(201);
    step(&agency, &id, "canceled").await.expect(200);
    owner.delete(&format!("/real-estate/listings/{id}")).await.problem(409, "withdraw_instead");
}

/// Lists are narrowed and sorted.
#[tokio::test]
async fn listings_are_found() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let on = active(&agency, json!({ "price": "100.00" })).await;
    let rent = listing(&agency, json!({ "kind": "let", "price": "50.00", "mandate_until": null })).await;
    for (asked, found) in [
        ("filter[status]=active", vec![on.as_str()]),
        ("filter[kind]=let", vec![rent.id()]),
        ("filter[price][gte]=60", vec![&on]),
        ("filter[mandate_until][null]=true", vec![rent.id()]),
        ("sort=price", vec![rent.id(), &on]),
        ("sort=mandate_until", vec![&on, rent.id()]),
    ] {
        assert_eq!(
            owner.get(&format!("/real-estate/listings?{asked}")).await.expect(200).column("id"),
            found,
            "{asked}"
        );
    }
}
