//! `PATCH /api/v1/real-estate/properties/{id}`

use reqwest::Method;
use serde_json::json;

use super::{house, property};
use crate::agency;

/// What is sent replaces, null clears what may be empty, what is left out stays.
#[tokio::test]
async fn a_member_changes_a_property() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let body = property(json!({ "postcode": "50667", "description": "Bright." }));
    let made = member.post("/real-estate/properties", body).await.expect(201);
    let path = made.header("location");

    let change = json!({ "status": "active", "price": "239000.5", "postcode": null });
    let changed = member.patch(path, "\"1\"", change).await.expect(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!((&changed.body["status"], &changed.body["price"]), (&json!("active"), &json!("239000.50")));
    assert_eq!((&changed.body["postcode"], &changed.body["description"]), (&json!(null), &json!("Bright.")));
    assert_eq!((&changed.body["city"], &changed.body["created_at"]), (&made.body["city"], &made.body["created_at"]));
    assert_eq!(member.get(path).await.expect(200).body, changed.body);

    let everything = json!({
        "type": "land", "status": "hold", "price": "1.00", "currency": "CHF", "street": "Seeweg 2", "postcode": "8001",
        "city": "Zürich", "country": "CH", "rooms": 5, "living_area": 140, "description": null,
    });
    let changed = member.patch(path, "\"2\"", everything.clone()).await.expect(200);
    for (field, value) in everything.as_object().unwrap() {
        assert_eq!(changed.body[field], *value, "{field}");
    }
}

/// Without the version that was read, with an old one, or as a viewer, nothing changes.
#[tokio::test]
async fn what_may_not_change_stays() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = owner.post("/real-estate/properties", house()).await.expect(201);
    let path = made.header("location");
    let without = owner.request(Method::PATCH, path).json(&json!({ "city": "X" }));
    owner.send(without).await.problem(428, "version_required");
    owner.patch(path, "\"9\"", json!({ "city": "X" })).await.problem(412, "stale_version");
    owner.patch(path, "nine", json!({ "city": "X" })).await.problem(400, "malformed_request");
    agency.viewer().await.patch(path, "\"1\"", json!({ "city": "X" })).await.problem(403, "forbidden");
    for (change, pointer) in [
        (json!({ "price": "-1" }), "/price"),
        (json!({ "type": "castle" }), "/type"),
        (json!({ "id": made.id() }), "/id"),
        (json!({ "version": 7 }), "/version"),
        (json!({ "rooms": 0 }), "/rooms"),
        (json!({ "living_area": 1_000_001 }), "/living_area"),
    ] {
        assert_eq!(owner.patch(path, "\"1\"", change).await.problem(422, "invalid").pointers(), [pointer]);
    }
    assert_eq!(owner.get(path).await.expect(200).body, made.body);
}

/// A field that every property has cannot be cleared, and the problem says so.
#[tokio::test]
async fn what_is_required_cannot_be_cleared() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = owner.post("/real-estate/properties", house()).await.expect(201);
    for field in ["type", "status", "price", "currency", "street", "city", "country"] {
        let refused = owner.patch(made.header("location"), "\"1\"", json!({ field: null })).await;
        let refused = refused.problem(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{field}")], "{}", refused.text);
    }
    assert_eq!(owner.get(made.header("location")).await.expect(200).body, made.body);
}
