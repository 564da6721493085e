//! Services for several: who comes together, in one room, up to the last place.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Desk, at};

/// A desk whose service has places for so many, a room, its location, and further patients.
async fn course(places: i32, patients: usize) -> (Desk, String, String, Vec<String>) {
    let desk = Desk::open(json!({ "capacity": places, "buffer_after_minutes": 10 })).await;
    let (room, location) = desk.room("1", "room").await;
    let mut others = Vec::new();
    for n in 0..patients {
        others.push(desk.patient(&format!("P-1{n}")).await);
    }
    (desk, room, location, others)
}

/// The places that are left at each half hour from ten to twelve by UTC.
async fn places(desk: &Desk, location: &str) -> Vec<(String, i64)> {
    let path = format!(
        "/clinic/services/{}/slots?from={}&until={}&every=30&location_id={location}",
        desk.service,
        at("10:00"),
        at("12:00")
    );
    let slots = desk.reception.get(&path).await.expect(200);
    let time = |slot: &Value| slot["starts_at"].as_str().unwrap()[11..16].to_owned();
    slots.items().iter().map(|slot| (time(slot), slot["places"].as_i64().unwrap())).collect()
}

fn left(at: &[(&str, i64)]) -> Vec<(String, i64)> {
    at.iter().map(|(time, places)| ((*time).to_owned(), *places)).collect()
}

/// Practitioner and room are shared by as many as there are places, and each patient's time is its own.
#[tokio::test]
async fn several_come_together() {
    let (desk, room, location, others) = course(3, 3).await;
    let anywhere = json!({ "location_id": location });
    let first = desk.book(&at("10:00"), anywhere.clone()).await.expect(201);
    assert_eq!((first.body["room_id"].as_str(), first.body["places"].as_i64()), (Some(&*room), Some(3)));
    // What overlaps is nobody's, and neither is the time behind it.
    assert_eq!(places(&desk, &location).await, left(&[("10:00", 2), ("11:00", 3), ("11:30", 3)]));
    desk.book(&at("10:15"), json!({ "patient_id": others[0] })).await.problem(409, "slot_taken");
    desk.book(&at("10:00"), anywhere.clone()).await.problem(409, "slot_taken");

    let second = desk.book(&at("10:00"), json!({ "patient_id": others[0] })).await.expect(201);
    assert_eq!(second.body["room_id"].as_str(), Some(&*room), "where the others are");
    assert_ne!(second.body["booking_id"], first.body["booking_id"]);
    let held = json!({ "patient_id": others[1], "location_id": location, "hold_minutes": 10 });
    let third = desk.book(&at("10:00"), held).await.expect(201);
    assert_eq!(places(&desk, &location).await, left(&[("11:00", 3), ("11:30", 3)]));
    let full = desk.book(&at("10:00"), json!({ "patient_id": others[2] })).await.problem(409, "slot_taken");
    assert!(!full.body["alternatives"].as_array().unwrap().is_empty());

    // Whoever goes leaves a place, and comes back to it while it is there.
    desk.verb(&first, "cancel").await.expect(200);
    assert_eq!(places(&desk, &location).await[0], ("10:00".to_owned(), 1));
    desk.verb(&first, "reset").await.expect(200);
    desk.let_holds_end().await;
    assert_eq!(places(&desk, &location).await[0], ("10:00".to_owned(), 1));
    desk.verb(&third, "confirm").await.problem(409, "wrong_status");
    desk.book(&at("10:00"), json!({ "patient_id": others[2] })).await.expect(201);
}

