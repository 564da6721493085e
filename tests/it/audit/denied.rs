//! Tries that are denied.

use serde_json::{Value, json};

use crate::platform;

/// Who tries what their role does not allow leaves an entry, with what would have been needed.
#[tokio::test]
async fn a_denied_try_is_noted() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    viewer.post("/contacts", json!({ "last_name": "Lovelace" })).await.problem(403, "forbidden");

    let found = acme.owner().get("/audit?change=denied").await.expect(200).body["items"].clone();
    let [entry] = &found.as_array().expect("a list")[..] else { panic!("{found}") };
    assert_eq!(entry["operation"], "contacts_create");
    assert_eq!(entry["after"], json!({ "permission": "contacts.write" }));
    assert_eq!(entry["user_id"], viewer.get("/users/me").await.expect(200).body["id"]);
    assert_eq!(entry["record"], Value::Null);
}
