//! Making, changing and deleting roles

use serde_json::json;

use crate::members::path;
use crate::platform;

/// A role is made, shown, listed, changed and deleted.
#[tokio::test]
async fn a_role_lives_and_goes() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let new = json!({ "name": "Clerk", "permissions": ["contacts.write", "contacts.read", "contacts.read"] });
    let made = acme.owner().post("/roles", new).await.expect(201);
    assert_eq!(made.body["permissions"], json!(["contacts.read", "contacts.write"]));
    assert_eq!(acme.viewer().await.get(made.header("location")).await.expect(200).body, made.body);
    assert_eq!(acme.owner().get("/roles").await.expect(200).column("name"), ["Clerk"]);

    let patch = json!({ "permissions": ["contacts.read"] });
    let path = made.header("location");
    let changed = acme.owner().patch(path, made.header("etag"), patch).await.expect(200);
    assert_eq!((&changed.body["name"], &changed.body["permissions"]), (&json!("Clerk"), &json!(["contacts.read"])));
    acme.owner().patch(path, made.header("etag"), json!({ "name": "X" })).await.problem(412, "stale_version");
    acme.owner().delete(path).await.expect(204);
    acme.owner().get(path).await.problem(404, "not_found");
}

/// Nobody makes, changes or deletes a role that allows more than their own; what owners keep nobody gets.
#[tokio::test]
async fn a_role_is_never_more_than_its_maker() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let maker = acme.with_permissions(&["roles.write", "contacts.read"]).await;
    let new = |permission: &str| json!({ "name": format!("r {permission}"), "permissions": [permission] });
    maker.post("/roles", new("contacts.read")).await.expect(201);
    let refused = maker.post("/roles", new("contacts.write")).await.problem(403, "role_above_own");
    assert_eq!(refused.pointers(), ["/permissions/0"]);
    for wrong in ["organization.delete", "zebra", "patients.read"] {
        let refused = acme.owner().post("/roles", new(wrong)).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), ["/permissions/0"], "{wrong}");
    }
    let larger = acme.owner().post("/roles", new("contacts.write")).await.expect(201);
    let path = larger.header("location");
    maker.patch(path, "\"1\"", json!({ "permissions": [] })).await.problem(403, "role_above_own");
    maker.delete(path).await.problem(403, "role_above_own");
    acme.member().await.post("/roles", new("contacts.read")).await.problem(403, "forbidden");
}

/// A name is one role's, and a role that somebody has cannot go.
#[tokio::test]
async fn names_are_unique_and_roles_in_use_stay() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let new = json!({ "name": "Clerk", "permissions": [] });
    let made = acme.owner().post("/roles", new.clone()).await.expect(201);
    let taken = acme.owner().post("/roles", json!({ "name": "CLERK", "permissions": [] })).await;
    assert_eq!(taken.problem(409, "name_taken").pointers(), ["/name"]);
    other.owner().post("/roles", new).await.expect(201);

    let member = path(&acme.member().await).await;
    let role = json!({ "role": format!("custom:{}", made.id()) });
    acme.owner().patch(&member, "\"1\"", role).await.expect(200);
    acme.owner().delete(made.header("location")).await.problem(409, "role_in_use");
    acme.owner().patch(&member, "\"2\"", json!({ "role": "viewer" })).await.expect(200);
    acme.owner().delete(made.header("location")).await.expect(204);
}

/// What can be granted is listed, by what the organization has enabled.
#[tokio::test]
async fn what_can_be_granted_is_listed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let before = acme.owner().get("/permissions").await.expect(200);
    assert!(before.column("name").contains(&"contacts.read"));
    assert!(!before.column("name").contains(&"patients.read"));
    acme.enable("clinic").await;
    let after = acme.owner().get("/permissions").await.expect(200);
    assert!(after.column("name").contains(&"patients.read"));
    let delete = after.items().iter().find(|item| item["name"] == "organization.delete").unwrap();
    assert_eq!((&delete["role"], &delete["grantable"]), (&json!("owner"), &json!(false)));
}
