//! `/api/v1/clinic/services/{id}/slots`

use serde_json::json;

use super::{Desk, at};

/// When a service can be had on the first of January of 2031, from eight to twelve by UTC.
async fn found(desk: &Desk, query: &str) -> Vec<(String, String)> {
    let path = format!("/clinic/services/{}/slots?from={}&until={}&{query}", desk.service, at("08:00"), at("12:00"));
    let slots = desk.reception.get(&path).await.expect(200);
    let time = |slot: &serde_json::Value| slot["starts_at"].as_str().unwrap()[11..16].to_owned();
    let whose = |slot: &serde_json::Value| slot["practitioner_id"].as_str().unwrap().to_owned();
    slots.items().iter().map(|slot| (time(slot), whose(slot))).collect()
}

fn times(found: &[(String, String)]) -> Vec<&str> {
    found.iter().map(|(time, _)| time.as_str()).collect()
}

/// Hours, leave, bookings and what is kept free around them.
#[tokio::test]
async fn slots_heed_hours_and_buffers() {
    let desk = Desk::open(json!({ "buffer_before_minutes": 15, "buffer_after_minutes": 15 })).await;
    let resource = format!("/calendar/resources/{}", desk.practitioner);
    let hours = json!([{ "weekday": "wednesday", "from": "09:00", "until": "13:00" }]);
    let hours = json!({ "hours": hours, "time_zone": "Europe/Vienna" });
    desk.clinic.owner().patch(&resource, "\"1\"", hours).await.expect(200);
    assert_eq!(
        times(&found(&desk, "every=30").await),
        ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    );
    desk.book(&at("09:30"), json!({})).await.expect(201);
    assert_eq!(times(&found(&desk, "every=30").await), ["08:00", "08:30", "10:30", "11:00", "11:30"]);
    assert_eq!(times(&found(&desk, "every=15&limit=4").await), ["08:00", "08:15", "08:30", "10:30"]);
    let leave =
        json!({ "resource_id": desk.practitioner, "kind": "closed", "starts_at": at("11:00"), "ends_at": at("18:00") });
    desk.clinic.owner().post("/calendar/exceptions", leave).await.expect(201);
    assert_eq!(times(&found(&desk, "every=30").await), ["08:00", "08:30", "10:30"]);
}

/// Of anybody who offers it, in a room that is free.
#[tokio::test]
async fn slots_of_anybody_in_any_room() {
    let desk = Desk::open(json!({ "duration_minutes": 120 })).await;
    let ben = desk.practitioner("Ben").await;
    let (room, location) = desk.room("1", "room").await;
    desk.offer(&[&desk.practitioner, &ben]).await;
    assert_eq!(found(&desk, "every=60").await.len(), 6);
    assert_eq!(times(&found(&desk, &format!("every=60&practitioner_id={ben}")).await), ["08:00", "09:00", "10:00"]);
    desk.book(&at("09:30"), json!({ "location_id": location })).await.expect(201);
    // The one is busy, and the other has no room.
    assert_eq!(times(&found(&desk, "every=60").await), ["08:00", "09:00", "10:00"]);
    assert!(found(&desk, &format!("every=60&location_id={location}")).await.is_empty());
    assert!(found(&desk, &format!("every=60&room_id={room}")).await.is_empty());
    let second = json!({ "location_id": location, "name": "2", "kind": "room" });
    let second = desk.clinic.owner().post("/clinic/rooms", second).await.expect(201);
    let query = format!("every=60&location_id={location}");
    assert_eq!(times(&found(&desk, &query).await), ["08:00", "09:00", "10:00"]);
    let path = format!("/clinic/services/{}/slots?from={}&until={}&{query}", desk.service, at("08:00"), at("12:00"));
    let slots = desk.reception.get(&path).await.expect(200);
    assert!(slots.items().iter().all(|slot| slot["room_id"] == json!(second.id())), "{}", slots.text);
    // Each that is found can be had.
    for slot in slots.items().iter().take(1) {
        let body = json!({
            "practitioner_id": slot["practitioner_id"], "room_id": slot["room_id"], "patient_id": desk.patient("P-2").await,
        });
        desk.book(slot["starts_at"].as_str().unwrap(), body).await.expect(201);
    }
}

/// Patients see what they may book.
#[tokio::test]
async fn patients_see_their_window() {
    let desk = Desk::open(json!({ "max_days_ahead": 30 })).await;
    assert!(found(&desk, "online=true").await.is_empty());
    let service = format!("/clinic/services/{}", desk.service);
    let changes = json!({ "bookable_online": true, "max_days_ahead": 2, "min_notice_minutes": 1440 });
    desk.clinic.owner().patch(&service, "\"2\"", changes).await.expect(200);
    assert!(found(&desk, "online=true").await.is_empty());
    let now = time::OffsetDateTime::now_utc().date();
    let path = format!(
        "{service}/slots?from={now}T00:00:00Z&until={}T00:00:00Z&online=true&every=60&limit=1000",
        now + time::Duration::days(7)
    );
    let slots = desk.reception.get(&path).await.expect(200);
    assert!((23..=25).contains(&slots.items().len()), "{}", slots.items().len());
}

/// What is not there is 404, and nobody looks further than two months.
#[tokio::test]
async fn looking_is_bounded() {
    let desk = Desk::open(json!({})).await;
    let window = format!("from={}&until={}", at("08:00"), at("12:00"));
    let nowhere = format!("/clinic/services/{}/slots?{window}", uuid::Uuid::new_v4());
    desk.reception.get(&nowhere).await.problem(404, "not_found");
    let far = format!("/clinic/services/{}/slots?from={}&until=2031-06-01T00:00:00Z", desk.service, at("08:00"));
    assert_eq!(desk.reception.get(&far).await.problem(422, "invalid").pointers(), ["until"]);
    desk.offer(&[]).await;
    assert!(found(&desk, "every=60").await.is_empty());
}
