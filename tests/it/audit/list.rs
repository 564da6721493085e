//! `GET /audit`

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestOrganization};

use crate::platform;

async fn entries(client: &TestClient, filter: &str) -> Vec<Value> {
    let reply = client.get(&format!("/audit?sort=at&{filter}")).await.expect(200);
    reply.body["items"].as_array().expect("a list").clone()
}

async fn made(acme: &TestOrganization) -> (TestClient, String, Value) {
    let member = acme.member().await;
    let made =
        member.post("/contacts", json!({ "last_name": "Lovelace", "email": "ada@example.com" })).await.expect(201);
    (member, made.header("location").to_owned(), made.body["id"].clone())
}

/// Each change has one entry: who, by what, what it was and what it is since.
#[tokio::test]
async fn each_change_has_an_entry() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (member, path, id) = made(&acme).await;
    member.patch(&path, "\"1\"", json!({ "email": null })).await.expect(200);
    member.delete(&path).await.expect(204);

    let found = entries(acme.owner(), &format!("record={}", id.as_str().unwrap())).await;
    let told = |name: &str| found.iter().map(|entry| entry[name].clone()).collect::<Vec<_>>();
    assert_eq!(told("change"), ["created", "updated", "deleted"]);
    assert_eq!(told("operation"), ["contacts_create", "contacts_update", "contacts_delete"]);
    assert_eq!(told("resource"), ["contacts"; 3]);
    assert_eq!(told("kind"), ["person"; 3]);
    assert_eq!(told("address"), ["127.0.0.1"; 3]);
    let me = member.get("/users/me").await.expect(200).body["id"].clone();
    assert_eq!(told("user_id"), [me.clone(), me.clone(), me]);

    let [created, updated, deleted] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&created["before"], &created["after"]["last_name"]), (&Value::Null, &json!("Lovelace")));
    // What is made of other columns is no news.
    assert_eq!(created["after"].get("search_text"), None);
    let mut changed: Vec<_> = updated["after"].as_object().expect("fields").keys().cloned().collect();
    changed.sort();
    assert_eq!(changed, ["email", "updated_at", "version"]);
    assert_eq!((&updated["before"]["email"], &updated["after"]["email"]), (&json!("ada@example.com"), &Value::Null));
    assert_eq!((&deleted["before"]["last_name"], &deleted["after"]), (&json!("Lovelace"), &Value::Null));
    let one = acme.owner().get(&format!("/audit/{}", updated["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(one.body["request_id"], updated["request_id"]);
}

/// What is refused or changes nothing is no change.
#[tokio::test]
async fn what_did_not_happen_has_none() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (member, path, id) = made(&acme).await;
    member.patch(&path, "\"7\"", json!({ "email": null })).await.problem(412, "stale_version");
    member.patch(&path, "\"1\"", json!({ "last_name": null })).await.problem(422, "invalid");
    member.patch(&path, "\"1\"", json!({ "last_name": "Lovelace" })).await.expect(200);
    assert_eq!(entries(acme.owner(), &format!("record={}", id.as_str().unwrap())).await.len(), 1);
}

/// Identity is under it as everything else is, and shows no secret.
#[tokio::test]
async fn what_the_platform_keeps_is_noted_too() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    owner.post("/api-keys", json!({ "name": "Site", "scopes": ["contacts.read"] })).await.expect(201);
    owner.post("/invitations", json!({ "emails": ["bob@example.com"], "role": "viewer" })).await.expect(201);
    owner.post("/roles", json!({ "name": "Caller", "permissions": ["contacts.read"] })).await.expect(201);
    owner.put("/modules/clinic").await.expect(200);
    let viewer = acme.viewer().await.get("/users/me").await.expect(200).id().to_owned();
    owner.patch(&format!("/members/{viewer}"), "\"1\"", json!({ "role": "member" })).await.expect(200);
    let team = owner.post("/teams", json!({ "name": "North" })).await.expect(201).header("location").to_owned();
    owner.put(&format!("{team}/members/{viewer}")).await.expect(204);
    owner.delete(&format!("{team}/members/{viewer}")).await.expect(204);
    for (resource, operation, change) in [
        ("api-keys", "api_keys_create", "created"),
        ("invitations", "invitations_create", "created"),
        ("roles", "roles_create", "created"),
        ("modules", "modules_enable", "created"),
        ("members", "members_update", "updated"),
        ("team-members", "teams_members_add", "created"),
        ("team-members", "teams_members_remove", "deleted"),
    ] {
        let found = entries(owner, &format!("resource={resource}&operation={operation}")).await;
        let [entry] = &found[..] else { panic!("{resource}: {found:?}") };
        assert_eq!((&entry["change"], &entry["kind"]), (&json!(change), &json!("person")), "{resource}");
    }
    let all = entries(owner, "limit=200").await;
    let text = serde_json::to_string(&all).unwrap();
    for secret in ["_hash", "\\\\x"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// Filters narrow it down, and a foreign record has no entries here.
#[tokio::test]
async fn it_can_be_narrowed() {
    let platform = platform().await;
    let (acme, globex) = (platform.organization("Acme").await, platform.organization("Globex").await);
    let (member, _, id) = made(&acme).await;
    let me = member.get("/users/me").await.expect(200).body["id"].clone();
    let record = format!("record={}", id.as_str().unwrap());
    for (filter, count) in [
        (record.clone(), 1),
        (format!("{record}&user_id={}", me.as_str().unwrap()), 1),
        (format!("{record}&change=updated"), 0),
        (format!("{record}&operation=contacts_create&resource=contacts"), 1),
        (format!("{record}&from=2200-01-01T00:00:00Z"), 0),
        (format!("{record}&until=2200-01-01T00:00:00Z&from=2020-01-01T00:00:00%2B02:00"), 1),
    ] {
        assert_eq!(entries(acme.owner(), &filter).await.len(), count, "{filter}");
    }
    assert_eq!(entries(globex.owner(), &record).await.len(), 0);
    acme.owner().get("/audit?from=yesterday").await.problem(422, "invalid");
}
