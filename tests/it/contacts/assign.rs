//! `PUT /api/v1/contacts/{id}/owner`

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use crate::members::user;
use crate::platform;

/// A contact goes to a present member and to nobody else, on the version that was read.
#[tokio::test]
async fn a_contact_goes_to_a_present_member() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let made = acme.owner().post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let path = format!("{}/owner", made.header("location"));
    let to = |id: &str| json!({ "user_id": id });
    let anna = user(&acme.member().await).await;
    let given = acme.owner().request(reqwest::Method::PUT, &path).header("if-match", "\"1\"").json(&to(&anna));
    let given = acme.owner().send(given).await.expect(200);
    assert_eq!((&given.body["owner_id"], given.header("etag")), (&json!(anna), "\"2\""));

    let put = async |etag: &str, id: &str| {
        let request = acme.owner().request(reqwest::Method::PUT, &path).header("if-match", etag).json(&to(id));
        acme.owner().send(request).await
    };
    put("\"1\"", &anna).await.problem(412, "stale_version");
    let foreign = put("\"2\"", &user(other.owner()).await).await;
    let missing = put("\"2\"", &Uuid::new_v4().to_string()).await;
    assert_eq!(foreign.text, missing.text);
    assert_eq!(foreign.problem(404, "not_found").pointers(), ["/user_id"]);
    acme.owner().delete(&format!("/members/{anna}")).await.expect(204);
    put("\"2\"", &anna).await.problem(404, "not_found");
}

/// It takes a permission of its own, and reaches as far as the role.
#[tokio::test]
async fn it_takes_a_permission_and_reaches_as_far_as_the_role() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let all = ["contacts.read", "contacts.write", "contacts.assign"];
    let (anna, ben) = (acme.with_scope(&all, RecordScope::Own).await, acme.member().await);
    let to = json!({ "user_id": user(&ben).await });
    let put = async |client: &tenantry_core::testing::TestClient, path: &str| {
        let path = format!("{path}/owner");
        client.send(client.request(reqwest::Method::PUT, &path).header("if-match", "\"1\"").json(&to)).await
    };
    let hers = anna.post("/contacts", json!({ "last_name": "A" })).await.expect(201);
    let theirs = acme.owner().post("/contacts", json!({ "last_name": "B" })).await.expect(201);
    put(&ben, hers.header("location")).await.problem(403, "forbidden");
    put(&anna, theirs.header("location")).await.problem(404, "not_found");
    put(&anna, hers.header("location")).await.expect(200);
    anna.get(hers.header("location")).await.problem(404, "not_found");
}

/// An ordinary write does not say whose a contact is.
#[tokio::test]
async fn a_body_does_not_name_the_owner() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let ben = user(&acme.member().await).await;
    let new = json!({ "last_name": "X", "owner_id": ben });
    acme.owner().post("/contacts", new.clone()).await.problem(422, "invalid");
    let made = acme.owner().post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    acme.owner().patch(made.header("location"), "\"1\"", json!({ "owner_id": ben })).await.problem(422, "invalid");
    assert_eq!(acme.owner().get(made.header("location")).await.expect(200).body, made.body);
}
