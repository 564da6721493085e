//! What schemas do not tell of calendars: which times are free, and what is a series.

use serde_json::{Value, json};

use super::call::Call;
use super::document::{Operation, Place};
use super::world::Tenant;

/// Makes a request about calendars one that can be met: times that follow each other, of what is open all day.
pub async fn fit(tenant: &Tenant, operation: &Operation, call: &mut Call) {
    if !operation.path.starts_with("/api/v1/calendar/") {
        return;
    }
    // Somebody has twenty feeds at most. What an attack made long ago is in nobody's hands any more.
    if operation.path.contains("/feeds") || operation.id == "calendar_feeds_read" {
        let feeds = tenant.owner.get("/calendar/feeds").await.expect(200);
        for old in feeds.column("id").iter().take(feeds.items().len().saturating_sub(12)) {
            tenant.owner.delete(&format!("/calendar/feeds/{old}")).await.expect(204);
        }
    }
    set(call, Place::Query, "from", "2031-01-01T00:00:00Z");
    set(call, Place::Query, "until", "2031-01-03T00:00:00Z");
    let moves = operation.path.ends_with("/{id}") || operation.path.ends_with("-series");
    let (starts_at, ends_at) = if moves { ("12:00", "13:00") } else { ("10:00", "11:00") };
    for (field, value) in [
        ("starts_at", json!(format!("2031-01-01T{starts_at}:00Z"))),
        ("ends_at", json!(format!("2031-01-01T{ends_at}:00Z"))),
        ("time_zone", json!("UTC")),
        ("rule", json!("FREQ=WEEKLY;COUNT=2")),
        ("hold_minutes", json!(1440)),
        ("overbook_reason", Value::Null),
    ] {
        put(call, field, value);
    }
    let day = json!({
        "weekday": "wednesday", "from": "00:00", "until": "00:00", "valid_from": "2020-01-01", "valid_until": "2040-01-01",
    });
    put(call, "hours", json!([day]));
    if operation.id == "calendar_feeds_read" {
        let feed = tenant.owner.post("/calendar/feeds", json!({})).await.expect(201);
        let token = feed.body["url"].as_str().and_then(|url| url.rsplit('/').next()).expect("a token");
        set(call, Place::Path, "token", token);
    }
    if operation.path.ends_with("-series") {
        let resource =
            tenant.owner.post("/calendar/resources", json!({ "name": "x", "kind": "room" })).await.expect(201);
        let series = json!({
            "title": tenant.sampler.canary, "starts_at": "2031-01-01T10:00:00Z", "ends_at": "2031-01-01T11:00:00Z",
            "rule": "FREQ=DAILY;COUNT=2", "needs": [{ "resource_id": resource.id() }],
        });
        let series = tenant.owner.post("/calendar/series", series).await.expect(201);
        set(call, Place::Path, "id", series.body["bookings"][0]["id"].as_str().expect("an id"));
        set(call, Place::Header, "If-Match", "\"1\"");
    }
}

fn put(call: &mut Call, field: &str, value: Value) {
    if let Some(own) = call.body.as_mut().and_then(|body| body.get_mut(field)) {
        *own = value;
    }
}

fn set(call: &mut Call, place: Place, name: &str, value: &str) {
    let known = call.parameters.iter_mut().find(|(own, known, _)| *own == place && known == name);
    if let Some((_, _, own)) = known {
        value.clone_into(own);
    }
}
