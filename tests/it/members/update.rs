//! `PATCH /api/v1/members/{user_id}`

use serde_json::json;
use tenantry_core::permission::Role;

use super::path;
use crate::platform;

const VERSION: &str = "\"1\"";

/// A new role holds from the next request on: the old token is refused.
#[tokio::test]
async fn a_new_role_holds_at_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    member.get("/contacts").await.expect(200);
    let path = path(&member).await;
    let changed = acme.owner().patch(&path, VERSION, json!({ "role": "viewer" })).await.expect(200);
    assert_eq!((changed.body["role"].as_str(), changed.header("etag")), (Some("viewer"), "\"2\""));
    member.get("/contacts").await.problem(401, "unauthenticated");
    acme.owner().patch(&path, VERSION, json!({ "role": "admin" })).await.problem(412, "stale_version");
}

/// Nobody gives or takes more than they have, nor to themselves.
#[tokio::test]
async fn nobody_gives_more_than_they_have() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, admin, viewer) = (acme.owner(), acme.admin().await, acme.viewer().await);
    for (target, role) in [(&viewer, "owner"), (&admin, "owner"), (owner, "viewer")] {
        let refused = admin.patch(&path(target).await, VERSION, json!({ "role": role })).await;
        refused.problem(403, "role_above_own");
    }
    viewer.patch(&path(&viewer).await, VERSION, json!({ "role": "admin" })).await.problem(403, "forbidden");
    admin.patch(&path(&viewer).await, VERSION, json!({ "role": "admin" })).await.expect(200);
    // Down is allowed.
    admin.patch(&path(&admin).await, VERSION, json!({ "role": "viewer" })).await.expect(200);
    admin.get("/contacts").await.expect(401);
}

/// A custom role gives as much as it lists: with members.write one can pass on what one has, and no more.
#[tokio::test]
async fn a_custom_role_passes_on_what_it_has() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let clerk = acme.with_permissions(&["members.write", "members.read", "contacts.read"]).await;
    let small = json!({ "name": "small", "permissions": ["contacts.read"] });
    let large = json!({ "name": "large", "permissions": ["contacts.read", "contacts.write"] });
    let small = acme.owner().post("/roles", small).await.expect(201);
    let large = acme.owner().post("/roles", large).await.expect(201);
    let target = acme.with_permissions(&["contacts.read"]).await;
    let path = path(&target).await;
    let role = |id: &str| json!({ "role": format!("custom:{id}") });
    clerk.patch(&path, VERSION, role(large.id())).await.problem(403, "role_above_own");
    clerk.patch(&path, VERSION, json!({ "role": "viewer" })).await.problem(403, "role_above_own");
    clerk.patch(&path, VERSION, role(small.id())).await.expect(200);
    let missing = clerk.patch(&path, "\"2\"", role(&uuid::Uuid::new_v4().to_string())).await.problem(404, "not_found");
    assert_eq!(missing.pointers(), ["/role"]);
}

/// A role of another organization is like one that never existed.
#[tokio::test]
async fn a_foreign_role_does_not_exist() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let foreign = other.owner().post("/roles", json!({ "name": "x", "permissions": [] })).await.expect(201);
    let path = path(&acme.viewer().await).await;
    let mut answers = Vec::new();
    for id in [foreign.id(), &uuid::Uuid::new_v4().to_string()] {
        answers.push(acme.owner().patch(&path, VERSION, json!({ "role": format!("custom:{id}") })).await.expect(404));
    }
    assert_eq!(answers[0].text, answers[1].text);
}

/// The last owner stays one; with a second one the first may go.
#[tokio::test]
async fn the_last_owner_stays() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let path = path(acme.owner()).await;
    acme.owner().patch(&path, VERSION, json!({ "role": "admin" })).await.problem(409, "last_owner");
    acme.owner().get("/contacts").await.expect(200);
    acme.person(Role::Owner).await;
    acme.owner().patch(&path, VERSION, json!({ "role": "admin" })).await.expect(200);
}

/// What is no role is pointed at.
#[tokio::test]
async fn what_is_no_role_is_pointed_at() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let path = path(&acme.viewer().await).await;
    for body in [json!({ "role": "root" }), json!({ "role": 1 }), json!({}), json!({ "role": "custom:x" })] {
        let refused = acme.owner().patch(&path, VERSION, body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), ["/role"]);
    }
    let more = json!({ "role": "viewer", "tenant_id": "x" });
    assert_eq!(acme.owner().patch(&path, VERSION, more).await.problem(422, "invalid").pointers(), ["/tenant_id"]);
}
