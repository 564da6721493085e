//! `/api/v1/tasks`

mod assign;
mod life;
mod links;
mod list;
mod reminders;

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient};

/// Makes a task with these fields beside its title.
async fn task(client: &TestClient, title: &str, mut fields: Value) -> Reply {
    fields["title"] = json!(title);
    client.post("/tasks", fields).await.expect(201)
}
