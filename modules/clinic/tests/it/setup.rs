//! `/api/v1/clinic/locations`, `/api/v1/clinic/rooms`

use serde_json::json;
use uuid::Uuid;

use crate::clinic;

/// Rooms and devices stand at locations, which stay as long as there is something.
#[tokio::test]
async fn rooms_and_devices_stand_at_locations() {
    let (_platform, clinic) = clinic().await;
    let (admin, viewer) = (clinic.admin().await, clinic.viewer().await);
    let body = json!({
        "name": "Hill Clinic", "street": "Hill Road 1", "postcode": "1010", "city": "Vienna", "country": "AT",
        "time_zone": "Europe/Vienna",
    });
    clinic.member().await.post("/clinic/locations", body.clone()).await.problem(403, "forbidden");
    let hill = admin.post("/clinic/locations", body.clone()).await.expect(201);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(hill.body[field], *value, "{field}");
    }
    let again = json!({ "name": "HILL clinic", "time_zone": "UTC" });
    assert_eq!(admin.post("/clinic/locations", again).await.problem(409, "name_taken").pointers(), ["/name"]);
    let zone = json!({ "name": "Nowhere", "time_zone": "no zone" });
    assert_eq!(admin.post("/clinic/locations", zone).await.problem(422, "invalid").pointers(), ["/time_zone"]);
    let valley = json!({ "name": "Valley", "time_zone": "Europe/Berlin" });
    let valley = admin.post("/clinic/locations", valley).await.expect(201);

    let room = |location: &str, name: &str, kind: &str| json!({ "location_id": location, "name": name, "kind": kind });
    let made = admin.post("/clinic/rooms", room(hill.id(), "1", "room")).await.expect(201);
    admin.post("/clinic/rooms", room(hill.id(), "Ultrasound", "device")).await.expect(201);
    admin.post("/clinic/rooms", room(valley.id(), "1", "room")).await.expect(201);
    let refused = admin.post("/clinic/rooms", room(hill.id(), "ultrasound", "room")).await;
    assert_eq!(refused.problem(409, "name_taken").pointers(), ["/name"]);
    let nowhere = admin.post("/clinic/rooms", room(&Uuid::new_v4().to_string(), "1", "room")).await;
    assert_eq!(nowhere.problem(404, "not_found").pointers(), ["/location_id"]);
    let refused = admin.post("/clinic/rooms", room(hill.id(), "2", "hall")).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/kind"]);
    for (query, names) in [
        (format!("?filter[location_id]={}&sort=name", hill.id()), vec!["1", "Ultrasound"]),
        ("?filter[kind]=device".to_owned(), vec!["Ultrasound"]),
        ("?filter[active]=false".to_owned(), vec![]),
    ] {
        let list = viewer.get(&format!("/clinic/rooms{query}")).await.expect(200);
        assert_eq!(list.column("name"), names, "{query}");
    }
    // Moved to where another one is called so.
    let refused = admin.patch(made.header("location"), "\"1\"", json!({ "location_id": valley.id() })).await;
    refused.problem(409, "name_taken");
    let moved = json!({ "location_id": valley.id(), "name": "2", "active": false });
    admin.patch(made.header("location"), "\"1\"", moved).await.expect(200);

    admin.delete(valley.header("location")).await.problem(409, "in_use");
    admin.delete(made.header("location")).await.expect(204);
    admin.patch(valley.header("location"), "\"1\"", json!({ "city": "Berlin" })).await.expect(200);
    admin.delete(valley.header("location")).await.problem(409, "in_use");
}
