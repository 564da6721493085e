//! Leave behind appointments: they are listed to be moved, and none is dropped

use serde_json::json;

use super::{Desk, at};

/// Leave lists what stands in it until that is moved or cancelled.
#[tokio::test]
async fn leave_lists_what_is_to_be_rebooked() {
    let desk = Desk::open(json!({})).await;
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    let second = desk.book(&at("11:00"), json!({})).await.expect(201);
    let later = desk.book("2031-01-02T10:00:00Z", json!({})).await.expect(201);
    let to_rebook = async || {
        let path = format!("/clinic/appointments/to-rebook?practitioner_id={}", desk.practitioner);
        let list = desk.reception.get(&path).await.expect(200);
        list.column("id").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(to_rebook().await.is_empty());
    let leave = json!({
        "resource_id": desk.practitioner, "kind": "closed", "starts_at": at("00:00"), "ends_at": "2031-01-02T00:00:00Z",
    });
    let leave = desk.clinic.owner().post("/calendar/exceptions", leave).await.expect(201);
    assert_eq!(to_rebook().await, [made.id(), second.id()]);
    let bookings = desk.reception.get(&format!("{}/bookings", leave.header("location"))).await.expect(200);
    assert_eq!(bookings.items().len(), 2);
    for appointment in [&made, &second, &later] {
        assert_eq!(desk.now(appointment).await["status"], "booked");
    }
    desk.book(&at("14:00"), json!({})).await.problem(409, "outside_hours");
    let there = json!({ "starts_at": at("15:00") });
    desk.reception.post(&format!("{}/move", made.header("location")), there).await.problem(409, "outside_hours");
    let away = json!({ "starts_at": "2031-01-03T10:00:00Z" });
    desk.reception.post(&format!("{}/move", made.header("location")), away).await.expect(200);
    assert_eq!(to_rebook().await, [second.id()]);
    desk.verb(&second, "cancel").await.expect(200);
    assert!(to_rebook().await.is_empty());
    let nobody = format!("/clinic/appointments/to-rebook?practitioner_id={}", uuid::Uuid::new_v4());
    assert!(desk.reception.get(&nobody).await.expect(200).items().is_empty());
}
