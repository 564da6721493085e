//! Contacts under a role that is for some records only

use serde_json::json;
use tenantry_core::permission::RecordScope;
use tenantry_core::testing::{Reply, TestClient};

use crate::members::user;
use crate::platform;
use crate::support::superuser_in;

const ALL: [&str; 2] = ["contacts.read", "contacts.write"];

async fn contact(client: &TestClient, name: &str) -> String {
    client.post("/contacts", json!({ "last_name": name })).await.expect(201).header("location").to_owned()
}

async fn names(client: &TestClient) -> Vec<String> {
    let list = client.get("/contacts?sort=display_name").await.expect(200);
    list.column("last_name").into_iter().map(str::to_owned).collect()
}

fn same(a: &Reply, b: &Reply) {
    assert_eq!((a.status.as_u16(), &a.text), (404, &b.text));
}

/// Who reaches their own records sees, lists, finds, changes and deletes those, and others' are not there.
#[tokio::test]
async fn own_is_ones_own() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (anna, ben) = (acme.with_scope(&ALL, RecordScope::Own).await, acme.with_scope(&ALL, RecordScope::Own).await);
    let (hers, his, theirs) = (contact(&anna, "A").await, contact(&ben, "B").await, contact(acme.owner(), "C").await);
    assert_eq!((names(&anna).await, names(&ben).await), (vec!["A".to_owned()], vec!["B".to_owned()]));
    assert_eq!(names(acme.owner()).await, ["A", "B", "C"]);
    assert_eq!(anna.get("/contacts?q=b").await.expect(200).items().len(), 0);
    assert_eq!(anna.get(&hers).await.expect(200).body["owner_id"], json!(user(&anna).await));
    let missing = anna.get(&format!("/contacts/{}", uuid::Uuid::new_v4())).await;
    for path in [&his, &theirs] {
        same(&anna.get(path).await, &missing);
        same(&anna.patch(path, "\"1\"", json!({ "notes": "x" })).await, &missing);
        same(&anna.patch(path, "\"7\"", json!({ "notes": "x" })).await, &missing);
        same(&anna.delete(path).await, &missing);
    }
    anna.patch(&hers, "\"1\"", json!({ "notes": "x" })).await.expect(200);
    anna.delete(&hers).await.expect(204);
    assert_eq!(names(acme.owner()).await, ["B", "C"]);
}

/// Pages go on within the scope.
#[tokio::test]
async fn pages_stay_in_scope() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.with_scope(&ALL, RecordScope::Own).await;
    let ben = acme.with_scope(&ALL, RecordScope::Team).await;
    for n in 0..3 {
        contact(&anna, &format!("A{n}")).await;
        contact(acme.owner(), &format!("B{n}")).await;
    }
    acme.team("Sales", &[&anna, &ben]).await;
    for client in [&anna, &ben] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = client.get(&format!("/contacts?limit=2&sort=-display_name{cursor}")).await.expect(200);
            seen.extend(page.column("last_name").into_iter().map(str::to_owned));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, ["A2", "A1", "A0"]);
    }
}

/// Who reaches the team's records reaches those of everybody in a team with them, from the next request on, and no longer.
#[tokio::test]
async fn team_is_everybody_who_shares_one() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.with_scope(&ALL, RecordScope::Team).await;
    let (ben, cleo) = (acme.member().await, acme.member().await);
    let (his, hers) = (contact(&ben, "B").await, contact(&cleo, "C").await);
    contact(&anna, "A").await;
    assert_eq!(names(&anna).await, ["A"]);
    let sales = acme.team("Sales", &[&anna, &ben]).await;
    let service = acme.team("Service", &[&anna, &cleo]).await;
    assert_eq!(names(&anna).await, ["A", "B", "C"]);
    anna.patch(&his, "\"1\"", json!({ "notes": "x" })).await.expect(200);
    // Ben and Cleo share no team; theirs is a role for all anyway.
    acme.owner().delete(&format!("{sales}/members/{}", user(&ben).await)).await.expect(204);
    assert_eq!(names(&anna).await, ["A", "C"]);
    anna.get(&his).await.problem(404, "not_found");
    acme.owner().delete(&service).await.expect(204);
    anna.delete(&hers).await.problem(404, "not_found");
    assert_eq!(names(&anna).await, ["A"]);
}

