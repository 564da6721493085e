//! `/api/v1/companies`

mod assign;
mod contacts;
mod create;
mod delete;
mod duplicates;
mod list;
mod scope;
mod undo;
mod update;
mod validation;

use serde_json::json;
use tenantry_core::testing::TestClient;

/// Makes a company, and gives its path.
pub async fn company(by: &TestClient, name: &str) -> String {
    let made = by.post("/companies", json!({ "name": name })).await.expect(201);
    format!("/companies/{}", made.id())
}

/// The id at the end of a path.
pub fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}
