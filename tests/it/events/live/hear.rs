//! What is heard, by whom, and by whom not.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tenantry_core::permission::RecordScope;

use super::{contact, record};
use crate::platform;

/// A change is heard moments after it was made, as the feed tells it; the id is where to go on.
#[tokio::test]
async fn a_change_is_heard_as_it_happens() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    platform.seal().await;
    let mut live = viewer.listen("/live").await;
    assert_eq!(live.missed().await, Vec::<serde_json::Value>::new());
    let began = Instant::now();
    let id = contact(acme.owner(), "Lovelace").await;
    let block = live.next().await.expect("an event");
    println!("heard after {:?}", began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!((record(&block.data), block.data["type"].as_str()), (id.as_str(), Some("contact.created")));
    assert_eq!(block.data["position"].as_i64(), block.id);
    assert!(!block.text.contains("Lovelace"), "{}", block.text);
    let feed = acme.owner().get("/events?limit=200").await.expect(200);
    assert_eq!(feed.items().last(), Some(&block.data));
    acme.owner().delete(&format!("/contacts/{id}")).await.expect(204);
    assert_eq!(live.event().await["type"], "contact.deleted");
}

/// The headers are those of a stream that nobody on the way keeps or holds back.
#[tokio::test]
async fn it_is_a_stream_of_server_sent_events() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let reply = acme.owner().get("/live").await.expect(200);
    assert_eq!(reply.header("content-type"), "text/event-stream");
    assert_eq!((reply.header("cache-control"), reply.header("x-accel-buffering")), ("no-store", "no"));
    assert!(!reply.header("x-request-id").is_empty());
    assert!(reply.text.starts_with("retry: 2000\nid: ") && reply.text.ends_with("\n\n: live\n\n"), "{}", reply.text);
    let with =
        |accept: &'static str| acme.owner().send(acme.owner().request(Method::GET, "/live").header("accept", accept));
    with("text/event-stream").await.expect(200);
    with("application/json").await.problem(406, "not_acceptable");
    let head = acme.owner().send(acme.owner().request(Method::HEAD, "/live")).await;
    assert!(head.text.is_empty());
    acme.owner().get("/live?after=-1").await.problem(422, "invalid");
    let last = acme.owner().request(Method::GET, "/live").header("last-event-id", "canary");
    acme.owner().send(last).await.problem(422, "invalid");
    platform.anonymous().get("/live").await.problem(401, "unauthenticated");
}

/// Who may not see a record hears nothing of it; who may see some records only cannot listen.
#[tokio::test]
async fn only_what_one_may_see_is_heard() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, viewer) = (acme.owner(), acme.viewer().await);
    let without = acme.with_permissions(&["events.listen", "teams.read"]).await;
    let (mut live, mut narrow) = (viewer.listen("/live?after=0").await, without.listen("/live?after=0").await);
    owner.post("/api-keys", json!({ "name": "Site", "scopes": ["contacts.read"] })).await.expect(201);
    let id = contact(owner, "Lovelace").await;
    let team = owner.post("/teams", json!({ "name": "Team" })).await.expect(201);
    let mut heard = Vec::new();
    while heard.last().is_none_or(|event: &serde_json::Value| event["type"] != "team.created") {
        heard.push(live.event().await);
    }
    let kinds: Vec<_> = heard.iter().map(|event| event["resource"].as_str().expect("a kind")).collect();
    assert!(kinds.contains(&"contacts") && !kinds.contains(&"api-keys"), "{kinds:?}");
    assert!(heard.iter().any(|event| record(event) == id));
    let first = narrow.event().await;
    assert_eq!((record(&first), first["resource"].as_str()), (team.id(), Some("teams")));

    for scope in [RecordScope::Own, RecordScope::Team] {
        let role = json!({ "name": "Some", "permissions": ["events.listen", "contacts.read"], "scope": scope });
        owner.post("/roles", role).await.problem(422, "invalid");
        let some = acme.with_scope(&["contacts.read"], scope).await;
        some.get("/live").await.problem(403, "forbidden");
        some.send(some.request(Method::POST, "/live/tickets")).await.problem(403, "forbidden");
    }
    acme.with_permissions(&["contacts.read"]).await.get("/live").await.problem(403, "forbidden");
}

/// Another organization hears nothing, and nothing of it is heard.
#[tokio::test]
async fn another_organization_hears_nothing() {
    let platform = platform().await;
    let (acme, bolt) = (platform.organization("Acme").await, platform.organization("Bolt").await);
    platform.seal().await;
    let mut theirs = bolt.owner().listen("/live").await;
    let mut ours = acme.owner().listen("/live").await;
    theirs.missed().await;
    let id = contact(acme.owner(), "Canary").await;
    while record(&ours.event().await) != id {}
    let own = contact(bolt.owner(), "Lovelace").await;
    let first = theirs.event().await;
    assert_eq!(record(&first), own, "{first}");
}

/// What one process seals is heard in another one that seals nothing.
#[tokio::test]
async fn it_is_heard_in_each_process() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let other = platform.beside().await;
    platform.seal().await;
    let mut live = other.client(acme.owner().token()).listen("/live").await;
    live.missed().await;
    let first = contact(acme.owner(), "Lovelace").await;
    assert_eq!(record(&live.event().await), first);
    let second = contact(&other.client(acme.owner().token()), "Byron").await;
    assert_eq!(record(&live.event().await), second);
}
