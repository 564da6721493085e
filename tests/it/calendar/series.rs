//! Bookings that come again.

use serde_json::{Value, json};
use tenantry_core::testing::Reply;

use super::{hour, resource};
use crate::platform;

fn weekly(id: &str, at: &str, count: u8) -> Value {
    let mut body = hour(&[id], at);
    body["rule"] = json!(format!("FREQ=WEEKLY;COUNT={count}"));
    body
}

fn starts(bookings: &Value) -> Vec<&str> {
    bookings.as_array().unwrap().iter().map(|booking| booking["starts_at"].as_str().unwrap()).collect()
}

fn id_of(series: &Reply, n: usize) -> String {
    series.body["bookings"][n]["id"].as_str().unwrap().to_owned()
}

/// It is booked at the same time on the wall, through the change of the clock; all of it or none, with all that is in the way.
#[tokio::test]
async fn all_of_a_series_or_none() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let id = resource(owner, json!({})).await;
    for at in ["2031-03-26T09:30", "2031-04-09T08:30"] {
        owner.post("/calendar/bookings", hour(&[&id], at)).await.expect(201);
    }
    let refused = owner.post("/calendar/series", weekly(&id, "2031-03-19T09:00", 4)).await.problem(409, "not_all_free");
    assert_eq!(refused.pointers(), ["/occurrences/1", "/occurrences/3"]);
    assert_eq!(refused.reason("/occurrences/3"), "2031-04-09T08:00:00Z slot_taken");
    assert_eq!(owner.get("/calendar/bookings").await.expect(200).items().len(), 2);

    let made = owner.post("/calendar/series", weekly(&id, "2031-03-19T12:00", 4)).await.expect(201);
    let noon = ["2031-03-19T12:00:00Z", "2031-03-26T12:00:00Z", "2031-04-02T11:00:00Z", "2031-04-09T11:00:00Z"];
    assert_eq!(starts(&made.body["bookings"]), noon);
    assert_eq!(made.body["time_zone"], "Europe/Vienna");
    let shown = owner.get(made.header("location")).await.expect(200);
    assert_eq!(shown.body, made.body);
    for rule in ["FREQ=DAILY", "FREQ=HOURLY;COUNT=3", "nonsense"] {
        let mut body = weekly(&id, "2031-05-07T10:00", 2);
        body["rule"] = json!(rule);
        assert_eq!(owner.post("/calendar/series", body).await.problem(422, "invalid").pointers(), ["/rule"]);
    }
}

/// One alone, it and those behind it, or all: they move by as much on the wall.
#[tokio::test]
async fn one_the_following_or_all_are_changed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let id = resource(owner, json!({})).await;
    let series = owner.post("/calendar/series", weekly(&id, "2031-03-19T12:00", 4)).await.expect(201);
    let (first, third) = (id_of(&series, 0), id_of(&series, 2));
    // This one alone.
    let to = json!({ "starts_at": "2031-03-19T14:00:00Z", "ends_at": "2031-03-19T15:00:00Z" });
    owner.patch(&format!("/calendar/bookings/{first}"), "\"1\"", to).await.expect(200);
    // The third and the fourth, a day later and two hours earlier, half as long.
    let to = json!({ "which": "following", "starts_at": "2031-04-03T09:00:00Z", "ends_at": "2031-04-03T09:30:00Z" });
    let moved = owner.post(&format!("/calendar/bookings/{third}/move-series"), to).await.expect(200);
    assert_eq!(starts(&moved.body["items"]), ["2031-04-03T09:00:00Z", "2031-04-10T09:00:00Z"]);
    // All, by an hour, over each other's old places; something else is in the way of one, and none moves.
    owner.post("/calendar/bookings", hour(&[&id], "2031-04-10T10:00")).await.expect(201);
    let to = json!({ "which": "all", "starts_at": "2031-04-03T10:00:00Z", "ends_at": "2031-04-03T11:00:00Z" });
    let refused = owner.post(&format!("/calendar/bookings/{third}/move-series"), to).await.problem(409, "not_all_free");
    assert_eq!(refused.pointers(), ["/occurrences/3"]);
    let to = json!({ "which": "all", "starts_at": "2031-04-03T07:00:00Z", "ends_at": "2031-04-03T08:00:00Z" });
    let moved = owner.post(&format!("/calendar/bookings/{third}/move-series"), to).await.expect(200);
    let early = ["2031-03-19T12:00:00Z", "2031-03-26T10:00:00Z", "2031-04-03T07:00:00Z", "2031-04-10T07:00:00Z"];
    assert_eq!(starts(&moved.body["items"]), early);

    let cancelled =
        owner.post(&format!("/calendar/bookings/{third}/cancel-series"), json!({ "which": "following" })).await;
    assert_eq!(cancelled.expect(200).items().len(), 2);
    let stands = owner.get(series.header("location")).await.expect(200);
    let states: Vec<_> = stands.body["bookings"].as_array().unwrap().iter().map(|each| &each["status"]).collect();
    assert_eq!(states, ["booked", "booked", "cancelled", "cancelled"]);
    let lone = owner.post("/calendar/bookings", hour(&[&id], "2031-06-04T10:00")).await.expect(201);
    let path = format!("/calendar/bookings/{}/cancel-series", lone.id());
    owner.post(&path, json!({ "which": "all" })).await.problem(409, "not_a_series");
}
