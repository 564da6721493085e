//! `GET /api/v1/contacts/{id}`

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::platform;

/// Everybody in the organization sees a contact.
#[tokio::test]
async fn a_viewer_sees_a_contact() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let read = acme.viewer().await.get(made.header("location")).await.expect(200);
    assert_eq!((read.body, read.headers["etag"].to_str().unwrap()), (made.body, "\"1\""));
}

/// A missing record and what cannot be an id are the same 404.
#[tokio::test]
async fn what_is_not_there_is_404() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let random = acme.owner().get(&format!("/contacts/{}", Uuid::new_v4())).await.problem(404, "not_found");
    let no_id = [
        "1".to_owned(),
        "me".to_owned(),
        Uuid::new_v4().simple().to_string(),
        Uuid::new_v4().braced().to_string(),
        Uuid::new_v4().urn().to_string(),
    ];
    for id in no_id {
        let id = id.replace('{', "%7B").replace('}', "%7D");
        assert_eq!(acme.owner().get(&format!("/contacts/{id}")).await.expect(404).text, random.text, "{id}");
    }
}

/// A client that has the record gets 304 and no body, until the record changes.
#[tokio::test]
async fn an_etag_spares_the_body() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let path = made.header("location");
    let again = |etag: &'static str| owner.send(owner.request(Method::GET, path).header("if-none-match", etag));

    for etag in ["\"1\"", "W/\"1\"", "\"7\", \"1\"", "*"] {
        let unchanged = again(etag).await.expect(304);
        assert_eq!((unchanged.text.as_str(), unchanged.header("etag")), ("", "\"1\""));
    }
    owner.patch(path, "\"1\"", json!({ "first_name": "Ada" })).await.expect(200);
    assert_eq!(again("\"1\"").await.expect(200).header("etag"), "\"2\"");
}
