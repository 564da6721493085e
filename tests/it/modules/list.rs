//! `GET /api/v1/modules`

use serde_json::{Value, json};

use crate::platform;

fn states(list: &Value) -> Vec<(&str, bool, bool)> {
    let items = list["items"].as_array().unwrap().iter();
    let state = |field: &str, item: &Value| item[field].as_bool().unwrap();
    items.map(|item| (item["name"].as_str().unwrap(), state("required", item), state("enabled", item))).collect()
}

/// Everybody sees what there is and what is enabled; what an organization enables is its own.
#[tokio::test]
async fn a_viewer_sees_the_modules() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let required = ["calendar", "crm", "events", "identity", "notifications"].map(|name| (name, true, true));
    let mut fresh: Vec<_> = tenantry::MODULES.iter().map(|name| (*name, false, false)).chain(required).collect();
    fresh.sort_unstable();
    let list = acme.viewer().await.get("/modules").await.expect(200);
    assert_eq!(states(&list.body), fresh);
    let clinic = list.items().iter().find(|module| module["name"] == "clinic").unwrap();
    assert_eq!((&clinic["title"], &clinic["version"]), (&json!("Clinic"), &json!(0)));

    acme.enable("clinic").await;
    let list = acme.owner().get("/modules").await.expect(200).body;
    assert!(states(&list).contains(&("clinic", false, true)));
    assert_eq!(states(&other.owner().get("/modules").await.expect(200).body), fresh);
    platform.anonymous().get("/modules").await.problem(401, "unauthenticated");
}
