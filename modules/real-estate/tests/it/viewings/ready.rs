//! What has to be so before a viewing: it is asked for in time, who lives there is told, and somebody opens the door.

use serde_json::{Value, json};
use tenantry_core::testing::TestOrganization;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::{ask, at, stage, step};
use crate::agency;
use crate::market::{active, property, with};

/// So many hours from now, as a viewing has them.
fn ahead(hours: i64) -> Value {
    let at = |hours| (OffsetDateTime::now_utc() + Duration::hours(hours)).format(&Rfc3339).unwrap();
    json!({ "starts_at": at(hours), "ends_at": at(hours + 1) })
}

/// A listing of a property in which somebody lives, who is told 48 hours ahead.
async fn occupied(agency: &TestOrganization) -> String {
    let property = property(agency, json!({ "occupied": true, "occupier_notice_hours": 48 })).await;
    active(agency, json!({ "property_id": property })).await
}

/// The listing says how far ahead it is asked for, and moved to.
#[tokio::test]
async fn a_listing_wants_to_be_asked_ahead() {
    let (_platform, agency) = agency().await;
    let listing = active(&agency, json!({ "viewing_notice_hours": 24 })).await;
    let stage = super::Stage { listing, ..stage(&agency).await };
    let refused = ask(&agency, stage.body("10:00", "10:30", ahead(23))).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/starts_at"]);
    assert!(refused.reason("/starts_at").contains("24 hours"), "{}", refused.text);
    let made = ask(&agency, stage.body("10:00", "10:30", ahead(25))).await.expect(201);
    step(&agency, &made, "move", ahead(2)).await.problem(422, "invalid");
    step(&agency, &made, "move", ahead(26)).await.expect(200);
    let path = format!("/real-estate/listings/{}", stage.listing);
    let etag = agency.owner().get(&path).await.expect(200).header("etag").to_owned();
    for wrong in [-1, 721] {
        let wrong = agency.owner().patch(&path, &etag, json!({ "viewing_notice_hours": wrong })).await;
        assert_eq!(wrong.problem(422, "invalid").pointers(), ["/viewing_notice_hours"]);
    }
    agency.owner().patch(&path, &etag, json!({ "viewing_notice_hours": 0 })).await.expect(200);
    step(&agency, &made, "move", ahead(2)).await.expect(200);
}

/// Who lives there is told before it is confirmed, and as many hours ahead as the property says.
#[tokio::test]
async fn who_lives_there_is_told() {
    let (_platform, agency) = agency().await;
    let stage = super::Stage { listing: occupied(&agency).await, ..stage(&agency).await };
    let refused = ask(&agency, stage.body("10:00", "10:30", ahead(47))).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/starts_at"]);
    let made = ask(&agency, stage.body("10:00", "10:30", json!({}))).await.expect(201);
    step(&agency, &made, "confirm", json!({})).await.problem(409, "occupier_not_told");
    let told = json!({ "occupier_told_at": "2026-01-05T10:00:00Z" });
    agency.owner().patch(made.header("location"), "\"1\"", told.clone()).await.expect(200);
    step(&agency, &made, "confirm", json!({})).await.expect(200);
    // Of another time they are told anew.
    let to = json!({ "starts_at": at("12:00"), "ends_at": at("12:30") });
    step(&agency, &made, "move", to.clone()).await.problem(409, "occupier_not_told");
    let moved = step(&agency, &made, "move", with(to, told.clone())).await.expect(200);
    assert_eq!(moved.body["status"], "confirmed");
    // What is only asked for is moved, and then nobody has been told.
    let open = ask(&agency, stage.body("14:00", "14:30", told)).await.expect(201);
    let to = json!({ "starts_at": at("15:00"), "ends_at": at("15:30") });
    let moved = step(&agency, &open, "move", to).await.expect(200);
    assert_eq!(moved.body["occupier_told_at"], json!(null));
}

/// Who was told too late was not told in time.
#[tokio::test]
async fn too_late_is_not_in_time() {
    let (_platform, agency) = agency().await;
    let stage = super::Stage { listing: occupied(&agency).await, ..stage(&agency).await };
    let made = ask(&agency, stage.body("10:00", "10:30", ahead(60))).await.expect(201);
    let told = |hours: i64| {
        let at = OffsetDateTime::now_utc() - Duration::hours(hours);
        json!({ "occupier_told_at": at.format(&Rfc3339).unwrap() })
    };
    let property = format!("/real-estate/properties/{}", made.body["property_id"].as_str().unwrap());
    agency.owner().patch(&property, "\"1\"", json!({ "occupier_notice_hours": 72 })).await.expect(200);
    let path = made.header("location");
    agency.owner().patch(path, "\"1\"", told(1)).await.expect(200);
    step(&agency, &made, "confirm", json!({})).await.problem(409, "occupier_told_late");
    agency.owner().patch(path, "\"2\"", told(20)).await.expect(200);
    step(&agency, &made, "confirm", json!({})).await.expect(200);
}

/// A tenancy says that somebody lives there, on its days.
#[tokio::test]
async fn tenants_are_told_too() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let stage = stage(&agency).await;
    let made = ask(&agency, stage.body("10:00", "10:30", json!({}))).await.expect(201);
    let tenancy = json!({
        "property_id": made.body["property_id"], "starts_on": "2190-05-17", "ends_on": "2190-05-17", "rent": "900.00",
        "currency": "EUR", "rent_period": "month",
    });
    let tenancy = owner.post("/real-estate/tenancies", tenancy).await.expect(201);
    step(&agency, &made, "confirm", json!({})).await.expect(200);
    owner.post(&format!("{}/start", tenancy.header("location")), json!({})).await.expect(200);
    let same_day = ask(&agency, stage.body("12:00", "12:30", json!({}))).await.expect(201);
    step(&agency, &same_day, "confirm", json!({})).await.problem(409, "occupier_not_told");
    let day_after = json!({ "starts_at": "2190-05-18T10:00:00Z", "ends_at": "2190-05-18T11:00:00Z" });
    let later = ask(&agency, stage.body("12:00", "12:30", day_after)).await.expect(201);
    step(&agency, &later, "confirm", json!({})).await.expect(200);
}

/// Who is alone there has keys of this property, and nobody else's.
#[tokio::test]
async fn who_is_alone_has_keys() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let stage = stage(&agency).await;
    let made = ask(&agency, stage.body("10:00", "10:30", json!({ "accompanied": false }))).await.expect(201);
    let confirm = async || step(&agency, &made, "confirm", json!({})).await;
    confirm().await.problem(409, "keys_needed");
    let keys = async |property: &Value, label: &str, to: &str| {
        let set = json!({ "property_id": property, "label": label });
        let set = owner.post("/real-estate/key-sets", set).await.expect(201);
        let path = set.header("location").to_owned();
        owner.post(&format!("{path}/check-out"), json!({ "contact_id": to })).await.expect(201);
        path
    };
    let (here, elsewhere) = (made.body["property_id"].clone(), json!(property(&agency, json!({})).await));
    keys(&elsewhere, "A", &stage.applicant).await;
    confirm().await.problem(409, "keys_needed");
    keys(&here, "B", &crate::market::contact(&agency, "Byron").await).await;
    confirm().await.problem(409, "keys_needed");
    let own = keys(&here, "C", &stage.applicant).await;
    owner.post(&format!("{own}/return"), json!({})).await.expect(200);
    confirm().await.problem(409, "keys_needed");
    owner.post(&format!("{own}/check-out"), json!({ "contact_id": stage.applicant })).await.expect(201);
    assert_eq!(confirm().await.expect(200).body["status"], "confirmed");
}
