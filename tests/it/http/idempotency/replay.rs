//! What is sent again is answered alike, and what is not the same is refused.

use reqwest::Method;
use serde_json::json;
use tenantry_core::testing::Reply;

use super::{create, post};
use crate::platform;
use crate::support::{count, superuser_in};

fn is_replay_of(again: &Reply, first: &Reply) {
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(first.header("idempotent-replayed"), "");
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    for header in ["etag", "location", "content-type"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
}

/// A create that is sent again makes nothing, and has the same status, body, address and version.
#[tokio::test]
async fn a_create_is_made_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let first = create(owner, "k-1", "Lovelace").await.expect(201);
    is_replay_of(&create(owner, "k-1", "Lovelace").await.expect(201), &first);
    // Another process knows it too.
    let beside = platform.beside().await;
    is_replay_of(&create(&beside.client(owner.token()), "k-1", "Lovelace").await.expect(201), &first);
    let other = create(owner, "k-2", "Lovelace").await.expect(201);
    assert_ne!(other.id(), first.id());
    let database = superuser_in(&platform, &acme).await;
    assert_eq!(count(&database, "SELECT count(*) FROM contacts").await, 2);
}

/// A change and a deletion too, though the version has moved on or the record is gone.
#[tokio::test]
async fn a_change_and_a_deletion_are_made_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let path = create(owner, "make", "Lovelace").await.expect(201).header("location").to_owned();
    let change = async |etag: &'static str| {
        let request = owner.request(Method::PATCH, &path).header("if-match", etag).header("idempotency-key", "change");
        owner.send(request.json(&json!({ "company": "Engines" }))).await
    };
    let first = change("\"1\"").await.expect(200);
    is_replay_of(&change("\"1\"").await.expect(200), &first);
    change("\"2\"").await.problem(422, "idempotency_key_reused");
    owner.patch(&path, "\"1\"", json!({ "company": "Engines" })).await.problem(412, "stale_version");

    let delete = async || owner.send(owner.request(Method::DELETE, &path).header("idempotency-key", "gone")).await;
    let first = delete().await.expect(204);
    is_replay_of(&delete().await.expect(204), &first);
    owner.delete(&path).await.problem(404, "not_found");
}

/// The key is good for the same content only: another body, query or content type is another request.
#[tokio::test]
async fn another_body_is_refused() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    create(owner, "k", "Lovelace").await.expect(201);
    create(owner, "k", "Babbage").await.problem(422, "idempotency_key_reused");
    let database = superuser_in(&platform, &acme).await;
    assert_eq!(count(&database, "SELECT count(*) FROM contacts").await, 1);
    // What is stored in the schema `platform` too.
    let role = json!({ "name": "Front desk", "permissions": ["contacts.read"] });
    let first = post(owner, "/roles", "k", &role).await.expect(201);
    is_replay_of(&post(owner, "/roles", "k", &role).await.expect(201), &first);
    let other = json!({ "name": "Back office", "permissions": ["contacts.read"] });
    post(owner, "/roles", "k", &other).await.problem(422, "idempotency_key_reused");
    assert_eq!(owner.get("/roles").await.expect(200).items().len(), 1);
}

/// The same key of another tenant, person, API key or route is another key.
#[tokio::test]
async fn keys_are_of_their_tenant_person_and_route() {
    let platform = platform().await;
    let (acme, beta) = (platform.organization("Acme").await, platform.organization("Beta").await);
    let scopes = json!({ "name": "Website", "scopes": ["contacts.read", "contacts.write"] });
    let key = acme.owner().post("/api-keys", scopes).await.expect(201).body["key"].as_str().unwrap().to_owned();
    acme.enable("clinic").await;
    let callers = [acme.owner().clone(), acme.member().await, platform.client(&key), beta.owner().clone()];
    for caller in &callers {
        assert_eq!(create(caller, "k", "Lovelace").await.expect(201).header("idempotent-replayed"), "");
    }
    let contact = create(acme.owner(), "k", "Lovelace").await.expect(201);
    let patient =
        json!({ "contact_id": contact.id(), "number": "P-1", "date_of_birth": "1991-12-26", "gender": "male" });
    post(acme.owner(), "/clinic/patients", "k", &patient).await.expect(201);
    for (organization, contacts) in [(&acme, 3), (&beta, 1)] {
        let database = superuser_in(&platform, organization).await;
        assert_eq!(count(&database, "SELECT count(*) FROM contacts").await, contacts);
    }
}

/// After 24 hours a key is new again, and what is over goes with what comes.
#[tokio::test]
async fn a_key_is_kept_for_a_day() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = superuser_in(&platform, &acme).await;
    let first = create(acme.owner(), "k", "Lovelace").await.expect(201);
    for n in 0..4 {
        create(acme.owner(), &format!("old-{n}"), "Babbage").await.expect(201);
    }
    let age = async |age: &str| {
        let sql = format!("UPDATE idempotency SET created_at = now() - interval '{age}'");
        database.batch_execute(&sql).await.unwrap();
    };
    age("23 hours 59 minutes").await;
    is_replay_of(&create(acme.owner(), "k", "Lovelace").await.expect(201), &first);
    age("24 hours").await;
    let again = create(acme.owner(), "k", "Byron").await.expect(201);
    assert_ne!(again.id(), first.id());
    assert_eq!(again.header("idempotent-replayed"), "");
    assert_eq!(count(&database, "SELECT count(*) FROM idempotency").await, 1, "what is over is swept");
}

/// What failed is not kept: it may be sent again, also changed.
#[tokio::test]
async fn a_failure_may_be_sent_again() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    post(owner, "/contacts", "k", &json!({})).await.problem(422, "invalid");
    acme.enable("clinic").await;
    let contact = create(owner, "k", "Lovelace").await.expect(201);
    let patient = |number: &str| json!({ "contact_id": contact.id(), "number": number, "date_of_birth": "1991-12-26", "gender": "male" });
    owner.post("/clinic/patients", patient("P-1")).await.expect(201);
    // The database refuses it in the middle.
    let refused = post(owner, "/clinic/patients", "p", &patient("P-1")).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert_ne!(refused.code(), "idempotency_key_in_flight");
    let viewer = acme.viewer().await;
    create(&viewer, "k", "Lovelace").await.problem(403, "forbidden");
}

/// Whoever is not let in any more gets nothing of what was answered before.
#[tokio::test]
async fn a_replay_needs_admission() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let admin = acme.admin().await;
    create(&admin, "k", "Lovelace").await.expect(201);
    let role = json!({ "name": "Front desk", "permissions": ["contacts.read"] });
    post(&admin, "/roles", "k", &role).await.expect(201);
    admin.post("/auth/logout", json!({})).await.expect(204);
    create(&admin, "k", "Lovelace").await.problem(401, "unauthenticated");
    post(&admin, "/roles", "k", &role).await.problem(401, "unauthenticated");
}
