//! `/api/v1/real-estate/open-houses`

mod crud;
mod visitors;

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestOrganization};

use crate::viewings::{at, id_of};

/// The body of an open house for three, shown by the owner.
pub async fn body(agency: &TestOrganization, listing: &str, from: &str, until: &str) -> Value {
    json!({
        "listing_id": listing, "agent_id": id_of(agency.owner()).await, "starts_at": at(from), "ends_at": at(until),
        "capacity": 3,
    })
}

/// Plans an open house for three.
pub async fn house(agency: &TestOrganization, listing: &str, from: &str, until: &str) -> Reply {
    agency.owner().post("/real-estate/open-houses", body(agency, listing, from, until).await).await
}

/// Expects somebody at an open house.
pub async fn visit(agency: &TestOrganization, house: &Reply, contact: &str) -> Reply {
    agency.owner().post(&format!("{}/visitors", house.header("location")), json!({ "contact_id": contact })).await
}
