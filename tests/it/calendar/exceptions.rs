//! Leave, holidays, an extra evening.

use serde_json::json;

use super::{hour, resource};
use crate::platform;

/// Leave closes one resource, a holiday all, an extra evening opens one; what stood there already is listed and stays.
#[tokio::test]
async fn exceptions_close_and_open() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (anna, ben) = (resource(owner, json!({})).await, resource(owner, json!({ "name": "Ben" })).await);
    let stands = owner.post("/calendar/bookings", hour(&[&anna], "2031-01-01T10:00")).await.expect(201);
    let day = |resource: Option<&str>, kind: &str, from: &str, until: &str| {
        let (starts_at, ends_at) = (format!("2031-01-{from}:00Z"), format!("2031-01-{until}:00Z"));
        json!({ "resource_id": resource, "kind": kind, "starts_at": starts_at, "ends_at": ends_at, "reason": "x" })
    };
    let leave = day(Some(&anna), "closed", "01T00:00", "02T00:00");
    let leave = owner.post("/calendar/exceptions", leave).await.expect(201);
    let path = leave.header("location").to_owned();
    assert_eq!(owner.get(&format!("{path}/bookings")).await.expect(200).column("id"), [stands.id()]);
    owner.post("/calendar/bookings", hour(&[&anna], "2031-01-01T12:00")).await.problem(409, "outside_hours");
    owner.post("/calendar/bookings", hour(&[&ben], "2031-01-01T12:00")).await.expect(201);

    let holiday = owner.post("/calendar/exceptions", day(None, "closed", "06T00:00", "07T00:00")).await.expect(201);
    for id in [&anna, &ben] {
        owner.post("/calendar/bookings", hour(&[id], "2031-01-06T12:00")).await.problem(409, "outside_hours");
    }
    let evening = owner.post("/calendar/exceptions", day(Some(&ben), "open", "02T16:00", "02T20:00")).await.expect(201);
    // It goes on where the hours end.
    let mut long = hour(&[&ben], "2031-01-02T15:30");
    long["ends_at"] = json!("2031-01-02T18:00:00Z");
    owner.post("/calendar/bookings", long).await.expect(201);
    assert!(owner.get(&format!("{}/bookings", evening.header("location"))).await.expect(200).items().is_empty());
    let all = owner.get("/calendar/exceptions?filter[resource_id][null]=true").await.expect(200);
    assert_eq!(all.column("id"), [holiday.id()]);

    owner.delete(&path).await.expect(204);
    owner.post("/calendar/bookings", hour(&[&anna], "2031-01-01T12:00")).await.expect(201);
    let wrong = owner.post("/calendar/exceptions", day(None, "closed", "07T00:00", "06T00:00")).await;
    assert_eq!(wrong.problem(422, "invalid").pointers(), ["/ends_at"]);
    let nobody = uuid::Uuid::new_v4().to_string();
    let wrong = owner.post("/calendar/exceptions", day(Some(&nobody), "closed", "06T00:00", "07T00:00")).await;
    assert_eq!(wrong.problem(404, "not_found").pointers(), ["/resource_id"]);
}
