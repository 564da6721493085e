//! What was done with viewings is taken back, as long as the calendar says the same.

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient, TestOrganization};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::{at, begin, booking, id_of, now, stage};
use crate::agency;
use crate::market::contact;

/// Takes back what somebody did with a record.
async fn undo(agency: &TestOrganization, of: &TestClient, record: &str) -> Reply {
    let at = |hours| (OffsetDateTime::now_utc() + Duration::hours(hours)).format(&Rfc3339).unwrap();
    let what = json!({ "user_id": id_of(of).await, "from": at(-1), "until": at(1), "records": [record] });
    let preview = agency.owner().post("/undos", what).await.expect(201);
    let records = agency.owner().get(&format!("/undos/{}/records", preview.id())).await.expect(200);
    let conflicts = records.column("conflict");
    assert!(conflicts.iter().all(|conflict| *conflict == "bound" || conflict.is_empty()), "{conflicts:?}");
    agency.owner().post(&format!("/undos/{}/apply", preview.id()), json!({ "conflicts": "refuse" })).await
}

async fn post(by: &TestClient, viewing: &Reply, verb: &str, body: Value) -> Reply {
    by.post(&format!("{}/{verb}", viewing.header("location")), body).await.expect(200)
}

/// A note and what somebody thinks are taken back; a time, a request or its end are not, for the calendar says something else.
#[tokio::test]
async fn what_the_calendar_says_stays() {
    let (platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let asking = agency.member().await;
    let made = asking.post("/real-estate/viewings", stage.body("10:00", "10:30", json!({}))).await.expect(201);
    undo(&agency, &asking, made.id()).await.problem(409, "undo_conflicts");
    assert_eq!(now(&agency, &made).await, made.body);

    let noting = agency.member().await;
    noting.patch(made.header("location"), "\"1\"", json!({ "note": "Ring twice." })).await.expect(200);
    undo(&agency, &noting, made.id()).await.expect(200);
    assert_eq!(now(&agency, &made).await["note"], json!(null));

    let moving = agency.member().await;
    post(&moving, &made, "move", json!({ "starts_at": at("12:00"), "ends_at": at("12:30") })).await;
    undo(&agency, &moving, made.id()).await.problem(409, "undo_conflicts");
    let giving = agency.member().await;
    let other = id_of(&giving).await;
    post(&giving, &made, "move", json!({ "starts_at": at("12:00"), "ends_at": at("12:30"), "agent_id": other })).await;
    undo(&agency, &giving, made.id()).await.problem(409, "undo_conflicts");
    assert_eq!(now(&agency, &made).await["agent_id"], json!(other));

    let ending = agency.member().await;
    post(&ending, &made, "cancel", json!({ "reason": "Ill." })).await;
    undo(&agency, &ending, made.id()).await.problem(409, "undo_conflicts");
    assert_eq!(now(&agency, &made).await["status"], "cancelled");
    assert_eq!(booking(&agency, &made).await["status"], "cancelled");
    agency.owner().delete(made.header("location")).await.expect(204);
    let trash = agency.owner().get("/trash?resource=viewings").await.expect(200);
    let restore = format!("/trash/{}/restore", trash.column("id")[0]);
    agency.owner().post(&restore, json!({})).await.expect(200);
    assert_eq!(now(&agency, &made).await["status"], "cancelled");

    let seen = super::confirmed(&agency, stage.body("10:00", "10:30", json!({}))).await;
    begin(&platform, &agency).await;
    post(agency.owner(), &seen, "complete", json!({})).await;
    let schema = agency.tenant().schema();
    let as_it_was = format!(
        "UPDATE {schema}.viewings v SET starts_at = b.starts_at, ends_at = b.ends_at FROM {schema}.bookings b
         WHERE b.id = v.booking_id"
    );
    platform.database().superuser().await.batch_execute(&as_it_was).await.unwrap();
    let thinking = agency.member().await;
    post(&thinking, &seen, "feedback", json!({ "rating": 1 })).await;
    undo(&agency, &thinking, seen.id()).await.expect(200);
    assert_eq!(now(&agency, &seen).await["rating"], json!(null));
}

/// Who turns out to be somebody else takes their viewings along.
#[tokio::test]
async fn viewings_go_along_where_contacts_are_merged() {
    let (_platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let made = super::ask(&agency, stage.body("10:00", "10:30", json!({}))).await.expect(201);
    let keep = contact(&agency, "Lovelace").await;
    let merge = json!({ "resource": "contacts", "keep": keep, "merge": [stage.applicant] });
    agency.owner().post("/merges", merge).await.expect(201);
    assert_eq!(now(&agency, &made).await["applicant_id"], json!(keep));
}
