//! `/api/v1/calendar`: what can be booked, when it is free, who has it.

mod bookings;
mod exceptions;
mod feeds;
mod holds;
mod races;
mod resources;
mod series;
mod slots;

use serde_json::{Value, json};
use tenantry_core::testing::TestClient;

/// A resource that is open on weekdays from nine to five in Vienna; what is given besides is said of it too.
async fn resource(client: &TestClient, more: Value) -> String {
    let hours: Vec<Value> = ["monday", "tuesday", "wednesday", "thursday", "friday"]
        .into_iter()
        .map(|weekday| json!({ "weekday": weekday, "from": "09:00", "until": "17:00" }))
        .collect();
    let mut body = json!({ "name": "Anna", "kind": "person", "time_zone": "Europe/Vienna", "hours": hours });
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    client.post("/calendar/resources", body).await.expect(201).id().to_owned()
}

/// A booking of an hour of resources; Wednesdays in January of 2031, by UTC.
fn hour(resources: &[&str], at: &str) -> Value {
    let (day, hour) = at.split_once('T').unwrap();
    let from: u8 = hour[..2].parse().unwrap();
    let until = format!("{day}T{:02}{}", from + 1, &hour[2..]);
    let needs: Vec<Value> = resources.iter().map(|id| json!({ "resource_id": id })).collect();
    json!({ "title": "A visit", "starts_at": format!("{at}:00Z"), "ends_at": format!("{until}:00Z"), "needs": needs })
}
