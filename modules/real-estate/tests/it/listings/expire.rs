//! The job `expire-listings`

use serde_json::json;

use crate::agency;
use crate::market::{active, field, listing, offer, step, vendor};

/// What has no mandate any more is taken off the market, and it is noted; a sale that is under way goes on.
#[tokio::test]
async fn what_has_no_mandate_expires() {
    let (platform, agency) = agency().await;
    let over = active(&agency, json!({})).await;
    let held = active(&agency, json!({})).await;
    step(&agency, &held, "hold").await.expect(200);
    let stays = active(&agency, json!({})).await;
    let endless = active(&agency, json!({ "mandate_until": null })).await;
    let draft = listing(&agency, json!({})).await;
    let bound = active(&agency, json!({})).await;
    vendor(&agency, &bound).await;
    let accepted = offer(&agency, &bound, "Ada").await;
    agency.owner().post(&format!("{accepted}/accept"), json!({})).await.expect(200);
    let database = platform.database().superuser().await;
    let sql = format!(
        "UPDATE {}.listings SET mandate_until = '2020-12-31' WHERE id IN ('{over}', '{held}', '{}', '{bound}')",
        agency.tenant().schema(),
        draft.id()
    );
    database.batch_execute(&sql).await.unwrap();

    platform.run_job("real-estate/expire-listings").await;
    let status = async |id: &str| field(&agency, &format!("/real-estate/listings/{id}"), "status").await;
    assert_eq!((&*status(&over).await, &*status(&held).await), ("expired", "expired"));
    assert_eq!((&*status(&stays).await, &*status(&endless).await), ("active", "active"));
    assert_eq!((&*status(draft.id()).await, &*status(&bound).await), ("incomplete", "active_under_contract"));
    let steps = agency.owner().get(&format!("/real-estate/listings/{over}/status-changes")).await.expect(200);
    let last = &steps.items()[0];
    assert_eq!((&last["from_status"], &last["to_status"]), (&json!("active"), &json!("expired")));
    assert_eq!((&last["changed_by"], &last["reason"]), (&json!(null), &json!("The mandate is over.")));
    step(&agency, &over, "active").await.problem(409, "not_ready");

    // Falling through does not bring back what has no mandate.
    agency.owner().post(&format!("{accepted}/fall-through"), json!({})).await.expect(200);
    assert_eq!(status(&bound).await, "expired");
}
