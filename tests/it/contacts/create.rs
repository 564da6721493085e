//! `POST /api/v1/contacts`

use serde_json::json;

use crate::platform;

/// A member creates a contact, gets its address and version, and finds it there.
#[tokio::test]
async fn a_member_creates_a_contact() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;

    let made = member.post("/contacts", json!({ "first_name": "Ada", "email": "ada@example.com" })).await.expect(201);
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(made.body["first_name"], "Ada");
    assert_eq!(made.body["last_name"], json!(null));

    let read = member.get(made.header("location")).await.expect(200);
    assert_eq!(read.body, made.body);
}

/// A viewer may not, and nothing is stored.
#[tokio::test]
async fn a_viewer_does_not() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;

    let refused = acme.viewer().await.post("/contacts", json!({ "last_name": "X" })).await.expect(403);
    assert_eq!(refused.code(), "forbidden");
    assert_eq!(acme.owner().get("/contacts").await.expect(200).body["items"], json!([]));
}