/// Whoever leaves the organization leaves its teams with it, and is in none when they come back. The contacts stay theirs.
#[tokio::test]
async fn who_leaves_leaves_the_teams() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (anna, ben) = (acme.with_scope(&ALL, RecordScope::Team).await, acme.member().await);
    let his = contact(&ben, "B").await;
    let sales = acme.team("Sales", &[&anna, &ben]).await;
    anna.get(&his).await.expect(200);
    let person = user(&ben).await;
    acme.owner().delete(&format!("/members/{person}")).await.expect(204);
    anna.get(&his).await.problem(404, "not_found");
    assert_eq!(acme.owner().get(&his).await.expect(200).body["owner_id"], json!(person));
    let back = format!(
        "INSERT INTO platform.memberships (user_id, tenant_id, role) VALUES ('{person}', '{}', 'member')",
        acme.tenant()
    );
    superuser_in(&platform, &acme).await.batch_execute(&back).await.unwrap();
    anna.get(&his).await.problem(404, "not_found");
    let id = sales.rsplit('/').next().unwrap();
    assert_eq!(acme.owner().get(&format!("/members?team_id={id}")).await.expect(200).items().len(), 1);
}

/// A change of a role's scope holds from the next request on, as that of its permissions does.
#[tokio::test]
async fn a_narrower_scope_holds_at_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.with_scope(&ALL, RecordScope::All).await;
    let theirs = contact(acme.owner(), "C").await;
    anna.get(&theirs).await.expect(200);
    let role = acme.owner().get("/roles").await.expect(200).items()[0].clone();
    assert_eq!(role["scope"], "all");
    let path = format!("/roles/{}", role["id"].as_str().unwrap());
    let less = acme.owner().patch(&path, "\"1\"", json!({ "scope": "own" })).await.expect(200);
    assert_eq!((&less.body["scope"], &less.body["permissions"]), (&json!("own"), &role["permissions"]));
    anna.get(&theirs).await.problem(401, "unauthenticated");
}

/// An API key reaches what its creator reaches, and what it makes is its creator's. What an operator makes is nobody's.
#[tokio::test]
async fn keys_reach_as_far_as_their_makers() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.with_scope(&["contacts.read", "contacts.write", "api-keys.write"], RecordScope::Team).await;
    let ben = acme.member().await;
    let (theirs, his) = (contact(acme.owner(), "C").await, contact(&ben, "B").await);
    let made = anna.post("/api-keys", json!({ "name": "Key", "scopes": ALL })).await.expect(201);
    let key = platform.client(made.body["key"].as_str().unwrap());
    let by_key = contact(&key, "K").await;
    assert_eq!(anna.get(&by_key).await.expect(200).body["owner_id"], json!(user(&anna).await));
    key.get(&theirs).await.problem(404, "not_found");
    key.get(&his).await.problem(404, "not_found");
    acme.team("Sales", &[&anna, &ben]).await;
    assert_eq!(names(&key).await, ["B", "K"]);

    let consent = "UPDATE platform.tenants SET support_consent = 'write'";
    platform.database().superuser().await.batch_execute(consent).await.unwrap();
    let ask = json!({ "reason": "a question", "minutes": 10, "level": "write" });
    let path = format!("/operator/tenants/{}/support-access", acme.tenant());
    let support = platform.operator().await.client().post(&path, ask).await.expect(201);
    let support = platform.client(support.body["access_token"].as_str().unwrap());
    let by_support = contact(&support, "S").await;
    assert_eq!(acme.owner().get(&by_support).await.expect(200).body["owner_id"], json!(null));
    anna.get(&by_support).await.problem(404, "not_found");
}
