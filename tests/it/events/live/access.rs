//! Whoever loses access hears nothing more, within a second.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;
use tenantry_core::testing::{TestClient, TestListener, TestOrganization, TestPlatform};

use super::contact;
use crate::platform;

/// The rule is a second; the machine may be busy.
const TOLERANCE: Duration = Duration::from_millis(2500);

async fn id_of(client: &TestClient) -> String {
    client.get("/users/me").await.expect(200).id().to_owned()
}

async fn listen(client: &TestClient) -> TestListener {
    let mut live = client.listen("/live").await;
    live.missed().await;
    live
}

/// Waits for the end of a stream, and says how long that took since access was lost.
async fn ends(what: &str, mut live: TestListener, lost: Instant) {
    let (told, why) = live.end().await;
    let took = lost.elapsed();
    println!("{what}: {took:?} {why}");
    assert_eq!(why, "end: access has ended or changed", "{what}");
    assert!(took < TOLERANCE, "{what}: {took:?}");
    assert!(told.iter().all(|event| event["resource"] != "contacts"), "{what}: {told:?}");
}

async fn execute(platform: &TestPlatform, sql: &str) {
    platform.database().superuser().await.batch_execute(sql).await.expect("a change");
}

#[tokio::test]
async fn when_the_session_ends() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    let (live, mut other) = (listen(&viewer).await, listen(acme.owner()).await);
    viewer.post("/auth/logout", json!({})).await.expect(204);
    let lost = Instant::now();
    ends("logout", live, lost).await;
    viewer.get("/live").await.problem(401, "unauthenticated");
    // Nobody else is disturbed.
    let id = contact(acme.owner(), "Lovelace").await;
    while other.event().await["record"] != id {}
}

#[tokio::test]
async fn when_the_role_changes() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let admin = acme.admin().await;
    let live = listen(&admin).await;
    let path = format!("/members/{}", id_of(&admin).await);
    acme.owner().patch(&path, "\"1\"", json!({ "role": "viewer" })).await.expect(200);
    ends("another role", live, Instant::now()).await;

    let member = acme.with_permissions(&["events.listen", "contacts.read"]).await;
    let live = listen(&member).await;
    let roles = acme.owner().get("/roles").await.expect(200);
    let role = format!("/roles/{}", roles.items()[0]["id"].as_str().expect("an id"));
    acme.owner().patch(&role, "\"1\"", json!({ "permissions": ["contacts.read"] })).await.expect(200);
    ends("the role's permissions", live, Instant::now()).await;
}

#[tokio::test]
async fn when_the_member_is_removed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let live = listen(&member).await;
    acme.owner().delete(&format!("/members/{}", id_of(&member).await)).await.expect(204);
    ends("removed", live, Instant::now()).await;
}

#[tokio::test]
async fn when_the_organization_is_suspended() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let live = [listen(acme.owner()).await, listen(&acme.viewer().await).await];
    let tenant = acme.tenant();
    execute(&platform, &format!("UPDATE platform.tenants SET status = 'suspended' WHERE id = '{tenant}'")).await;
    let lost = Instant::now();
    for live in live {
        ends("suspended", live, lost).await;
    }
    acme.owner().get("/live").await.problem(403, "organization_inactive");
}

#[tokio::test]
async fn when_a_second_factor_is_required() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let live = listen(&acme.viewer().await).await;
    let tenant = acme.tenant();
    execute(&platform, &format!("UPDATE platform.tenants SET require_second_factor = true WHERE id = '{tenant}'"))
        .await;
    ends("second factor", live, Instant::now()).await;
}

async fn key(platform: &TestPlatform, acme: &TestOrganization) -> (TestClient, String) {
    let body = json!({ "name": "Screen", "scopes": ["events.listen", "contacts.read"] });
    let made = acme.owner().post("/api-keys", body).await.expect(201);
    let path = format!("/api-keys/{}", made.id());
    (platform.client(made.body["key"].as_str().expect("a key")), path)
}

#[tokio::test]
async fn when_the_key_is_revoked() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (screen, path) = key(&platform, &acme).await;
    let live = listen(&screen).await;
    acme.owner().delete(&path).await.expect(204);
    ends("revoked", live, Instant::now()).await;
}

#[tokio::test]
async fn when_the_token_expires() {
    let change = |config: &mut tenantry_core::config::Config| config.identity.access_ttl = Duration::from_secs(3);
    let platform = TestPlatform::start_with(tenantry::MODULES, change).await;
    let acme = platform.organization("Acme").await;
    let client = acme.sign_in(None).await;
    let began = Instant::now();
    let (_, why) = listen(&client).await.end().await;
    println!("expired: {:?}", began.elapsed());
    assert_eq!(why, "end: the access token has expired");
    assert!(began.elapsed() < Duration::from_secs(3) + TOLERANCE);
}

/// An operator whom the organization has let in listens as a viewer does, and no longer than that.
#[tokio::test]
async fn when_support_ends() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let tenant = acme.tenant();
    execute(&platform, &format!("UPDATE platform.tenants SET support_consent = 'write' WHERE id = '{tenant}'")).await;
    let operator = platform.operator().await;
    let path = format!("/operator/tenants/{tenant}/support-access");
    let made = operator.client().post(&path, json!({ "reason": "a question", "minutes": 60 })).await.expect(201);
    let support = platform.client(made.body["access_token"].as_str().expect("a token"));
    let live = listen(&support).await;
    let access = made.body["access"]["id"].as_str().expect("an id");
    acme.owner().delete(&format!("/organization/support-accesses/{access}")).await.expect(204);
    ends("support", live, Instant::now()).await;
}

/// While the database cannot say who may listen, nobody is told anything; then those who still may are.
#[tokio::test]
async fn nobody_is_told_while_nobody_can_say_who_may_listen() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (viewer, removed) = (acme.viewer().await, acme.viewer().await);
    platform.seal().await;
    let (mut live, mut gone) = (listen(&viewer).await, listen(&removed).await);
    let login = platform.database().logins().platform_name();
    // The question fails. What is read through the door is read by another login.
    execute(&platform, &format!("REVOKE SELECT ON platform.sessions FROM \"{login}\"")).await;
    let schema = acme.tenant().schema();
    let insert = format!("INSERT INTO {schema}.contacts (id, last_name) VALUES (gen_random_uuid(), 'X')");
    let mut told = 0;
    loop {
        execute(&platform, &insert).await;
        match tokio::time::timeout(Duration::from_secs(2), live.event()).await {
            Ok(_) => told += 1,
            Err(_) => break,
        }
        assert!(told < 100, "it is told without asking");
    }
    let user = id_in(&removed);
    execute(&platform, &format!("DELETE FROM platform.memberships WHERE user_id = '{user}'")).await;
    execute(&platform, &format!("GRANT SELECT ON platform.sessions TO \"{login}\"")).await;
    assert_eq!(live.event().await["type"], "contact.created");
    let (heard, why) = gone.end().await;
    assert_eq!((heard.len(), why.as_str()), (told, "end: access has ended or changed"));
}

/// Who a token says that it is of.
fn id_in(client: &TestClient) -> String {
    let payload = client.token().split('.').nth(1).expect("a payload");
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).expect("base64");
    let payload: serde_json::Value = serde_json::from_slice(&payload).expect("JSON");
    payload["sub"].as_str().expect("a subject").to_owned()
}
