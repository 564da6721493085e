//! `PUT /api/v1/companies/{id}/owner`

use reqwest::Method;
use serde_json::json;

use super::company;
use crate::members::user;
use crate::platform;

/// A company goes to a present member and to nobody else, on the version that was read, by who may give it.
#[tokio::test]
async fn a_company_goes_to_a_present_member() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let path = format!("{}/owner", company(acme.owner(), "Mill").await);
    let anna = acme.member().await;
    let put = async |client: &tenantry_core::testing::TestClient, etag: &str, id: &str| {
        let request = client.request(Method::PUT, &path).header("if-match", etag).json(&json!({ "user_id": id }));
        client.send(request).await
    };
    let hers = user(&anna).await;
    put(&anna, "\"1\"", &hers).await.problem(403, "forbidden");
    let given = put(acme.owner(), "\"1\"", &hers).await.expect(200);
    assert_eq!((&given.body["owner_id"], given.header("etag")), (&json!(hers), "\"2\""));
    put(acme.owner(), "\"1\"", &hers).await.problem(412, "stale_version");
    let foreign = put(acme.owner(), "\"2\"", &user(other.owner()).await).await;
    assert_eq!(foreign.problem(404, "not_found").pointers(), ["/user_id"]);
}
