//! `PATCH /api/v1/companies/{id}`

use serde_json::json;

use crate::platform;

/// What is given changes, null clears, a list replaces the one before, the rest stays.
#[tokio::test]
async fn a_member_changes_a_company() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let body = json!({ "name": "Old", "industry": "Joinery", "tags": ["a", "b"], "addresses": [{ "city": "Wien" }] });
    let made = member.post("/companies", body).await.expect(201);
    let path = made.header("location");
    let change = json!({ "name": "New", "industry": null, "tags": ["c"] });
    let changed = member.patch(path, "\"1\"", change.clone()).await.expect(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!((&changed.body["name"], &changed.body["industry"]), (&json!("New"), &json!(null)));
    assert_eq!((&changed.body["tags"], &changed.body["addresses"]), (&json!(["c"]), &made.body["addresses"]));
    member.patch(path, "\"1\"", json!({ "name": "X" })).await.problem(412, "stale_version");
    // What changes nothing leaves the version.
    let same = member.patch(path, "\"2\"", change).await.expect(200);
    assert_eq!((same.header("etag"), &same.body), ("\"2\"", &changed.body));
    for wrong in [json!({ "name": null }), json!({ "tags": null }), json!({ "addresses": null })] {
        member.patch(path, "\"2\"", wrong).await.problem(422, "invalid");
    }
    acme.viewer().await.patch(path, "\"2\"", json!({ "name": "X" })).await.problem(403, "forbidden");
    assert_eq!(member.get(path).await.expect(200).body, changed.body);
}
