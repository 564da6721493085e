//! Bookings: made, moved, cancelled, refused with what is free.

use serde_json::json;

use super::{hour, resource};
use crate::platform;

/// It is made, shown, found, moved and cancelled; what it had is free again.
#[tokio::test]
async fn a_booking_lives() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.member().await;
    let id = resource(acme.owner(), json!({})).await;
    let made = anna.post("/calendar/bookings", hour(&[&id], "2031-01-01T10:00")).await.expect(201);
    let path = made.header("location").to_owned();
    assert_eq!((&made.body["status"], &made.body["resource_ids"]), (&json!("booked"), &json!([id])));
    anna.post("/calendar/bookings", hour(&[&id], "2031-01-01T10:30")).await.problem(409, "slot_taken");
    let found = anna.get(&format!("/calendar/bookings?filter[resource_ids][has]={id}&filter[status]=booked")).await;
    assert_eq!(found.expect(200).column("id"), [made.id()]);

    let to = json!({ "starts_at": "2031-01-01T13:00:00Z", "ends_at": "2031-01-01T14:00:00Z", "title": "Later" });
    anna.patch(&path, "\"7\"", to.clone()).await.problem(412, "stale_version");
    let moved = anna.patch(&path, made.header("etag"), to).await.expect(200);
    assert_eq!((&moved.body["starts_at"], &moved.body["title"]), (&json!("2031-01-01T13:00:00Z"), &json!("Later")));
    anna.post("/calendar/bookings", hour(&[&id], "2031-01-01T10:30")).await.expect(201);
    anna.post("/calendar/bookings", hour(&[&id], "2031-01-01T13:00")).await.problem(409, "slot_taken");

    let cancelled = anna.post(&format!("{path}/cancel"), json!({})).await.expect(200);
    assert_eq!(cancelled.body["status"], "cancelled");
    anna.post("/calendar/bookings", hour(&[&id], "2031-01-01T13:00")).await.expect(201);
    let over = json!({ "starts_at": "2031-01-01T12:00:00Z", "ends_at": "2031-01-01T13:00:00Z" });
    anna.patch(&path, cancelled.header("etag"), over).await.problem(409, "booking_over");
    anna.post(&format!("{path}/confirm"), json!({})).await.problem(409, "booking_over");
    acme.viewer().await.post("/calendar/bookings", hour(&[&id], "2031-01-02T10:00")).await.problem(403, "forbidden");
}

/// Back to back fits; with time needed around it, it does not.
#[tokio::test]
async fn what_ends_when_another_begins_does_not_meet_it() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let id = resource(owner, json!({})).await;
    for at in ["2031-01-01T10:00", "2031-01-01T11:00", "2031-01-01T09:00"] {
        owner.post("/calendar/bookings", hour(&[&id], at)).await.expect(201);
    }
    let mut wide = hour(&[&id], "2031-01-01T12:00");
    wide["needs"][0]["minutes_before"] = json!(10);
    owner.post("/calendar/bookings", wide.clone()).await.problem(409, "slot_taken");
    wide = hour(&[&id], "2031-01-01T13:00");
    wide["needs"][0]["minutes_before"] = json!(60);
    owner.post("/calendar/bookings", wide).await.expect(201);
    owner.post("/calendar/bookings", hour(&[&id], "2031-01-01T12:00")).await.problem(409, "slot_taken");
}

/// Several resources are booked together or not at all, and the problem offers what is free of all of them.
#[tokio::test]
async fn all_or_none_and_what_is_free_instead() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (anna, room) = (resource(owner, json!({})).await, resource(owner, json!({ "kind": "room" })).await);
    owner.post("/calendar/bookings", hour(&[&anna], "2031-01-01T12:00")).await.expect(201);
    owner.post("/calendar/bookings", hour(&[&room], "2031-01-01T10:00")).await.expect(201);
    let both = owner.post("/calendar/bookings", hour(&[&anna, &room], "2031-01-01T12:00")).await;
    let both = both.problem(409, "slot_taken");
    // Open from 8 to 16 by UTC; four hours before what was asked for; one at ten and the other at twelve are taken.
    assert_eq!(
        both.body["alternatives"][0],
        json!({ "starts_at": "2031-01-01T08:00:00Z", "ends_at": "2031-01-01T09:00:00Z" })
    );
    let starts: Vec<_> = both.body["alternatives"].as_array().unwrap().iter().map(|free| &free["starts_at"]).collect();
    let free = ["08:00", "08:15", "08:30", "08:45", "09:00"].map(|at| json!(format!("2031-01-01T{at}:00Z")));
    assert_eq!(starts, free.iter().collect::<Vec<_>>());
    owner.post("/calendar/bookings", hour(&[&room], "2031-01-01T12:00")).await.expect(201);
}

/// Who may, overbooks with a reason; who comes later without one does not fit all the same.
#[tokio::test]
async fn overbooking_takes_a_permission_and_a_reason() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, anna) = (acme.owner(), acme.member().await);
    let id = resource(owner, json!({})).await;
    owner.post("/calendar/bookings", hour(&[&id], "2031-01-01T10:00")).await.expect(201);
    let mut body = hour(&[&id], "2031-01-01T10:00");
    body["overbook_reason"] = json!("An emergency");
    anna.post("/calendar/bookings", body.clone()).await.problem(403, "forbidden");
    let over = owner.post("/calendar/bookings", body).await.expect(201);
    assert_eq!(over.body["overbook_reason"], "An emergency");
    let night = hour(&[&id], "2031-01-01T20:00");
    anna.post("/calendar/bookings", night.clone()).await.problem(409, "outside_hours");
    let mut night = night;
    night["overbook_reason"] = json!("She cannot come by day");
    owner.post("/calendar/bookings", night).await.expect(201);
    anna.post("/calendar/bookings", hour(&[&id], "2031-01-01T10:30")).await.problem(409, "slot_taken");
}

/// What cannot be is refused where it stands.
#[tokio::test]
async fn what_cannot_be_is_refused() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let id = resource(owner, json!({})).await;
    let past = owner.post("/calendar/bookings", hour(&[&id], "2021-01-06T10:00")).await.problem(422, "invalid");
    assert_eq!(past.pointers(), ["/starts_at"]);
    let mut body = hour(&[&id], "2031-01-01T10:00");
    body["ends_at"] = body["starts_at"].clone();
    assert_eq!(owner.post("/calendar/bookings", body).await.problem(422, "invalid").pointers(), ["/ends_at"]);
    let twice = owner.post("/calendar/bookings", hour(&[&id, &id], "2031-01-01T10:00")).await.problem(422, "invalid");
    assert_eq!(twice.pointers(), ["/needs/1/resource_id"]);
    let nothing = owner.post("/calendar/bookings", hour(&[], "2031-01-01T10:00")).await.problem(422, "invalid");
    assert_eq!(nothing.pointers(), ["/needs"]);
    let unknown = uuid::Uuid::new_v4().to_string();
    let missing = owner.post("/calendar/bookings", hour(&[&id, &unknown], "2031-01-01T10:00")).await;
    assert_eq!(missing.problem(404, "not_found").pointers(), ["/needs/1/resource_id"]);
}
