//! Holds: they block, end by themselves, and are confirmed once.

use serde_json::json;

use super::{hour, resource};
use crate::platform;
use crate::support::superuser_in;

/// A hold blocks until it is over; then another takes the time, and it cannot be confirmed any more.
#[tokio::test]
async fn a_hold_holds_until_it_is_over() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let id = resource(owner, json!({})).await;
    let mut body = hour(&[&id], "2031-01-01T10:00");
    body["hold_minutes"] = json!(10);
    let held = owner.post("/calendar/bookings", body.clone()).await.expect(201);
    assert_eq!(held.body["status"], "held");
    owner.post("/calendar/bookings", hour(&[&id], "2031-01-01T10:00")).await.problem(409, "slot_taken");

    let database = superuser_in(&platform, &acme).await;
    let past = "UPDATE bookings SET expires_at = now() - interval '1 second';
        UPDATE booking_parts SET expires_at = now() - interval '1 second'";
    database.batch_execute(past).await.unwrap();
    let path = held.header("location");
    assert_eq!(owner.get(path).await.expect(200).body["status"], "expired");
    owner.post(&format!("{path}/confirm"), json!({})).await.problem(409, "booking_over");
    owner.post("/calendar/bookings", hour(&[&id], "2031-01-01T10:00")).await.expect(201);
    let stands = owner.get("/calendar/bookings?filter[status]=expired").await.expect(200);
    assert_eq!(stands.column("id"), [held.id()]);
}

/// Confirming makes it a booking, once; a job writes down what is over.
#[tokio::test]
async fn a_hold_is_confirmed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let id = resource(owner, json!({})).await;
    let mut body = hour(&[&id], "2031-01-01T10:00");
    body["hold_minutes"] = json!(10);
    let held = owner.post("/calendar/bookings", body.clone()).await.expect(201);
    let booked = owner.post(&format!("{}/confirm", held.header("location")), json!({})).await.expect(200);
    assert_eq!((&booked.body["status"], &booked.body["expires_at"]), (&json!("booked"), &json!(null)));
    let again = owner.post(&format!("{}/confirm", held.header("location")), json!({})).await.expect(200);
    assert_eq!(again.header("etag"), booked.header("etag"));

    body["starts_at"] = json!("2031-01-01T13:00:00Z");
    body["ends_at"] = json!("2031-01-01T14:00:00Z");
    owner.post("/calendar/bookings", body).await.expect(201);
    let database = superuser_in(&platform, &acme).await;
    database.batch_execute("UPDATE bookings SET expires_at = now() WHERE status = 'held'").await.unwrap();
    platform.run_job("calendar/forget-holds").await;
    let row = database.query_one("SELECT count(*) FROM bookings WHERE status = 'expired'", &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 1);
    let row = database.query_one("SELECT count(*) FROM booking_parts WHERE blocking", &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 1);
}
