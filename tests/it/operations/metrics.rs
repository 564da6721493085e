//! `GET /metrics`

use serde_json::json;

use crate::platform;

/// What is counted has no name of a person, an organization or a record on it: neither as a label nor as a value.
#[tokio::test]
async fn metrics_tell_of_nobody() {
    let platform = platform().await;
    let acme = platform.organization("Canary Ltd").await;
    let owner = acme.owner();
    let made =
        owner.post("/contacts", json!({ "last_name": "canary", "email": "canary@example.com" })).await.expect(201);
    owner.get(made.header("location")).await.expect(200);
    owner.get("/contacts?q=canary").await.expect(200);
    owner.get("/contacts?canary=1").await.expect(400);
    owner.get("/canary").await.expect(404);
    owner.get("/contacts/canary").await.expect(404);
    let method = reqwest::Method::from_bytes(b"CANARY").unwrap();
    owner.send(owner.request(method, "/contacts")).await.expect(405);

    let metrics = platform.anonymous().get("/metrics").await.expect(200);
    assert!(metrics.header("content-type").starts_with("text/plain"), "{}", metrics.header("content-type"));
    let text = &metrics.text;
    for counted in [
        "tenantry_http_request_seconds",
        "operation=\"contacts_create\"",
        "status=\"201\"",
        "tenantry_http_connections_open",
    ] {
        assert!(text.contains(counted), "{counted} is missing");
    }
    let (tenant, schema) = (acme.tenant().to_string(), acme.tenant().schema().to_string());
    for name in ["canary", "Canary", "CANARY", "@", acme.slug(), &tenant, &schema, made.id(), owner.token()] {
        assert!(!text.contains(name), "{name}");
    }
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let labels = line.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(labels, _)| labels);
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let name = label.split('=').next().unwrap();
            assert!(
                ["operation", "method", "status", "le", "topic", "outcome"].contains(&name),
                "the label {name} in {line}"
            );
        }
    }
}
