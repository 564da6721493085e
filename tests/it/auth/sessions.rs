//! An access token is worth what its session is worth when it is used.

use serde_json::json;

use crate::platform;

/// When a session ends, its token is refused at the next request, everywhere.
#[tokio::test]
async fn a_token_ends_with_its_session() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (member, database) = (acme.member().await, platform.database().superuser().await);
    member.get("/contacts").await.expect(200);

    let end = "UPDATE platform.sessions SET ended_at = now() WHERE user_id IN
        (SELECT user_id FROM platform.memberships WHERE role = 'member')";
    assert_eq!(database.execute(end, &[]).await.unwrap(), 1);
    for path in ["/contacts", "/users/me", "/organization", "/modules"] {
        member.get(path).await.problem(401, "unauthenticated");
    }
    member.post("/contacts", json!({ "last_name": "X" })).await.problem(401, "unauthenticated");
    assert!(acme.owner().get("/contacts").await.expect(200).items().is_empty());
}

/// Whoever is demoted or removed loses the old role at the next request.
#[tokio::test]
async fn a_token_ends_with_its_role() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (admin, member) = (acme.admin().await, acme.member().await);
    let database = platform.database().superuser().await;
    let demote = "UPDATE platform.memberships SET role = 'viewer' WHERE role = 'admin'";
    database.execute(demote, &[]).await.unwrap();
    admin.put("/modules/clinic").await.problem(401, "unauthenticated");
    database.execute("DELETE FROM platform.memberships WHERE role = 'member'", &[]).await.unwrap();
    member.get("/contacts").await.problem(401, "unauthenticated");
}

/// In a suspended organization nothing goes, and the problem says so; afterwards everything goes again.
#[tokio::test]
async fn a_suspended_organization_is_closed() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let database = platform.database().superuser().await;
    let set = "UPDATE platform.tenants SET status = $1 WHERE slug = $2";
    database.execute(set, &[&"suspended", &acme.slug()]).await.unwrap();
    for path in ["/contacts", "/organization", "/modules"] {
        acme.owner().get(path).await.problem(403, "organization_inactive");
    }
    acme.owner().post("/contacts", json!({ "last_name": "X" })).await.problem(403, "organization_inactive");
    other.owner().get("/contacts").await.expect(200);

    database.execute(set, &[&"active", &acme.slug()]).await.unwrap();
    assert!(acme.owner().get("/contacts").await.expect(200).items().is_empty());
}
