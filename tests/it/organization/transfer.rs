//! `POST /api/v1/organization/transfer`

use serde_json::json;

use crate::members::user;
use crate::platform;

/// The member becomes an owner, the former owner an admin, both with their next token.
#[tokio::test]
async fn an_organization_changes_hands() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let to = json!({ "user_id": user(&member).await });
    let owner = acme.owner().post("/organization/transfer", to).await.expect(200);
    assert_eq!(owner.body["role"], "owner");
    acme.owner().get("/contacts").await.problem(401, "unauthenticated");
    member.get("/contacts").await.problem(401, "unauthenticated");
    let former = acme.sign_in(None).await;
    let members = former.get("/members").await.expect(200);
    assert_eq!(members.column("role"), ["admin", "owner"]);
    former.delete("/organization?name=Acme").await.problem(403, "forbidden");
}

/// Only owners give it away, and only to a member who is somebody else.
#[tokio::test]
async fn only_an_owner_and_only_to_a_member() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let admin = acme.admin().await;
    let to = |id: String| json!({ "user_id": id });
    admin.post("/organization/transfer", to(user(&admin).await)).await.problem(403, "forbidden");
    let own = acme.owner().post("/organization/transfer", to(user(acme.owner()).await)).await;
    assert_eq!(own.problem(422, "invalid").pointers(), ["/user_id"]);
    let foreign = acme.owner().post("/organization/transfer", to(user(other.owner()).await)).await;
    let missing = acme.owner().post("/organization/transfer", to(uuid::Uuid::new_v4().to_string())).await;
    assert_eq!(foreign.problem(404, "not_found").text, missing.problem(404, "not_found").text);
}
