//! `POST /api/v1/api-keys`

use serde_json::{Value, json};

use super::key;
use crate::platform;

/// A key is shown once, and works; the list shows everything but the key.
#[tokio::test]
async fn a_key_is_shown_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (made, bearer) = key(&platform, acme.owner(), &["contacts.read", "contacts.write", "contacts.read"]).await;
    let text = made.body["key"].as_str().unwrap();
    assert!(text.starts_with("tnk_") && made.body["hint"].as_str().unwrap().ends_with(&text[text.len() - 4..]));
    assert_eq!(made.body["scopes"], json!(["contacts.read", "contacts.write"]));
    assert_eq!((&made.body["expires_at"], &made.body["last_used_at"]), (&Value::Null, &Value::Null));

    let contact = bearer.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    acme.owner().get(contact.header("location")).await.expect(200);
    assert_eq!(bearer.get("/contacts").await.expect(200).items().len(), 1);

    let shown = acme.owner().get(&format!("/api-keys/{}", made.id())).await.expect(200);
    assert!(!shown.text.contains(text) && shown.body.get("key").is_none());
    assert_eq!(shown.body["name"], "Website");
    let me = acme.owner().get("/users/me").await.expect(200);
    assert_eq!(shown.body["created_by"], me.body["id"]);
    assert!(!acme.owner().get("/api-keys").await.expect(200).text.contains(text));
}

/// A dump of the database holds neither the key nor its secret.
#[tokio::test]
async fn the_database_does_not_hold_a_key() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (made, _) = key(&platform, acme.owner(), &["contacts.read"]).await;
    let database = platform.database().superuser().await;
    let sql = "SELECT string_agg(k::text, '') || string_agg(s::text, '') FROM platform.api_keys k, platform.sessions s";
    let rows: String = database.query_one(sql, &[]).await.unwrap().get(0);
    let secret = &made.body["key"].as_str().unwrap()[30..50];
    assert!(!rows.contains(secret), "{rows}");
}

/// What cannot be a key is pointed at.
#[tokio::test]
async fn what_is_no_key_is_pointed_at() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let many = vec!["contacts.read"; 101];
    for (body, pointer) in [
        (json!({ "name": "", "scopes": ["contacts.read"] }), "/name"),
        (json!({ "name": "X", "scopes": [] }), "/scopes"),
        (json!({ "name": "X", "scopes": many }), "/scopes"),
        (json!({ "name": "X", "scopes": ["contacts.read", "zebra.read"] }), "/scopes/1"),
        (json!({ "name": "X", "scopes": ["api-keys.write"] }), "/scopes/0"),
        (json!({ "name": "X", "scopes": ["invitations.write"] }), "/scopes/0"),
        (json!({ "name": "X", "scopes": ["members.write"] }), "/scopes/0"),
        (json!({ "name": "X", "scopes": ["organization.write"] }), "/scopes/0"),
        (json!({ "name": "X", "scopes": ["roles.write"] }), "/scopes/0"),
        (json!({ "name": "X", "scopes": ["support.write"] }), "/scopes/0"),
        (json!({ "name": "X", "scopes": ["contacts.read"], "expires_at": "2020-01-01T00:00:00Z" }), "/expires_at"),
        (json!({ "name": "X", "scopes": ["contacts.read"], "expires_at": "2199-01-01T00:00:00Z" }), "/expires_at"),
        (json!({ "name": "X", "scopes": ["contacts.read"], "expires_at": "tomorrow" }), "/expires_at"),
        (json!({ "name": "X", "scopes": ["contacts.read"], "role": "owner" }), "/role"),
    ] {
        let refused = acme.owner().post("/api-keys", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
    }
    let member = acme.member().await;
    member.post("/api-keys", json!({ "name": "X", "scopes": ["contacts.read"] })).await.problem(403, "forbidden");
    assert_eq!(acme.owner().get("/api-keys").await.expect(200).items().len(), 0);
}
