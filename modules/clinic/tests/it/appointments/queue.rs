//! `/api/v1/clinic/practitioners/{id}/queue`

use serde_json::json;
use time::OffsetDateTime;

use super::{Desk, at};

/// Who is checked in first is called first; whoever is called makes the others move up. Numbers are of a practitioner and a day.
#[tokio::test]
async fn the_queue_moves_up() {
    let desk = Desk::open(json!({})).await;
    let mut made = Vec::new();
    for (n, time) in ["10:00", "11:00", "12:00"].into_iter().enumerate() {
        let patient = desk.patient(&format!("Q-{n}")).await;
        made.push(desk.book(&at(time), json!({ "patient_id": patient })).await.expect(201));
    }
    let tomorrow = desk.book("2031-01-02T10:00:00Z", json!({})).await.expect(201);
    // The later of the two days is today.
    let today = OffsetDateTime::now_utc().date();
    let yesterday = today.previous_day().unwrap();
    desk.sql(&format!(
        "UPDATE appointments SET starts_at = starts_at - d.n, ends_at = ends_at - d.n
         FROM (SELECT make_interval(days => date '2031-01-02' - date '{today}') AS n) d"
    ))
    .await;
    for (n, number) in [(1, 1), (0, 2), (2, 3)] {
        let checked = desk.verb(&made[n], "check-in").await.expect(200);
        assert_eq!(checked.body["queue_number"], number);
        assert!(checked.body["arrived_at"].is_string());
    }
    assert_eq!(desk.verb(&tomorrow, "check-in").await.expect(200).body["queue_number"], 1);
    let queue = async |day: &str| {
        let path = format!("/clinic/practitioners/{}/queue{day}", desk.practitioner);
        let queue = desk.reception.get(&path).await.expect(200);
        let place = |place: &serde_json::Value| (place["position"].as_i64().unwrap(), place["appointment_id"].clone());
        queue.items().iter().map(place).collect::<Vec<_>>()
    };
    let of = |n: usize| json!(made[n].id());
    assert_eq!(queue(&format!("?day={yesterday}")).await, [(1, of(1)), (2, of(0)), (3, of(2))]);
    desk.verb(&made[1], "fulfil").await.expect(200);
    assert_eq!(queue(&format!("?day={yesterday}")).await, [(1, of(0)), (2, of(2))]);
    assert_eq!(queue(&format!("?day={today}")).await, [(1, json!(tomorrow.id()))]);
    assert!(queue("?day=2031-01-01").await.is_empty());
    let nobody = format!("/clinic/practitioners/{}/queue", uuid::Uuid::new_v4());
    desk.reception.get(&nobody).await.problem(404, "not_found");
}
