//! `/api/v1/real-estate/progressions`

mod chain;
mod crud;
mod end;
mod parties;

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestOrganization};

use crate::market::{active, offer, vendor};

/// The id of an offer that is accepted.
async fn accepted(agency: &TestOrganization) -> String {
    let on = active(agency, json!({})).await;
    vendor(agency, &on).await;
    let offer = offer(agency, &on, "Ada").await;
    agency.owner().post(&format!("{offer}/accept"), json!({})).await.expect(200).id().to_owned()
}

/// A progression that has just begun.
pub async fn progression(agency: &TestOrganization) -> Reply {
    let body = json!({ "offer_id": accepted(agency).await });
    agency.owner().post("/real-estate/progressions", body).await.expect(201)
}

/// Takes a progression a step on.
pub async fn step(agency: &TestOrganization, way: &Reply, verb: &str) -> Reply {
    agency.owner().post(&format!("{}/{verb}", way.header("location")), json!({})).await
}

/// Says something of a milestone.
pub async fn milestone(agency: &TestOrganization, way: &Reply, name: &str, say: Value) -> Reply {
    agency.owner().put_json(&format!("{}/milestones/{name}", way.header("location")), say).await
}
