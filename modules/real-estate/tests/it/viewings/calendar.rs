//! Nobody shows two properties at once, and nobody is shown a property at which others are.

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::testing::Reply;

use super::{ask, at, booking, confirmed, id_of, now, stage, step};
use crate::agency;
use crate::market::{active, with};

/// When something else is free.
fn alternatives(refused: &Reply) -> Vec<String> {
    let free = refused.body["alternatives"].as_array().expect("what is free instead");
    free.iter().map(|period| period["starts_at"].as_str().unwrap().to_owned()).collect()
}

/// The agent is at one place at a time, with the way there and back; back to back fits.
#[tokio::test]
async fn an_agent_is_at_one_place() {
    let (_platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let elsewhere = json!({ "listing_id": active(&agency, json!({})).await });
    ask(&agency, stage.body("10:00", "11:00", json!({ "travel_minutes": 30 }))).await.expect(201);
    for (from, until, way) in
        [("10:30", "10:45", 0), ("09:15", "09:45", 0), ("11:00", "12:00", 0), ("12:00", "13:00", 31)]
    {
        let body = with(stage.body(from, until, elsewhere.clone()), json!({ "travel_minutes": way }));
        let refused = ask(&agency, body).await.problem(409, "slot_taken");
        assert!(!alternatives(&refused).is_empty(), "{}", refused.text);
    }
    let refused = ask(&agency, stage.body("10:45", "11:15", elsewhere.clone())).await.problem(409, "slot_taken");
    assert_eq!(alternatives(&refused)[0], at("06:45"), "{}", refused.text);
    ask(&agency, stage.body("11:30", "12:00", elsewhere.clone())).await.expect(201);
    ask(&agency, stage.body("09:00", "09:30", elsewhere.clone())).await.expect(201);
    // Another agent is free.
    let other = json!({ "agent_id": id_of(&agency.member().await).await });
    ask(&agency, stage.body("10:00", "11:00", with(elsewhere, other))).await.expect(201);
}

/// A property is shown to one at a time, whoever shows it; also where it is for sale and to let.
#[tokio::test]
async fn a_property_is_shown_to_one() {
    let (_platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let first = ask(&agency, stage.body("10:00", "11:00", json!({}))).await.expect(201);
    let let_too = json!({ "property_id": first.body["property_id"], "kind": "let", "price": "900.00" });
    let other = json!({
        "agent_id": id_of(&agency.member().await).await, "listing_id": active(&agency, let_too).await,
    });
    ask(&agency, stage.body("10:30", "11:30", other.clone())).await.problem(409, "slot_taken");
    let alone = with(other.clone(), json!({ "accompanied": false }));
    ask(&agency, stage.body("10:30", "11:30", alone.clone())).await.problem(409, "slot_taken");
    ask(&agency, stage.body("11:00", "11:30", other)).await.expect(201);
    // Who is alone there takes nobody's time but the property's.
    let alone = ask(&agency, stage.body("12:00", "12:30", alone)).await.expect(201);
    assert_eq!(booking(&agency, &alone).await["resource_ids"].as_array().unwrap().len(), 1);
    let elsewhere = json!({ "listing_id": active(&agency, json!({})).await });
    ask(&agency, stage.body("12:00", "12:30", elsewhere)).await.expect(201);
}

/// Of several who ask at once one gets it, and each property and agent comes to stand in the calendar once.
#[tokio::test]
async fn one_of_several_gets_it() {
    let (platform, agency) = agency().await;
    for round in 0..3 {
        let stage = stage(&agency).await;
        let hour = 10 + round;
        let body = stage.body(&format!("{hour}:00"), &format!("{hour}:30"), json!({}));
        let mut bodies = vec![body.clone(), body.clone(), body.clone()];
        for _ in 0..3 {
            bodies.push(with(body.clone(), json!({ "listing_id": active(&agency, json!({})).await })));
        }
        let replies = join_all(bodies.into_iter().map(|body| ask(&agency, body))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
        for reply in replies.into_iter().filter(|reply| reply.status != 201) {
            reply.problem(409, "slot_taken");
        }
    }
    let known = format!(
        "SELECT count(*) - count(DISTINCT user_id), count(user_id) FROM {}.calendar_resources WHERE kind = 'person'",
        agency.tenant().schema()
    );
    let row = platform.database().superuser().await.query_one(&known, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (0, 1));
}

/// It moves to what is free, with its agent or to another; where it was is free again.
#[tokio::test]
async fn a_viewing_moves() {
    let (_platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let made = ask(&agency, stage.body("10:00", "10:30", json!({ "travel_minutes": 15 }))).await.expect(201);
    let other = ask(&agency, stage.body("12:00", "12:30", json!({}))).await.expect(201);
    let to = |from: &str, until: &str| json!({ "starts_at": at(from), "ends_at": at(until) });
    let refused = step(&agency, &made, "move", to("12:15", "12:45")).await.problem(409, "slot_taken");
    assert!(!alternatives(&refused).is_empty());
    // Its own time is not in its way.
    let moved = step(&agency, &made, "move", to("10:15", "10:45")).await.expect(200);
    assert_eq!((&moved.body["starts_at"], &moved.body["status"]), (&json!(at("10:15")), &json!("requested")));
    assert_eq!(booking(&agency, &made).await["starts_at"], json!(at("10:15")));
    let member = id_of(&agency.member().await).await;
    let given = with(to("14:00", "14:30"), json!({ "agent_id": member, "travel_minutes": 0 }));
    let given = step(&agency, &made, "move", given).await.expect(200);
    assert_eq!((&given.body["agent_id"], &given.body["travel_minutes"]), (&json!(member), &json!(0)));
    ask(&agency, stage.body("10:00", "10:30", json!({}))).await.expect(201);
    let elsewhere = json!({ "listing_id": active(&agency, json!({})).await });
    ask(&agency, stage.body("14:00", "14:30", elsewhere)).await.expect(201);

    let past = json!({ "starts_at": "2020-01-01T10:00:00Z", "ends_at": "2020-01-01T10:30:00Z" });
    assert_eq!(step(&agency, &made, "move", past).await.problem(422, "invalid").pointers(), ["/starts_at"]);
    let nobody = with(to("16:00", "16:30"), json!({ "agent_id": uuid::Uuid::new_v4() }));
    assert_eq!(step(&agency, &made, "move", nobody).await.problem(404, "not_found").pointers(), ["/agent_id"]);
    assert_eq!(now(&agency, &other).await, other.body);
}

/// What is cancelled takes no time, and is not moved.
#[tokio::test]
async fn what_is_cancelled_makes_room() {
    let (_platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let made = confirmed(&agency, stage.body("10:00", "10:30", json!({}))).await;
    step(&agency, &made, "cancel", json!({ "reason": "Ill." })).await.expect(200);
    assert_eq!(booking(&agency, &made).await["status"], "cancelled");
    ask(&agency, stage.body("10:00", "10:30", json!({}))).await.expect(201);
    let to = json!({ "starts_at": at("14:00"), "ends_at": at("14:30") });
    step(&agency, &made, "move", to).await.problem(409, "viewing_over");
}

/// The calendar calls agent and property as they are called, and its own operations leave them alone.
#[tokio::test]
async fn the_calendar_knows_their_names() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let stage = stage(&agency).await;
    let made = ask(&agency, stage.body("10:00", "10:30", json!({}))).await.expect(201);
    let resources = async || {
        let found = owner.get("/calendar/resources?sort=created_at").await.expect(200);
        found.items().iter().map(|item| (item["kind"].clone(), item["name"].clone())).collect::<Vec<_>>()
    };
    let me = owner.get("/users/me").await.expect(200).body["name"].clone();
    let known = resources().await;
    assert!(known.contains(&(json!("property"), json!("Hauptstraße 1, Köln"))), "{known:?}");
    assert!(known.contains(&(json!("person"), me)), "{known:?}");
    let property = format!("/real-estate/properties/{}", made.body["property_id"].as_str().unwrap());
    owner.patch(&property, "\"1\"", json!({ "street": "Seeweg 2" })).await.expect(200);
    ask(&agency, stage.body("12:00", "12:30", json!({}))).await.expect(201);
    assert!(resources().await.contains(&(json!("property"), json!("Seeweg 2, Köln"))));
    let path = format!("/calendar/bookings/{}", made.body["booking_id"].as_str().unwrap());
    let etag = owner.get(&path).await.expect(200).header("etag").to_owned();
    assert!(owner.patch(&path, &etag, json!({ "title": "Mine" })).await.status.is_client_error());
}
