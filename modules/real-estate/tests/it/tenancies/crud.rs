//! Tenancies are made, changed, started, ended, canceled and deleted.

use serde_json::json;

use super::{step, tenancy};
use crate::{agency, given};

/// What is sent is kept; the deposit is due at first.
#[tokio::test]
async fn a_draft_has_what_was_sent() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let property = given::property(&member).await;
    let made = tenancy(&member, &property, json!({ "rent_review_on": "2027-01-15" })).await;
    for (field, value) in [
        ("status", "draft"),
        ("starts_on", "2026-03-01"),
        ("ends_on", "2027-02-28"),
        ("rent", "1150.00"),
        ("rent_period", "month"),
        ("deposit", "3450.00"),
        ("deposit_state", "due"),
        ("rent_review_on", "2027-01-15"),
    ] {
        assert_eq!(made.body[field], value, "{field}");
    }
    assert_eq!(member.get(made.header("location")).await.expect(200).body, made.body);
    let open = tenancy(&member, &property, json!({ "ends_on": null, "deposit": null })).await;
    assert_eq!((&open.body["ends_on"], &open.body["deposit_state"]), (&json!(null), &json!(null)));
}

/// What cannot be a tenancy is pointed at.
#[tokio::test]
async fn what_is_no_tenancy_is_pointed_at() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let property = given::property(owner).await;
    for (field, value, status) in [
        ("ends_on", json!("2026-02-28"), 422),
        ("rent", json!("0"), 422),
        ("deposit", json!("0.00"), 422),
        ("rent_period", json!("day"), 422),
        ("property_id", json!(uuid::Uuid::new_v4()), 404),
    ] {
        let mut body = json!({
            "property_id": property, "starts_on": "2026-03-01", "rent": "900.00", "currency": "EUR", "rent_period": "week",
        });
        body[field] = value;
        let refused = owner.post("/real-estate/tenancies", body).await.expect(status);
        assert_eq!(refused.pointers(), [format!("/{field}")], "{}", refused.text);
    }
    let made = tenancy(owner, &property, json!({})).await;
    let half = json!({ "notice_given_on": "2026-06-01" });
    let refused = owner.patch(made.header("location"), "\"1\"", half).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/notice_by"]);
    let body = json!({ "property_id": property });
    agency.viewer().await.post("/real-estate/tenancies", body).await.problem(403, "forbidden");
}

/// Each step is taken once, in its order; a tenancy that is over keeps its terms, and its deposit is settled.
#[tokio::test]
async fn a_tenancy_goes_its_way() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = tenancy(owner, &given::property(owner).await, json!({ "ends_on": null })).await;
    let path = made.header("location");
    step(owner, &made, "end", json!({ "ends_on": "2026-12-31" })).await.problem(409, "tenancy_not_started");

    let started = step(owner, &made, "start", json!({})).await.expect(200);
    assert_eq!(started.body["status"], "running");
    assert_eq!(step(owner, &made, "start", json!({})).await.expect(200).body, started.body);
    step(owner, &made, "cancel", json!({})).await.problem(409, "tenancy_started");
    owner.delete(path).await.problem(409, "tenancy_started");
    owner.patch(path, "\"2\"", json!({ "starts_on": "2026-02-01" })).await.problem(409, "tenancy_started");
    let notice = json!({ "notice_given_on": "2026-09-01", "notice_by": "tenant", "deposit_state": "held" });
    let noticed = owner.patch(path, "\"2\"", notice).await.expect(200);
    assert_eq!((&noticed.body["notice_by"], &noticed.body["deposit_state"]), (&json!("tenant"), &json!("held")));

    let before = json!({ "ends_on": "2026-02-28" });
    assert_eq!(step(owner, &made, "end", before).await.problem(422, "invalid").pointers(), ["/ends_on"]);
    let ended = step(owner, &made, "end", json!({ "ends_on": "2026-12-31" })).await.expect(200);
    assert_eq!((&ended.body["status"], &ended.body["ends_on"]), (&json!("ended"), &json!("2026-12-31")));
    step(owner, &made, "start", json!({})).await.problem(409, "tenancy_over");
    owner.patch(path, ended.header("etag"), json!({ "rent": "1.00" })).await.problem(409, "tenancy_over");
    let settled =
        owner.patch(path, ended.header("etag"), json!({ "deposit_state": "partly_returned" })).await.expect(200);
    assert_eq!(settled.body["deposit_state"], "partly_returned");
}

/// A draft can be given up, and be deleted.
#[tokio::test]
async fn a_draft_can_be_given_up() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = tenancy(owner, &given::property(owner).await, json!({})).await;
    let canceled = step(owner, &made, "cancel", json!({})).await.expect(200);
    assert_eq!(canceled.body["status"], "canceled");
    step(owner, &made, "start", json!({})).await.problem(409, "tenancy_over");
    owner.delete(made.header("location")).await.expect(204);
    owner.get(made.header("location")).await.problem(404, "not_found");
}
