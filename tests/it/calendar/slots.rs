//! When something is free.

use serde_json::{Value, json};
use tenantry_core::testing::TestClient;

use super::{hour, resource};
use crate::platform;

async fn free(client: &TestClient, id: &str, query: &str) -> Vec<String> {
    let reply = client.get(&format!("/calendar/resources/{id}/slots?{query}")).await.expect(200);
    reply.items().iter().map(|slot| slot["starts_at"].as_str().unwrap().to_owned()).collect()
}

/// Slots are what is open, less what is taken with the time around it.
#[tokio::test]
async fn slots_are_what_is_left() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let id = resource(owner, json!({})).await;
    owner.post("/calendar/bookings", hour(&[&id], "2031-01-01T10:00")).await.expect(201);
    let day = "from=2031-01-01T00:00:00Z&until=2031-01-02T00:00:00Z";
    let hours = |of: &[&str]| of.iter().map(|at| format!("2031-01-01T{at}:00Z")).collect::<Vec<_>>();
    let found = free(owner, &id, &format!("{day}&minutes=60&every=60")).await;
    assert_eq!(found, hours(&["08:00", "09:00", "11:00", "12:00", "13:00", "14:00", "15:00"]));
    let found = free(owner, &id, &format!("{day}&minutes=60&every=60&minutes_before=30")).await;
    assert_eq!(found, hours(&["08:00", "09:00", "12:00", "13:00", "14:00", "15:00"]));
    let found = free(owner, &id, &format!("{day}&minutes=180&every=30")).await;
    assert_eq!(found, hours(&["11:00", "11:30", "12:00", "12:30", "13:00"]));
    let some = owner.get(&format!("/calendar/resources/{id}/slots?{day}&minutes=60&limit=2")).await.expect(200);
    assert_eq!((some.items().len(), &some.body["has_more"]), (2, &json!(true)));
    let all: Value = owner.get(&format!("/calendar/resources/{id}/slots?{day}&minutes=480")).await.expect(200).body;
    assert_eq!(all, json!({ "items": [], "has_more": false }));
}

/// Nine o'clock is nine o'clock on the wall, the day before the clock is set and the day after.
#[tokio::test]
async fn slots_follow_the_clock_on_the_wall() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let daily: Vec<Value> = ["saturday", "sunday", "monday"]
        .into_iter()
        .map(|weekday| json!({ "weekday": weekday, "from": "09:00", "until": "10:00" }))
        .collect();
    let id = resource(acme.owner(), json!({ "hours": daily })).await;
    // In 2031 the clocks of Vienna are set on 30 March and on 26 October.
    let spring = "from=2031-03-29T00:00:00Z&until=2031-04-01T00:00:00Z&minutes=60";
    let found = free(acme.owner(), &id, spring).await;
    assert_eq!(found, ["2031-03-29T08:00:00Z", "2031-03-30T07:00:00Z", "2031-03-31T07:00:00Z"]);
    let autumn = "from=2031-10-25T00:00:00Z&until=2031-10-28T00:00:00Z&minutes=60";
    let found = free(acme.owner(), &id, autumn).await;
    assert_eq!(found, ["2031-10-25T07:00:00Z", "2031-10-26T08:00:00Z", "2031-10-27T08:00:00Z"]);
}

/// Nobody looks further than two months at once, and what does not exist is not free.
#[tokio::test]
async fn looking_is_bounded() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let id = resource(acme.owner(), json!({})).await;
    let far = format!("/calendar/resources/{id}/slots?from=2031-01-01T00:00:00Z&until=2031-06-01T00:00:00Z&minutes=60");
    assert_eq!(acme.owner().get(&far).await.problem(422, "invalid").pointers(), ["until"]);
    let unknown = uuid::Uuid::new_v4();
    let path =
        format!("/calendar/resources/{unknown}/slots?from=2031-01-01T00:00:00Z&until=2031-01-02T00:00:00Z&minutes=60");
    acme.owner().get(&path).await.problem(404, "not_found");
}
