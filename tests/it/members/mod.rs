//! `/api/v1/members`

mod delete;
mod list;
mod races;
mod update;

use tenantry_core::testing::TestClient;

/// The id of the person behind a client.
pub async fn user(client: &TestClient) -> String {
    client.get("/users/me").await.expect(200).id().to_owned()
}

/// The path of the membership behind a client.
pub async fn path(client: &TestClient) -> String {
    format!("/members/{}", user(client).await)
}
