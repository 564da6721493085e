//! `/api/v1/clinic/appointments/series`

use serde_json::{Value, json};

use super::Desk;

async fn series(desk: &Desk, starts_at: &str, changes: Value) -> tenantry_core::testing::Reply {
    let mut body = desk.body(starts_at, json!({ "time_zone": "Europe/Vienna", "rule": "FREQ=WEEKLY;COUNT=4" }));
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    desk.reception.post("/clinic/appointments/series", body).await
}

fn starts(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["starts_at"].as_str().unwrap()).collect()
}

/// Ten o'clock stays ten o'clock when the clocks are set (in 2031 on 30 March); this one, those behind it, or all are changed.
#[tokio::test]
async fn a_series_keeps_its_time_on_the_wall() {
    let desk = Desk::open(json!({})).await;
    let made = series(&desk, "2031-03-19T09:00:00Z", json!({})).await.expect(201);
    assert_eq!(
        starts(made.items()),
        ["2031-03-19T09:00:00Z", "2031-03-26T09:00:00Z", "2031-04-02T08:00:00Z", "2031-04-09T08:00:00Z"]
    );
    let path = |n: usize| format!("/clinic/appointments/{}", made.items()[n]["id"].as_str().unwrap());
    let to = json!({ "which": "following", "starts_at": "2031-03-27T12:00:00Z" });
    let moved = desk.reception.post(&format!("{}/move-series", path(1)), to).await.expect(200);
    assert_eq!(starts(moved.items()), ["2031-03-27T12:00:00Z", "2031-04-03T11:00:00Z", "2031-04-10T11:00:00Z"]);
    assert_eq!(moved.items()[0]["ends_at"], "2031-03-27T12:30:00Z");
    // One alone.
    let one = json!({ "starts_at": "2031-04-04T11:00:00Z" });
    desk.reception.post(&format!("{}/move", path(2)), one).await.expect(200);
    let listed = format!("/clinic/appointments?filter[series_id]={}&sort=starts_at", made.id());
    let all = desk.reception.get(&listed).await.expect(200);
    assert_eq!(
        starts(all.items()),
        ["2031-03-19T09:00:00Z", "2031-03-27T12:00:00Z", "2031-04-04T11:00:00Z", "2031-04-10T11:00:00Z"]
    );
    let which = json!({ "which": "following", "reason": "Healed" });
    let gone = desk.reception.post(&format!("{}/cancel-series", path(2)), which).await.expect(200);
    assert_eq!(gone.items().len(), 2);
    let all = desk.reception.get(&listed).await.expect(200);
    assert_eq!(all.column("status"), ["booked", "booked", "cancelled", "cancelled"]);
    let rest = json!({ "which": "all", "reason": "Healed" });
    desk.reception.post(&format!("{}/cancel-series", path(1)), rest.clone()).await.expect(200);
    let all = desk.reception.get(&listed).await.expect(200);
    assert!(all.column("status").iter().all(|status| *status == "cancelled"));
    desk.reception.post(&format!("{}/cancel-series", path(1)), rest.clone()).await.problem(409, "wrong_status");
    let lone = desk.book("2031-05-01T09:00:00Z", json!({})).await.expect(201);
    let lone = format!("{}/cancel-series", lone.header("location"));
    desk.reception.post(&lone, rest).await.problem(409, "not_a_series");
}

/// All that is in the way is told before anything is written.
#[tokio::test]
async fn all_conflicts_are_told() {
    let desk = Desk::open(json!({})).await;
    let other = json!({ "patient_id": desk.patient("P-2").await });
    desk.book("2031-03-26T09:15:00Z", other.clone()).await.expect(201);
    desk.book("2031-04-09T08:15:00Z", other).await.expect(201);
    let refused = series(&desk, "2031-03-19T09:00:00Z", json!({})).await.problem(409, "not_all_free");
    assert_eq!(refused.pointers(), ["/occurrences/1", "/occurrences/3"]);
    assert_eq!(desk.reception.get("/clinic/appointments").await.expect(200).items().len(), 2);
    let endless = series(&desk, "2031-03-19T09:00:00Z", json!({ "rule": "FREQ=DAILY" })).await;
    assert_eq!(endless.problem(422, "invalid").pointers(), ["/rule"]);
}
