//! `/api/v1/views`

use serde_json::json;

use crate::platform;

/// One's own are nobody else's; shared ones are everybody's to see, and their maker's or an admin's to change.
#[tokio::test]
async fn a_view_is_ones_own_or_everybodys() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (anna, ben) = (acme.member().await, acme.member().await);
    let query = "filter[company]=Engines%20%26%20Co&sort=-created_at";
    let body = |name: &str, shared| json!({ "resource": "contacts", "name": name, "query": query, "shared": shared });
    let own = anna.post("/views", body("Mine", false)).await.expect(201);
    let shared = anna.post("/views", body("Ours", true)).await.expect(201);
    let (own, shared) = (own.header("location"), shared.header("location"));

    assert_eq!(anna.get("/views").await.expect(200).column("name"), ["Mine", "Ours"]);
    let seen = ben.get("/views?filter[resource]=contacts").await.expect(200);
    assert_eq!(seen.column("name"), ["Ours"]);
    anna.get(&format!("/contacts?{}", seen.column("query")[0])).await.expect(200);
    assert!(ben.get("/views?filter[resource]=deals").await.expect(200).items().is_empty());
    ben.get(own).await.problem(404, "not_found");
    ben.patch(own, "\"1\"", json!({ "name": "His" })).await.problem(404, "not_found");
    ben.patch(shared, "\"1\"", json!({ "name": "His" })).await.problem(403, "forbidden");
    ben.delete(shared).await.problem(403, "forbidden");
    let changed = acme.admin().await.patch(shared, "\"1\"", json!({ "name": "All of us" })).await.expect(200);
    assert_eq!(changed.body["name"], "All of us");
    anna.patch(shared, "\"1\"", json!({ "name": "Stale" })).await.problem(412, "stale_version");
    anna.delete(own).await.expect(204);
    acme.owner().get(own).await.problem(404, "not_found");
}

/// What the list would refuse is refused when it is saved, in the same words.
#[tokio::test]
async fn a_query_is_one_of_its_list() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for (resource, query, pointer) in [
        ("zebras", "", "/resource"),
        ("contacts", "filter[zebra]=1", "/query"),
        ("contacts", "filter[email][like]=1", "/query"),
        ("contacts", "sort=zebra", "/query"),
        ("contacts", "limit=7", "/query"),
        ("contacts", "q=%00", "/query"),
        ("contacts", &"q=x&".repeat(600), "/query"),
    ] {
        let body = json!({ "resource": resource, "name": "View", "query": query });
        assert_eq!(acme.owner().post("/views", body).await.problem(422, "invalid").pointers(), [pointer], "{query}");
    }
    let body = json!({ "resource": "contacts", "name": "All", "query": "" });
    let made = acme.owner().post("/views", body).await.expect(201);
    let change = json!({ "query": "sort=zebra" });
    acme.owner().patch(made.header("location"), "\"1\"", change).await.problem(422, "invalid");
}
