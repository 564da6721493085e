//! The time that it is about: days of a zone.

use serde_json::json;
use time::OffsetDateTime;

use super::{DEALS, fill, january};
use crate::platform;

/// The clock of Vienna is an hour ahead in winter: what was won just before the year is won in it.
#[tokio::test]
async fn days_are_those_of_the_zone() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    fill(&platform, &acme, DEALS).await;
    let won = |body: &serde_json::Value| {
        let closed = &body["closed"];
        (closed["period"]["won"].as_i64(), closed["period"]["lost"].as_i64(), closed["before"]["won"].as_i64())
    };
    let utc = january(owner).await;
    assert_eq!((won(&utc), &utc["zone"]), ((Some(2), Some(3), Some(1)), &json!("UTC")));
    let path = "/dashboard?from=2026-01-01&until=2026-01-31&zone=Europe/Vienna";
    let vienna = owner.get(path).await.expect(200).body;
    // Lost in the last hour of January in UTC is lost in February there; the first of December began in November.
    assert_eq!((won(&vienna), &vienna["zone"]), ((Some(3), Some(2), Some(1)), &json!("Europe/Vienna")));
    let settings = owner.get("/notification-settings").await.expect(200);
    let zone = json!({ "time_zone": "Europe/Vienna" });
    owner.patch("/notification-settings", settings.header("etag"), zone).await.expect(200);
    let own = january(owner).await;
    assert_eq!((won(&own), &own["zone"]), ((Some(3), Some(2), Some(1)), &json!("Europe/Vienna")));
    let utc = owner.get(&path.replace("Europe/Vienna", "UTC")).await.expect(200).body;
    assert_eq!((won(&utc), &utc["zone"]), ((Some(2), Some(3), Some(1)), &json!("UTC")));
}

/// This month so far where nothing is said; never more than a year.
#[tokio::test]
async fn periods_are_bounded() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let today = OffsetDateTime::now_utc().date();
    let usual = acme.owner().get("/dashboard").await.expect(200).body;
    assert_eq!(usual["from"], today.replace_day(1).unwrap().to_string());
    assert_eq!(usual["until"], today.to_string());
    let leap = acme.owner().get("/dashboard?from=2024-01-01&until=2024-12-31").await.expect(200).body;
    assert_eq!(leap["before"], "2022-12-31");
    for (query, pointer) in [
        ("from=2026-02-01&until=2026-01-31", "until"),
        ("from=2025-01-01&until=2026-01-02", "until"),
        ("from=1990-01-01", "from"),
        ("from=1900-01-01&until=1900-01-02", "from"),
        ("from=soon", "from"),
        ("zone=Mars/Olympus", "zone"),
        ("zone=%27", "zone"),
        ("pipeline_id=mine", "pipeline_id"),
    ] {
        let refused = acme.owner().get(&format!("/dashboard?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{query}");
    }
    acme.owner().get("/dashboard?until=2200-12-31&from=2200-12-31").await.expect(200);
}