/// Another practitioner, another room, another service: none of them joins.
#[tokio::test]
async fn only_the_same_is_shared() {
    let (desk, room, _, others) = course(5, 2).await;
    let ben = desk.practitioner("Ben").await;
    desk.offer(&[&desk.practitioner, &ben]).await;
    let (elsewhere, _) = desk.room("2", "room").await;
    desk.book(&at("10:00"), json!({ "room_id": room })).await.expect(201);
    let with = |changes: Value| {
        let mut body = json!({ "patient_id": others[0] });
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        body
    };
    for taken in [json!({ "room_id": elsewhere }), json!({ "practitioner_id": ben, "room_id": room })] {
        desk.book(&at("10:00"), with(taken)).await.problem(409, "slot_taken");
    }
    let alone = json!({ "name": "Alone", "duration_minutes": 30, "price": "80.00", "currency": "EUR" });
    let alone = desk.clinic.owner().post("/clinic/services", alone).await.expect(201).id().to_owned();
    let offered = json!({ "practitioner_ids": [desk.practitioner] });
    desk.clinic.owner().put_json(&format!("/clinic/services/{alone}/practitioners"), offered).await.expect(200);
    desk.book(&at("10:00"), with(json!({ "service_id": alone }))).await.problem(409, "slot_taken");

    // Who is moved to the others is with them.
    let later = desk.book(&at("15:00"), with(json!({ "room_id": elsewhere }))).await.expect(201);
    let to = json!({ "starts_at": at("10:00") });
    let moved = desk.reception.post(&format!("{}/move", later.header("location")), to).await.expect(200);
    assert_eq!(moved.body["room_id"].as_str(), Some(&*room));
    // And several who come again by a rule come together each time.
    for patient in &others {
        let mut series = desk.body(&at("12:00"), json!({ "patient_id": patient, "room_id": room }));
        series["rule"] = json!("FREQ=DAILY;COUNT=3");
        desk.reception.post("/clinic/appointments/series", series).await.expect(201);
    }
}

/// However many ask at once, there are no more than there are places.
#[tokio::test]
async fn the_last_place_is_one() {
    let (desk, _, location, others) = course(4, 16).await;
    let asked = others.iter().map(|patient| {
        let body = desk.body(&at("10:00"), json!({ "patient_id": patient, "location_id": location }));
        desk.reception.post("/clinic/appointments", body)
    });
    let replies = join_all(asked).await;
    let (came, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 201);
    assert_eq!(came.len(), 4);
    for reply in refused {
        reply.problem(409, "slot_taken");
    }
}

/// A group keeps the places that its members were told, whatever the service says by now; who is squeezed in is one of them.
#[tokio::test]
async fn a_group_keeps_its_places() {
    let (desk, _, location, others) = course(2, 4).await;
    let service = format!("/clinic/services/{}", desk.service);
    let at_ten = async |n: usize, changes: Value| {
        let mut body = json!({ "patient_id": others[n], "location_id": location });
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        desk.clinic.owner().post("/clinic/appointments", desk.body(&at("10:00"), body)).await
    };
    let first = at_ten(0, json!({})).await.expect(201);
    desk.clinic.owner().patch(&service, "\"2\"", json!({ "capacity": 5 })).await.expect(200);
    let second = at_ten(1, json!({})).await.expect(201);
    at_ten(2, json!({})).await.problem(409, "slot_taken");
    at_ten(2, json!({ "overbook_reason": "Asked for it" })).await.expect(201);
    desk.verb(&first, "cancel").await.expect(200);
    at_ten(3, json!({})).await.expect(201);
    desk.verb(&second, "cancel").await.expect(200);
    assert_eq!(places(&desk, &location).await[0], ("10:00".to_owned(), 3));
}

/// Two who are the first of a group at one moment are in one room.
#[tokio::test]
async fn the_first_two_meet() {
    let (desk, _, location, others) = course(2, 2).await;
    let second = json!({ "location_id": location, "name": "2", "kind": "room" });
    desk.clinic.owner().post("/clinic/rooms", second).await.expect(201);
    for hour in 8..14 {
        let asked = others.iter().map(|patient| {
            let body = json!({ "patient_id": patient, "location_id": location });
            desk.reception.post("/clinic/appointments", desk.body(&at(&format!("{hour:02}:00")), body))
        });
        let came: Vec<_> = join_all(asked).await.into_iter().map(|reply| reply.expect(201)).collect();
        assert_eq!(came[0].body["room_id"], came[1].body["room_id"]);
    }
}
