//! `POST /api/v1/contacts`

use serde_json::json;

use crate::platform;

/// A member creates a contact, gets its address and version, and finds it there.
#[tokio::test]
async fn a_member_creates_a_contact() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;

    let body = json!({
        "first_name": "Ada", "last_name": "Lovelace", "email": "Ada@Example.com", "phone": "+442079460000",
        "company": "Analytical Engines", "notes": "Likes\nnumbers.",
    });
    let made = member.post("/contacts", body.clone()).await.expect(201);
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(made.header("location"), format!("/api/v1/contacts/{}", made.id()));
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(made.body[field], *value, "{field}");
    }
    assert_eq!(made.body["display_name"], "Lovelace Ada");
    assert_eq!(made.body["created_at"], made.body["updated_at"]);
    assert!(made.body["created_at"].as_str().unwrap().ends_with('Z'), "{}", made.text);
    assert_eq!(uuid::Uuid::parse_str(made.id()).unwrap().get_version_num(), 7);

    let read = member.get(made.header("location")).await.expect(200);
    assert_eq!(read.body, made.body);
}

/// One of the names is enough; what was left out is null.
#[tokio::test]
async fn one_name_is_enough() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for (given, other) in [("first_name", "last_name"), ("last_name", "first_name")] {
        let mut body = json!({});
        body[given] = json!("Ada");
        let made = acme.owner().post("/contacts", body).await.expect(201);
        assert_eq!((&made.body[given], &made.body[other]), (&json!("Ada"), &json!(null)));
        assert_eq!(made.body["display_name"], "Ada");
        assert_eq!(made.body["email"], json!(null));
    }
}

/// A viewer may not, and nothing is stored.
#[tokio::test]
async fn a_viewer_does_not() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;

    let refused = acme.viewer().await.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "forbidden");
    assert!(refused.body["detail"].as_str().unwrap().contains("contacts.write"), "{}", refused.text);
    assert_eq!(acme.owner().get("/contacts").await.expect(200).body["items"], json!([]));
}

/// Nobody who is not signed in may, and is told how to sign in.
#[tokio::test]
async fn a_stranger_does_not() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;

    let refused = platform.anonymous().post("/contacts", json!({ "last_name": "X" })).await;
    assert_eq!(refused.problem(401, "unauthenticated").header("www-authenticate"), "Bearer");
    assert!(acme.owner().get("/contacts").await.expect(200).items().is_empty());
}
