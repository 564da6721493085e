//! `GET /events`

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::testing::TestClient;

use crate::platform;

/// All positions after one, asked for three at a time.
async fn walk(client: &TestClient, mut after: i64) -> Vec<(i64, String, String)> {
    let mut heard = Vec::new();
    loop {
        let page = client.get(&format!("/events?after={after}&limit=3")).await.expect(200).body;
        after = page["last"].as_i64().expect("a position");
        let items = page["items"].as_array().expect("a list").clone();
        if items.is_empty() {
            return heard;
        }
        heard.extend(items.iter().map(|event| {
            let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
            (event["position"].as_i64().expect("a position"), text("type"), text("record"))
        }));
    }
}

/// Changes are told in one order, once each, also those that were made at once.
#[tokio::test]
async fn changes_are_told_in_order() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    platform.seal().await;
    let before = owner.get("/events?limit=200").await.expect(200).body["last"].as_i64().unwrap();
    let lives = (0..20).map(|n| async move {
        let made = owner.post("/contacts", json!({ "last_name": format!("Number {n}") })).await.expect(201);
        owner.patch(made.header("location"), "\"1\"", json!({ "phone": "+4315885801" })).await.expect(200);
        owner.delete(made.header("location")).await.expect(204);
        made.body["id"].as_str().unwrap().to_owned()
    });
    let ids: BTreeSet<String> = join_all(lives).await.into_iter().collect();
    platform.seal().await;

    let heard = walk(owner, before).await;
    assert_eq!(heard.len(), 60);
    assert!(heard.is_sorted_by(|a, b| a.0 < b.0), "{heard:?}");
    for id in &ids {
        let of: Vec<_> = heard.iter().filter(|event| event.2 == *id).map(|event| event.1.as_str()).collect();
        assert_eq!(of, ["contact.created", "contact.updated", "contact.deleted"], "{id}");
    }
    assert_eq!(walk(owner, heard.last().unwrap().0).await, []);
}

/// An event says that something has changed, and not what it says now.
#[tokio::test]
async fn an_event_carries_no_data() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/contacts", json!({ "last_name": "Canary" })).await.expect(201);
    acme.owner().patch(made.header("location"), "\"1\"", json!({ "company": "Canary" })).await.expect(200);
    platform.seal().await;
    let page = acme.owner().get("/events?limit=200").await.expect(200);
    assert!(!page.body.to_string().contains("Canary"), "{}", page.body);
    let last = page.body["items"].as_array().unwrap().last().unwrap().clone();
    let mut changed: Vec<_> = last["changed"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    changed.sort_unstable();
    assert_eq!(changed, ["company", "updated_at", "version"]);
    assert_eq!((&last["version"], &last["actor"]["kind"]), (&json!(1), &json!("person")));
}

/// Who may not see a record does not hear of it.
#[tokio::test]
async fn only_what_one_may_see_is_told() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let listener = acme.with_permissions(&["events.read", "contacts.read"]).await;
    acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    acme.owner().post("/api-keys", json!({ "name": "Site", "scopes": ["contacts.read"] })).await.expect(201);
    platform.seal().await;
    let heard: BTreeSet<String> = walk(&listener, 0).await.into_iter().map(|event| event.1).collect();
    assert_eq!(heard, BTreeSet::from(["contact.created".to_owned()]));
    acme.member().await.get("/events").await.problem(403, "forbidden");
    acme.owner().get("/events?after=-1").await.problem(422, "invalid");
}
