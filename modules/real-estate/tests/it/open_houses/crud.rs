//! Open houses are planned, listed, changed, moved, cancelled and deleted.

use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::{body, house, visit};
use crate::agency;
use crate::market::{active, contact, with};
use crate::viewings::{Stage, ask, at, booking, id_of, stage};

/// It takes the property and the agent, whom nobody else gets then, and the other way round.
#[tokio::test]
async fn an_open_house_takes_its_time() {
    let (_platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let made = house(&agency, &stage.listing, "10:00", "12:00").await.expect(201);
    let known = [&made.body["status"], &made.body["capacity"], &made.body["travel_minutes"]];
    assert_eq!(known, [&json!("planned"), &json!(3), &json!(0)]);
    assert_eq!(agency.owner().get(made.header("location")).await.expect(200).body, made.body);
    assert_eq!(booking(&agency, &made).await["title"], "Open house: Hauptstraße 1, Köln");
    let refused = ask(&agency, stage.body("11:30", "12:30", json!({}))).await.problem(409, "slot_taken");
    assert!(!refused.body["alternatives"].as_array().unwrap().is_empty());
    let there = Stage { listing: active(&agency, json!({})).await, ..stage };
    ask(&agency, there.body("11:30", "12:30", json!({}))).await.problem(409, "slot_taken");
    let other = json!({ "agent_id": id_of(&agency.member().await).await });
    ask(&agency, there.body("11:30", "12:30", other)).await.expect(201);
    house(&agency, &there.listing, "12:00", "14:00").await.problem(409, "slot_taken");
    let replies = join_all((0..4).map(|_| house(&agency, &there.listing, "14:00", "16:00"))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
}

/// What is wrong is pointed at; nobody plans one of what is off the market.
#[tokio::test]
async fn what_is_no_open_house_is_pointed_at() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let on = active(&agency, json!({ "viewing_notice_hours": 1 })).await;
    let good = body(&agency, &on, "10:00", "12:00").await;
    for (change, status, pointer) in [
        (json!({ "listing_id": Uuid::new_v4() }), 404, "/listing_id"),
        (json!({ "agent_id": Uuid::new_v4() }), 404, "/agent_id"),
        (json!({ "ends_at": at("10:00") }), 422, "/ends_at"),
        (json!({ "capacity": 0 }), 422, "/capacity"),
        (json!({ "capacity": 1001 }), 422, "/capacity"),
        (json!({ "travel_minutes": 241 }), 422, "/travel_minutes"),
        (json!({ "starts_at": "2020-01-01T10:00:00Z", "ends_at": "2020-01-01T11:00:00Z" }), 422, "/starts_at"),
    ] {
        let refused = owner.post("/real-estate/open-houses", with(good.clone(), change)).await.expect(status);
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
    }
    agency.viewer().await.post("/real-estate/open-houses", good.clone()).await.problem(403, "forbidden");
    crate::market::step(&agency, &on, "hold").await.expect(200);
    owner.post("/real-estate/open-houses", good).await.problem(409, "listing_not_shown");
}

/// Lists are narrowed by each field.
#[tokio::test]
async fn open_houses_are_listed() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let (one, two) = (active(&agency, json!({})).await, active(&agency, json!({})).await);
    let first = house(&agency, &one, "10:00", "12:00").await.expect(201);
    let second = house(&agency, &two, "14:00", "16:00").await.expect(201);
    owner.post(&format!("{}/cancel", second.header("location")), json!({ "reason": "Rain." })).await.expect(200);
    for (query, ids) in [
        (String::new(), vec![second.id(), first.id()]),
        (format!("?filter[listing_id]={one}"), vec![first.id()]),
        (format!("?filter[property_id]={}", second.body["property_id"].as_str().unwrap()), vec![second.id()]),
        ("?filter[status]=cancelled".to_owned(), vec![second.id()]),
        (format!("?filter[starts_at][lt]={}", at("12:00")), vec![first.id()]),
        ("?sort=created_at".to_owned(), vec![first.id(), second.id()]),
    ] {
        let found = owner.get(&format!("/real-estate/open-houses{query}")).await.expect(200);
        assert_eq!(found.column("id"), ids, "{query}");
    }
}

/// There is room for no less than are expected; it moves to what is free; what is cancelled stays so, is told, and can go.
#[tokio::test]
async fn an_open_house_changes_and_ends() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let on = active(&agency, json!({})).await;
    let made = house(&agency, &on, "10:00", "12:00").await.expect(201);
    let path = made.header("location");
    for name in ["Ada", "Byron"] {
        visit(&agency, &made, &contact(&agency, name).await).await.expect(201);
    }
    let refused = owner.patch(path, "\"1\"", json!({ "capacity": 1 })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/capacity"]);
    let changed = owner.patch(path, "\"1\"", json!({ "capacity": 2, "note": "Cake." })).await.expect(200);
    assert_eq!((&changed.body["capacity"], &changed.body["note"]), (&json!(2), &json!("Cake.")));

    let other = house(&agency, &on, "14:00", "16:00").await.expect(201);
    let to = |from: &str, until: &str| json!({ "starts_at": at(from), "ends_at": at(until) });
    let moving = format!("{path}/move");
    owner.post(&moving, to("13:00", "15:00")).await.problem(409, "slot_taken");
    assert_eq!(
        owner
            .post(&moving, json!({ "starts_at": at("12:00"), "ends_at": at("13:00"), "agent_id": Uuid::new_v4() }))
            .await
            .problem(404, "not_found")
            .pointers(),
        ["/agent_id"]
    );
    let moved = owner.post(&moving, to("11:00", "13:00")).await.expect(200);
    assert_eq!(moved.body["starts_at"], json!(at("11:00")));
    owner.delete(path).await.problem(409, "cancel_instead");
    let cancel = format!("{path}/cancel");
    assert_eq!(owner.post(&cancel, json!({})).await.problem(422, "invalid").pointers(), ["/reason"]);
    for _ in 0..2 {
        owner.post(&cancel, json!({ "reason": "Rain." })).await.expect(200);
    }
    assert_eq!(booking(&agency, &made).await["status"], "cancelled");
    for name in ["ada", "byron"] {
        let letters = platform.letters_to(&format!("{name}@example.com")).await;
        assert_eq!(letters.len(), 2, "when it was moved, and when it was cancelled");
        assert!(letters[0].text.contains("2190-05-17, 11:00"), "{}", letters[0].text);
        assert!(letters[1].subject.contains("is cancelled"), "{}", letters[1].subject);
    }
    owner.post(&moving, to("17:00", "18:00")).await.problem(409, "open_house_cancelled");
    owner.patch(path, "\"4\"", json!({ "note": null })).await.problem(409, "open_house_cancelled");
    visit(&agency, &made, &contact(&agency, "Clara").await).await.problem(409, "open_house_cancelled");
    owner.delete(path).await.expect(204);
    owner.get(path).await.problem(404, "not_found");
    owner.get(&format!("{path}/visitors")).await.problem(404, "not_found");
    assert_eq!(owner.get(other.header("location")).await.expect(200).body, other.body);
}
