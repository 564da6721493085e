//! `/api/v1/teams`

mod lifetime;
mod members;

use serde_json::json;
use tenantry_core::testing::{TestClient, TestOrganization};

use crate::members::user;

/// A team of these people; the path of it.
pub async fn team(acme: &TestOrganization, name: &str, people: &[&TestClient]) -> String {
    let made = acme.owner().post("/teams", json!({ "name": name })).await.expect(201);
    for person in people {
        let seat = format!("{}/members/{}", made.header("location"), user(person).await);
        acme.owner().put(&seat).await.expect(204);
    }
    made.header("location").to_owned()
}
