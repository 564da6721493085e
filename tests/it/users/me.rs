//! `GET /api/v1/users/me`

use tenantry_core::permission::Role;

use crate::platform;

/// Everybody who is signed in sees who that is, and nobody else.
#[tokio::test]
async fn everybody_sees_who_is_signed_in() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner().get("/users/me").await.expect(200);
    assert_eq!(owner.body["name"], "Owner of Acme");
    assert!(owner.body["email"].as_str().unwrap().starts_with("owner-"));
    assert_eq!(owner.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "email", "name"]);
    for role in Role::ALL {
        let me = acme.person(role).await.get("/users/me").await.expect(200);
        assert!(me.body["email"].as_str().unwrap().starts_with(role.as_str()), "{}", me.text);
        assert_ne!(me.id(), owner.id());
    }
    platform.anonymous().get("/users/me").await.problem(401, "unauthenticated");
}
