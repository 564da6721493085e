//! `/api/v1/pipelines`

mod board;
mod crud;
mod default;
mod forecast;
mod order;
mod own_fields;
mod plans;
mod races;
mod stages;

use serde_json::{Value, json};
use tenantry_core::testing::TestClient;

/// The pipeline that every organization is born with.
pub async fn sales(client: &TestClient) -> String {
    let list = client.get("/pipelines").await.expect(200);
    list.items()[0]["id"].as_str().unwrap().to_owned()
}

/// The stages of a pipeline, from left to right.
pub async fn stages(client: &TestClient, pipeline: &str) -> Vec<Value> {
    client.get(&format!("/pipelines/{pipeline}/stages")).await.expect(200).items().to_vec()
}

/// The id of a stage of the first pipeline.
pub async fn stage(client: &TestClient, name: &str) -> String {
    let stages = stages(client, &sales(client).await).await;
    let found = stages.iter().find(|stage| stage["name"] == name).unwrap_or_else(|| panic!("no stage {name}"));
    found["id"].as_str().unwrap().to_owned()
}

/// Makes a stage, and gives its path and id.
pub async fn new_stage(client: &TestClient, pipeline: &str, name: &str, kind: &str) -> (String, String) {
    let made = client.post(&format!("/pipelines/{pipeline}/stages"), json!({ "name": name, "kind": kind })).await;
    let made = made.expect(201);
    (made.header("location").to_owned(), made.id().to_owned())
}

/// Makes a deal, and gives its path and id.
pub async fn deal(client: &TestClient, body: Value) -> (String, String) {
    let made = client.post("/deals", body).await.expect(201);
    (made.header("location").to_owned(), made.id().to_owned())
}
