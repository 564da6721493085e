//! Feeds that calendar programs read.

use serde_json::json;

use super::{hour, resource};
use crate::members::user;
use crate::platform;

/// It has what is booked of its person, for whoever has the address, as long as it stands and its person may.
#[tokio::test]
async fn a_feed_is_read_as_long_as_its_person_may() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (anna, nobody) = (acme.member().await, platform.anonymous());
    let whose = user(&anna).await;
    let (hers, his) = (resource(owner, json!({ "user_id": whose })).await, resource(owner, json!({})).await);
    // The feed reaches a year ahead.
    let soon = time::OffsetDateTime::now_utc().date() + time::Duration::days(3);
    let at = |hour: u8| format!("{soon}T{hour:02}:00");
    owner.patch(&format!("/calendar/resources/{hers}"), "\"1\"", json!({ "hours": null })).await.expect(200);
    owner.patch(&format!("/calendar/resources/{his}"), "\"1\"", json!({ "hours": null })).await.expect(200);
    let mut body = hour(&[&hers], &at(10));
    body["title"] = json!("Tea, with Ada");
    owner.post("/calendar/bookings", body).await.expect(201);
    let gone = owner.post("/calendar/bookings", hour(&[&hers], &at(12))).await.expect(201);
    owner.post(&format!("{}/cancel", gone.header("location")), json!({})).await.expect(200);
    owner.post("/calendar/bookings", hour(&[&his], &at(10))).await.expect(201);

    let made = anna.post("/calendar/feeds", json!({})).await.expect(201);
    let url = made.body["url"].as_str().unwrap();
    let path = format!("/calendar/ics/{}", url.rsplit('/').next().unwrap());
    let feed = nobody.get(&path).await.expect(200);
    assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(feed.text.matches("BEGIN:VEVENT").count(), 1, "{}", feed.text);
    assert!(feed.text.contains("SUMMARY:Tea\\, with Ada\r\n"), "{}", feed.text);
    assert_eq!(anna.get("/calendar/feeds").await.expect(200).column("id"), [made.id()]);
    assert!(owner.get("/calendar/feeds").await.expect(200).items().is_empty());
    nobody.get(&format!("{path}x")).await.problem(404, "not_found");

    let other = acme.member().await;
    other.delete(&format!("/calendar/feeds/{}", made.id())).await.problem(404, "not_found");
    let second = anna.post("/calendar/feeds", json!({})).await.expect(201);
    anna.delete(&format!("/calendar/feeds/{}", second.id())).await.expect(204);
    let over = second.body["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    nobody.get(&format!("/calendar/ics/{over}")).await.problem(404, "not_found");
    owner.delete(&format!("/members/{whose}")).await.expect(204);
    nobody.get(&path).await.problem(404, "not_found");
    // Whoever comes back makes a new one.
    let back = "INSERT INTO platform.memberships (user_id, tenant_id, role) VALUES ($1::text::uuid, $2, 'member')";
    let superuser = platform.database().superuser().await;
    superuser.execute(back, &[&whose, &acme.tenant().as_uuid()]).await.unwrap();
    nobody.get(&path).await.problem(404, "not_found");
}
