//! Making, showing, changing and deleting teams

use serde_json::json;

use crate::platform;

/// A team is made, shown, listed, changed and deleted.
#[tokio::test]
async fn a_team_lives_and_goes() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/teams", json!({ "name": "Sales" })).await.expect(201);
    let path = made.header("location");
    let viewer = acme.viewer().await;
    assert_eq!(viewer.get(path).await.expect(200).body, made.body);
    assert_eq!(viewer.get("/teams").await.expect(200).column("name"), ["Sales"]);
    viewer.post("/teams", json!({ "name": "Mine" })).await.problem(403, "forbidden");
    let changed = acme.owner().patch(path, made.header("etag"), json!({ "name": "Service" })).await.expect(200);
    assert_eq!((&changed.body["name"], changed.header("etag")), (&json!("Service"), "\"2\""));
    acme.owner().patch(path, "\"1\"", json!({ "name": "X" })).await.problem(412, "stale_version");
    acme.owner().delete(path).await.expect(204);
    acme.owner().get(path).await.problem(404, "not_found");
}

/// A name is one team's, in each organization.
#[tokio::test]
async fn names_are_unique() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let new = |name: &str| json!({ "name": name });
    acme.owner().post("/teams", new("Sales")).await.expect(201);
    let service = acme.owner().post("/teams", new("Service")).await.expect(201);
    let taken = acme.owner().post("/teams", new("SALES")).await.problem(409, "name_taken");
    assert_eq!(taken.pointers(), ["/name"]);
    acme.owner().patch(service.header("location"), "\"1\"", new("sales")).await.problem(409, "name_taken");
    other.owner().post("/teams", new("Sales")).await.expect(201);
    for wrong in [json!({}), new(""), new(&"x".repeat(101)), json!({ "name": "X", "members": [] })] {
        acme.owner().post("/teams", wrong).await.problem(422, "invalid");
    }
}
