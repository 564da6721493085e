//! `GET /api/v1/real-estate/properties/{id}`

use serde_json::json;
use uuid::Uuid;

use super::house;
use crate::agency;

/// Everybody sees a property; an id of another kind of record, or of none, is the same 404.
#[tokio::test]
async fn a_viewer_sees_a_property() {
    let (_platform, agency) = agency().await;
    let made = agency.owner().post("/real-estate/properties", house()).await.expect(201);
    let viewer = agency.viewer().await;
    let read = viewer.get(made.header("location")).await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&made.body, "\"1\""));

    let contact = agency.owner().post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let other_kind = viewer.get(&format!("/real-estate/properties/{}", contact.id())).await.problem(404, "not_found");
    for id in [Uuid::new_v4().to_string(), "1".to_owned()] {
        assert_eq!(viewer.get(&format!("/real-estate/properties/{id}")).await.expect(404).text, other_kind.text);
    }
}
