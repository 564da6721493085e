//! Viewings are asked for, listed, changed and deleted.

use serde_json::json;
use uuid::Uuid;

use super::{ask, at, confirmed, stage, step};
use crate::agency;
use crate::market::{active, with};

/// What is left out is as it is most often; the booking takes the property and the agent.
#[tokio::test]
async fn a_viewing_is_asked_for() {
    let (_platform, agency) = agency().await;
    let (member, stage) = (agency.member().await, stage(&agency).await);
    let body = stage.body("10:00", "10:30", json!({}));
    let made = member.post("/real-estate/viewings", body.clone()).await.expect(201);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(made.body[field], *value, "{field}");
    }
    for (field, value) in [
        ("status", json!("requested")),
        ("accompanied", json!(true)),
        ("travel_minutes", json!(0)),
        ("capacity", json!(1)),
        ("occupier_told_at", json!(null)),
        ("interest", json!(null)),
    ] {
        assert_eq!(made.body[field], value, "{field}");
    }
    assert_eq!(made.header("location"), format!("/api/v1/real-estate/viewings/{}", made.id()));
    assert_eq!(member.get(made.header("location")).await.expect(200).body, made.body);
    let booked = super::booking(&agency, &made).await;
    assert_eq!((&booked["status"], &booked["module"]), (&json!("booked"), &json!("real-estate")));
    assert_eq!(booked["title"], "Viewing: Hauptstraße 1, Köln");
    assert_eq!(booked["resource_ids"].as_array().unwrap().len(), 2);
    agency.viewer().await.post("/real-estate/viewings", body).await.problem(403, "forbidden");
}

/// What is wrong is pointed at, and nothing is booked.
#[tokio::test]
async fn what_is_no_viewing_is_pointed_at() {
    let (_platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let body = stage.body("10:00", "10:30", json!({}));
    for (change, status, pointer) in [
        (json!({ "listing_id": Uuid::new_v4() }), 404, "/listing_id"),
        (json!({ "applicant_id": Uuid::new_v4() }), 404, "/applicant_id"),
        (json!({ "agent_id": Uuid::new_v4() }), 404, "/agent_id"),
        (json!({ "ends_at": at("10:00") }), 422, "/ends_at"),
        (json!({ "ends_at": "2190-05-18T10:00:01Z" }), 422, "/ends_at"),
        (json!({ "starts_at": "2020-01-01T10:00:00Z", "ends_at": "2020-01-01T10:30:00Z" }), 422, "/starts_at"),
        (json!({ "travel_minutes": 241 }), 422, "/travel_minutes"),
        (json!({ "capacity": 0 }), 422, "/capacity"),
        (json!({ "occupier_told_at": at("09:00") }), 422, "/occupier_told_at"),
        (json!({ "status": "done" }), 422, "/status"),
    ] {
        let refused = ask(&agency, with(body.clone(), change.clone())).await.expect(status);
        assert_eq!(refused.pointers(), [pointer], "{change} {}", refused.text);
    }
    assert!(agency.owner().get("/calendar/bookings").await.expect(200).items().is_empty());
    ask(&agency, body).await.expect(201);
}

/// Lists are narrowed by each field; those of a property stand below it, and it takes requests for its own listings.
#[tokio::test]
async fn viewings_are_listed() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let one = stage(&agency).await;
    let two = super::Stage { listing: active(&agency, json!({})).await, ..stage(&agency).await };
    let first = confirmed(&agency, one.body("10:00", "10:30", json!({}))).await;
    let second = ask(&agency, two.body("12:00", "12:30", json!({}))).await.expect(201);
    let property = |made: &tenantry_core::testing::Reply| made.body["property_id"].as_str().unwrap().to_owned();
    for (query, ids) in [
        (String::new(), vec![second.id(), first.id()]),
        ("?sort=starts_at".to_owned(), vec![first.id(), second.id()]),
        (format!("?filter[listing_id]={}", one.listing), vec![first.id()]),
        (format!("?filter[property_id]={}", property(&second)), vec![second.id()]),
        (format!("?filter[applicant_id]={}", two.applicant), vec![second.id()]),
        (format!("?filter[agent_id]={}", one.agent), vec![second.id(), first.id()]),
        ("?filter[status]=confirmed".to_owned(), vec![first.id()]),
        ("?filter[status][ne]=confirmed".to_owned(), vec![second.id()]),
        (format!("?filter[starts_at][gt]={}", at("11:00")), vec![second.id()]),
    ] {
        let found = owner.get(&format!("/real-estate/viewings{query}")).await.expect(200);
        assert_eq!(found.column("id"), ids, "{query}");
    }
    let of_first = format!("/real-estate/properties/{}/viewings", property(&first));
    assert_eq!(owner.get(&of_first).await.expect(200).column("id"), [first.id()]);
    let made = owner.post(&of_first, one.body("14:00", "14:30", json!({}))).await.expect(201);
    assert_eq!(made.header("location"), format!("/api/v1/real-estate/viewings/{}", made.id()));
    let sorted = owner.get(&format!("{of_first}?sort=starts_at&limit=1")).await.expect(200);
    assert_eq!(sorted.column("id"), [first.id()]);
    let cursor = sorted.body["next_cursor"].as_str().unwrap();
    let next = owner.get(&format!("{of_first}?sort=starts_at&limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!(next.column("id"), [made.id()]);
    let elsewhere = owner.post(&of_first, two.body("14:00", "14:30", json!({}))).await.problem(404, "not_found");
    assert_eq!(elsewhere.pointers(), ["/listing_id"]);
    let nowhere = format!("/real-estate/properties/{}/viewings", Uuid::new_v4());
    owner.get(&nowhere).await.problem(404, "not_found");
    owner.post(&nowhere, one.body("16:00", "16:30", json!({}))).await.problem(404, "not_found");
}

/// A note changes, and who lives there is told; the time does not. What is cancelled is deleted, and nothing else.
#[tokio::test]
async fn a_viewing_is_changed_and_deleted() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = ask(&agency, stage(&agency).await.body("10:00", "10:30", json!({}))).await.expect(201);
    let path = made.header("location");
    let change = json!({ "note": "Ring twice.", "occupier_told_at": "2026-01-05T10:00:00Z" });
    let changed = owner.patch(path, "\"1\"", change).await.expect(200);
    assert_eq!((&changed.body["note"], changed.header("etag")), (&json!("Ring twice."), "\"2\""));
    owner.patch(path, "\"1\"", json!({ "note": null })).await.problem(412, "stale_version");
    let refused = owner.patch(path, "\"2\"", json!({ "starts_at": at("11:00") })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/starts_at"]);
    owner.patch(path, "\"2\"", json!({ "occupier_told_at": at("09:00") })).await.problem(422, "invalid");

    owner.delete(path).await.problem(409, "cancel_instead");
    let listing = format!("/real-estate/listings/{}", made.body["listing_id"].as_str().unwrap());
    crate::market::step(&agency, made.body["listing_id"].as_str().unwrap(), "canceled").await.expect(200);
    owner.delete(&listing).await.problem(409, "withdraw_instead");
    step(&agency, &made, "cancel", json!({ "reason": "Found one." })).await.expect(200);
    owner.patch(path, "\"3\"", json!({ "note": null })).await.problem(409, "viewing_over");
    owner.delete(path).await.expect(204);
    owner.get(path).await.problem(404, "not_found");
    owner.delete(&listing).await.expect(204);
}
