//! `GET /api/v1/operator/tenants/{id}/usage` and `GET /api/v1/operator/usage`

use serde_json::{Value, json};
use uuid::Uuid;

use crate::platform;
use crate::support::superuser_in;

/// People, sessions, rows and bytes of one tenant are its own, and no record of it is shown.
#[tokio::test]
async fn a_tenant_is_measured_from_outside() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    acme.viewer().await;
    for n in 0..7 {
        acme.owner().post("/contacts", json!({ "last_name": format!("canary {n}") })).await.expect(201);
    }
    // What counts the rows does so from time to time.
    superuser_in(&platform, &acme).await.batch_execute("ANALYZE").await.unwrap();
    let usage = async |id: String| client.get(&format!("/operator/tenants/{id}/usage")).await.expect(200);
    let (own, others) = (usage(acme.tenant().to_string()).await, usage(other.tenant().to_string()).await);
    // An organization is born with a pipeline.
    let born = others.body["rows"].as_i64().unwrap();
    assert!((0..10).contains(&born), "{}", others.text);
    assert_eq!(
        (&own.body["members"], &own.body["live_sessions"], &own.body["rows"]),
        (&json!(2), &json!(2), &json!(born + 7))
    );
    assert_eq!(others.body["members"], 1);
    assert!(own.body["bytes"].as_i64() > others.body["bytes"].as_i64(), "{} {}", own.text, others.text);
    assert!(own.body["last_activity"].is_string() && !own.text.contains("canary"));

    let empty = client.post("/operator/tenants", json!({ "name": "Empty" })).await.expect(201);
    let empty = usage(empty.id().to_owned()).await;
    assert_eq!((&empty.body["members"], &empty.body["last_activity"]), (&json!(0), &Value::Null));
    client.get(&format!("/operator/tenants/{}/usage", Uuid::new_v4())).await.problem(404, "not_found");
}

/// The total counts each person once, and each tenant where it stands.
#[tokio::test]
async fn the_total_is_that_of_all() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    superuser_in(&platform, &acme).await.batch_execute("ANALYZE").await.unwrap();
    let suspension = format!("/operator/tenants/{}/suspension", other.tenant());
    client.put_json(&suspension, json!({ "reason": "unpaid" })).await.expect(200);
    let born =
        client.get(&format!("/operator/tenants/{}/usage", other.tenant())).await.expect(200).body["rows"].clone();
    let total = client.get("/operator/usage").await.expect(200).body;
    for (field, value) in [
        ("active_tenants", 1),
        ("suspended_tenants", 1),
        ("deleting_tenants", 0),
        ("users", 2),
        ("live_sessions", 2),
        ("rows", 1 + 2 * born.as_i64().unwrap()),
    ] {
        assert_eq!(total[field], value, "{field} in {total}");
    }
    assert!(total["bytes"].as_i64() > Some(1_000_000), "{total}");
}
