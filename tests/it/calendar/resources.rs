//! Resources and their hours.

use serde_json::json;

use super::{hour, resource};
use crate::members::user;
use crate::platform;

/// It is made, listed, changed, deleted, and keeps to its rules.
#[tokio::test]
async fn a_resource_lives() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let anna = acme.member().await;
    let whose = user(&anna).await;
    let id = resource(owner, json!({ "user_id": whose })).await;
    let path = format!("/calendar/resources/{id}");
    let made = owner.get(&path).await.expect(200);
    assert_eq!(
        (&made.body["capacity"], &made.body["active"], &made.body["module"]),
        (&json!(1), &json!(true), &json!(null))
    );
    assert_eq!(
        made.body["hours"][4],
        json!({
            "weekday": "friday", "from": "09:00", "until": "17:00", "valid_from": null, "valid_until": null,
        })
    );
    assert_eq!(
        owner.get(&format!("/calendar/resources?filter[user_id]={whose}")).await.expect(200).column("id"),
        [&*id]
    );

    for (field, value, pointer) in [
        ("hours", json!([{ "weekday": "monday", "from": "17:00", "until": "09:00" }]), "/hours/0/until"),
        ("time_zone", json!("Mars/Olympus"), "/time_zone"),
        ("capacity", json!(0), "/capacity"),
        ("user_id", json!(uuid::Uuid::new_v4()), "/user_id"),
    ] {
        let body = json!({ "name": "x", "kind": "room", field: value });
        let refused = owner.post("/calendar/resources", body).await;
        assert!([404, 422].contains(&refused.status.as_u16()), "{}", refused.text);
        assert_eq!(refused.pointers(), [pointer]);
        let refused = owner.patch(&path, "\"1\"", json!({ field: value })).await;
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
    }
    anna.patch(&path, "\"1\"", json!({ "name": "Hers" })).await.problem(403, "forbidden");
    let always = owner.patch(&path, "\"1\"", json!({ "hours": null, "active": false })).await.expect(200);
    assert_eq!((&always.body["hours"], &always.body["active"]), (&json!(null), &json!(false)));
    anna.post("/calendar/bookings", hour(&[&id], "2031-01-01T10:00")).await.problem(409, "resource_inactive");
    owner.delete(&path).await.expect(204);
    owner.get(&path).await.problem(404, "not_found");
}

/// What was booked once is not deleted.
#[tokio::test]
async fn what_was_booked_stays() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let id = resource(acme.owner(), json!({})).await;
    acme.owner().post("/calendar/bookings", hour(&[&id], "2031-01-01T10:00")).await.expect(201);
    acme.owner().delete(&format!("/calendar/resources/{id}")).await.problem(409, "resource_in_use");
}
