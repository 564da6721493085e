//! `POST /api/v1/authz/explain`

use serde_json::{Value, json};

use crate::members::user;
use crate::platform;

/// It says what happens, and why.
#[tokio::test]
async fn it_says_what_happens_and_why() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (viewer, clerk) = (acme.viewer().await, acme.with_permissions(&["contacts.write"]).await);
    for (client, action, reason, allowed) in [
        (None, "contacts.write", "role", true),
        (None, "organization_delete", "role", true),
        (None, "patients.read", "module_disabled", false),
        (None, "users_me", "signed_in", true),
        (None, "auth_login", "open", true),
        (Some(&viewer), "contacts_create", "role_too_low", false),
        (Some(&viewer), "contacts_list", "role", true),
        (Some(&clerk), "contacts_create", "custom_role", true),
        (Some(&clerk), "contacts_list", "not_in_custom_role", false),
        (Some(&clerk), "organization_delete", "owners_only", false),
    ] {
        let user = match client {
            Some(client) => json!(user(client).await),
            None => Value::Null,
        };
        let question = json!({ "action": action, "user_id": user });
        let answer = acme.owner().post("/authz/explain", question).await.expect(200).body;
        assert_eq!((&answer["reason"], &answer["allowed"]), (&json!(reason), &json!(allowed)), "{action}: {answer}");
    }
}

/// What does not exist is pointed at; a person of another organization is like nobody.
#[tokio::test]
async fn what_does_not_exist_is_pointed_at() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let refused = acme.owner().post("/authz/explain", json!({ "action": "zebra" })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/action"]);
    let of = |id: String| json!({ "action": "contacts.read", "user_id": id });
    let foreign = acme.owner().post("/authz/explain", of(user(other.owner()).await)).await.expect(404);
    let missing = acme.owner().post("/authz/explain", of(uuid::Uuid::new_v4().to_string())).await.expect(404);
    assert_eq!(foreign.text, missing.text);
}
