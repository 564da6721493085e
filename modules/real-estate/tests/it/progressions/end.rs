//! `POST /api/v1/real-estate/progressions/{id}/complete` and `/fall-through`

use futures_util::future::join_all;
use serde_json::json;

use super::{milestone, progression, step};
use crate::agency;
use crate::market::field;

/// Completing takes exchanged contracts; it closes the listing, and is done once.
#[tokio::test]
async fn a_sale_is_completed() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let way = progression(&agency).await;
    step(&agency, &way, "complete").await.problem(409, "not_exchanged");
    milestone(&agency, &way, "exchanged", json!({ "due_on": "2026-11-01" })).await.expect(200);
    step(&agency, &way, "complete").await.problem(409, "not_exchanged");
    milestone(&agency, &way, "exchanged", json!({ "done_on": "2026-11-01" })).await.expect(200);

    let done = join_all((0..3).map(|_| step(&agency, &way, "complete"))).await;
    for reply in &done {
        assert_eq!((reply.status.as_u16(), &reply.body["status"]), (200, &json!("completed")), "{}", reply.text);
    }
    let listing = format!("/real-estate/listings/{}", way.body["listing_id"].as_str().unwrap());
    assert_eq!(field(&agency, &listing, "status").await, "closed");
    let all = owner.get(&format!("{}/milestones", way.header("location"))).await.expect(200);
    assert_eq!(all.column("name"), ["exchanged", "completed"]);
    assert!(all.items()[1]["done_on"].is_string());

    step(&agency, &way, "fall-through").await.problem(409, "progression_over");
    let path = way.header("location");
    owner.patch(path, "\"2\"", json!({ "survey_state": "done" })).await.problem(409, "progression_over");
    milestone(&agency, &way, "survey", json!({})).await.problem(409, "progression_over");
}

/// A check that has expired since the offer was accepted keeps the sale from being completed.
#[tokio::test]
async fn checks_count_on_the_day() {
    let (platform, agency) = agency().await;
    let way = progression(&agency).await;
    milestone(&agency, &way, "exchanged", json!({ "done_on": "2026-11-01" })).await.expect(200);
    let schema = agency.tenant().schema();
    let superuser = platform.database().superuser().await;
    let over = format!("UPDATE {schema}.identity_checks SET expires_on = '2020-01-01', checked_at = '2019-01-01'");
    superuser.batch_execute(&over).await.unwrap();
    step(&agency, &way, "complete").await.problem(409, "identity_check_needed");
    let listing = format!("/real-estate/listings/{}", way.body["listing_id"].as_str().unwrap());
    assert_eq!(field(&agency, &listing, "status").await, "active_under_contract");
    assert_eq!(field(&agency, way.header("location"), "status").await, "running");
}

/// Falling through opens the listing again, whichever end it is told at.
#[tokio::test]
async fn a_sale_falls_through() {
    let (_platform, agency) = agency().await;
    let (one, other) = (progression(&agency).await, progression(&agency).await);
    let offer =
        |way: &tenantry_core::testing::Reply| format!("/real-estate/offers/{}", way.body["offer_id"].as_str().unwrap());
    let fallen = step(&agency, &one, "fall-through").await.expect(200);
    assert_eq!(fallen.body["status"], "fallen_through");
    assert_eq!(step(&agency, &one, "fall-through").await.expect(200).body, fallen.body);
    agency.owner().post(&format!("{}/fall-through", offer(&other)), json!({})).await.expect(200);
    for way in [&one, &other] {
        assert_eq!(field(&agency, &offer(way), "status").await, "fallen_through");
        assert_eq!(field(&agency, way.header("location"), "status").await, "fallen_through");
        let listing = format!("/real-estate/listings/{}", way.body["listing_id"].as_str().unwrap());
        assert_eq!(field(&agency, &listing, "status").await, "active");
        step(&agency, way, "complete").await.problem(409, "progression_over");
    }
}

/// Where one completes and another one lets it fall through at the same moment, one of both happens.
#[tokio::test]
async fn one_end_is_the_end() {
    let (_platform, agency) = agency().await;
    for _ in 0..3 {
        let way = progression(&agency).await;
        milestone(&agency, &way, "exchanged", json!({ "done_on": "2026-11-01" })).await.expect(200);
        let (done, fallen) = tokio::join!(step(&agency, &way, "complete"), step(&agency, &way, "fall-through"));
        assert_ne!(done.status == 200, fallen.status == 200, "{} {}", done.text, fallen.text);
        let status = field(&agency, way.header("location"), "status").await;
        let listing = format!("/real-estate/listings/{}", way.body["listing_id"].as_str().unwrap());
        let market = if done.status == 200 { ("completed", "closed") } else { ("fallen_through", "active") };
        assert_eq!((&*status, &*field(&agency, &listing, "status").await), market);
    }
}
