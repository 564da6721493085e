//! `/api/v1/invitations`

mod accept;
mod create;
mod senders;

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestOrganization, TestPlatform};

pub const PASSWORD: &str = "correct horse battery staple";

/// Invites one address and gives the letter's token.
pub async fn invite(platform: &TestPlatform, organization: &TestOrganization, email: &str, role: &str) -> String {
    let body = json!({ "emails": [email], "role": role });
    organization.owner().post("/invitations", body).await.expect(201);
    platform.token_to(email).await
}

/// Accepts as somebody new.
pub async fn accept(platform: &TestPlatform, token: &str) -> Reply {
    let body = json!({ "token": token, "name": "Newcomer", "password": PASSWORD });
    platform.anonymous().post("/invitations/accept", body).await
}

/// What a list says of each invitation.
pub fn statuses(list: &Reply) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.items().iter().map(|item| (text(&item["email"]), text(&item["status"]))).collect()
}
