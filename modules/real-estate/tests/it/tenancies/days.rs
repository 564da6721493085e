//! No two tenancies of a property have a day in common.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{step, tenancy};
use crate::{agency, given};

/// Each day is one tenancy's, the first and the last too; days beside it, other properties and drafts are free.
#[tokio::test]
async fn days_are_taken_once() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let property = given::property(owner).await;
    let first = tenancy(owner, &property, json!({})).await;
    step(owner, &first, "start", json!({})).await.expect(200);
    for (from, until, free) in [
        ("2026-05-01", json!("2026-05-31"), false),
        ("2026-01-01", json!("2026-03-01"), false),
        ("2027-02-28", json!("2027-12-31"), false),
        ("2025-01-01", json!(null), false),
        ("2026-01-01", json!("2026-02-28"), true),
        ("2027-03-01", json!(null), true),
    ] {
        let other = tenancy(owner, &property, json!({ "starts_on": from, "ends_on": until })).await;
        let started = step(owner, &other, "start", json!({})).await;
        match free {
            true => drop(started.expect(200)),
            false => drop(started.problem(409, "property_let")),
        }
    }
    let elsewhere = tenancy(owner, &given::property(owner).await, json!({})).await;
    step(owner, &elsewhere, "start", json!({})).await.expect(200);
}

/// A tenancy that has ended keeps its days up to the last one; the next may begin on the day after.
#[tokio::test]
async fn who_leaves_early_makes_room() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let property = given::property(owner).await;
    let first = tenancy(owner, &property, json!({ "ends_on": null })).await;
    step(owner, &first, "start", json!({})).await.expect(200);
    let next = tenancy(owner, &property, json!({ "starts_on": "2026-08-01", "ends_on": null })).await;
    step(owner, &next, "start", json!({})).await.problem(409, "property_let");
    step(owner, &first, "end", json!({ "ends_on": "2026-08-01" })).await.expect(200);
    step(owner, &next, "start", json!({})).await.problem(409, "property_let");
    let later = json!({ "starts_on": "2026-08-02" });
    owner.patch(next.header("location"), "\"1\"", later).await.expect(200);
    step(owner, &next, "start", json!({})).await.expect(200);
}

/// A running tenancy is not made longer into the days of another one.
#[tokio::test]
async fn nobody_grows_into_anothers_days() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let property = given::property(owner).await;
    let first = tenancy(owner, &property, json!({})).await;
    let next = tenancy(owner, &property, json!({ "starts_on": "2027-03-01", "ends_on": null })).await;
    for made in [&first, &next] {
        step(owner, made, "start", json!({})).await.expect(200);
    }
    let path = first.header("location");
    for longer in [json!("2027-03-01"), Value::Null] {
        owner.patch(path, "\"2\"", json!({ "ends_on": longer })).await.problem(409, "property_let");
    }
    step(owner, &first, "end", json!({ "ends_on": "2027-06-30" })).await.problem(409, "property_let");
    owner.patch(path, "\"2\"", json!({ "ends_on": "2027-01-31" })).await.expect(200);
}

/// Of many that start at the same moment, one has the days.
#[tokio::test]
async fn of_many_at_once_one_starts() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let property = given::property(owner).await;
    let mut drafts = Vec::new();
    for n in 1..=8 {
        drafts.push(tenancy(owner, &property, json!({ "starts_on": format!("2026-03-0{n}"), "ends_on": null })).await);
    }
    let replies = join_all(drafts.iter().map(|draft| step(owner, draft, "start", json!({})))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    for reply in replies.into_iter().filter(|reply| reply.status != 200) {
        // Two that wait for each other are told to come again, and nothing of theirs is kept.
        assert!(reply.code() == "property_let" || reply.status == 503, "{}", reply.text);
    }
    let running = owner.get("/real-estate/tenancies?filter[status]=running").await.expect(200);
    assert_eq!(running.items().len(), 1);
}
