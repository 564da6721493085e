//! `POST /api/v1/{contacts,companies,deals,tasks,projects}/bulk`

mod contacts;
mod custom;
mod deals;
mod links;

use serde_json::Value;

/// What became of rows.
pub fn statuses(results: &Value) -> Vec<u64> {
    results.as_array().unwrap().iter().map(|result| result["status"].as_u64().unwrap()).collect()
}
