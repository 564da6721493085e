//! `/api/v1/real-estate/tenancies`

mod charges;
mod crud;
mod days;
mod tenants;

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient};
use tenantry_core::value::Date;

/// A draft of a tenancy of a property, with other values than usual.
async fn tenancy(client: &TestClient, property: &str, changes: Value) -> Reply {
    let mut body = json!({
        "property_id": property, "starts_on": "2026-03-01", "ends_on": "2027-02-28", "rent": "1150.00", "currency": "EUR",
        "rent_period": "month", "deposit": "3450.00",
    });
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    client.post("/real-estate/tenancies", body).await.expect(201)
}

/// Takes a tenancy a step on.
async fn step(client: &TestClient, tenancy: &Reply, verb: &str, body: Value) -> Reply {
    client.post(&format!("{}/{verb}", tenancy.header("location")), body).await
}

/// The day so many days from today.
fn day(days: i64) -> String {
    let day = time::Date::from(Date::today()) + time::Duration::days(days);
    Date::try_from(day).unwrap().to_string()
}
