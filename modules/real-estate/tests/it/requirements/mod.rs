//! `/api/v1/real-estate/requirements`

mod crud;
mod matches;

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestOrganization};

use crate::market::with;

/// What a contact looks for: a house or a flat in Köln, up to 350,000 EUR, four rooms, 100 square metres.
async fn requirement(agency: &TestOrganization, contact: &str, changes: Value) -> Reply {
    let body = json!({
        "contact_id": contact, "title": "A home in Köln", "kind": "sale", "price_min": "100000.00",
        "price_max": "350000.00", "currency": "EUR", "rooms_min": 4, "size_min": 100,
        "types": ["house", "apartment"], "areas": ["köln", "53"],
    });
    agency.owner().post("/real-estate/requirements", with(body, changes)).await
}
