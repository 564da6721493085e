//! `DELETE /api/v1/members/{user_id}`, and leaving by `DELETE /api/v1/users/me/organizations/{id}`

use tenantry_core::permission::Role;

use super::path;
use crate::platform;

/// Who is removed is out with the next request.
#[tokio::test]
async fn who_is_removed_is_out_at_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (admin, member) = (acme.admin().await, acme.member().await);
    let path = path(&member).await;
    admin.delete(&path).await.expect(204);
    member.get("/contacts").await.problem(401, "unauthenticated");
    admin.delete(&path).await.problem(404, "not_found");
    assert_eq!(admin.get("/members").await.expect(200).column("role"), ["owner", "admin"]);
}

/// An admin removes no owner, a member nobody; the last owner stays.
#[tokio::test]
async fn nobody_removes_who_is_above() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = path(acme.owner()).await;
    acme.admin().await.delete(&owner).await.problem(403, "role_above_own");
    acme.member().await.delete(&owner).await.problem(403, "forbidden");
    acme.owner().delete(&owner).await.problem(409, "last_owner");
    acme.owner().get("/contacts").await.expect(200);
}

/// Anybody may leave, whatever the role allows; the last owner may not.
#[tokio::test]
async fn anybody_may_leave_but_the_last_owner() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let leave = format!("/users/me/organizations/{}", acme.tenant());
    for client in [acme.viewer().await, acme.with_permissions(&[]).await, acme.person(Role::Owner).await] {
        client.delete(&leave).await.expect(204);
        client.get("/users/me").await.problem(401, "unauthenticated");
    }
    acme.owner().delete(&leave).await.problem(409, "last_owner");
    let other = platform.organization("Other").await;
    other.owner().delete(&leave).await.problem(404, "not_found");
}
