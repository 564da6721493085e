//! `POST /live/tickets`: a way in for what can set no header.

use serde_json::json;
use tenantry_core::testing::{TestClient, TestPlatform};

use super::{contact, record};
use crate::platform;
use crate::support::count;

async fn ticket(client: &TestClient) -> String {
    client.post("/live/tickets", json!({})).await.expect(200).body["ticket"].as_str().expect("a ticket").to_owned()
}

async fn used(platform: &TestPlatform, ticket: &str) {
    platform.anonymous().get(&format!("/live?ticket={ticket}")).await.problem(401, "unauthenticated");
}

/// It lets in once, as whoever asked for it.
#[tokio::test]
async fn a_ticket_works_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    let text = ticket(&viewer).await;
    // It is good for nothing else, and nowhere else.
    platform.client(&text).get("/live").await.problem(401, "unauthenticated");
    platform.anonymous().get(&format!("/contacts?ticket={text}")).await.problem(400, "malformed_request");
    acme.owner().get(&format!("/live?ticket={text}")).await.problem(400, "malformed_request");
    platform.seal().await;
    let mut live = platform.anonymous().listen(&format!("/live?ticket={text}")).await;
    live.missed().await;
    used(&platform, &text).await;
    let id = contact(acme.owner(), "Lovelace").await;
    assert_eq!(record(&live.event().await), id);
    used(&platform, "tnt_none").await;

    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.tickets").await, 0);
}

/// Of many that show it at once, one is let in.
#[tokio::test]
async fn one_of_many_is_let_in() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let path = format!("/live?ticket={}", ticket(acme.owner()).await);
    let anonymous = platform.anonymous();
    let tries = (0..8).map(|_| async { anonymous.get(&path).await.status.as_u16() });
    let mut statuses = futures_util::future::join_all(tries).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401, 401, 401, 401, 401, 401, 401]);
}

/// It is over after 30 seconds, and with the access of whoever asked for it.
#[tokio::test]
async fn a_ticket_is_soon_over() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = platform.database().superuser().await;
    let old = ticket(acme.owner()).await;
    let past = "UPDATE platform.tickets SET expires_at = expires_at - interval '31 seconds'";
    database.batch_execute(past).await.expect("a past");
    used(&platform, &old).await;

    let (admin, text) = {
        let admin = acme.admin().await;
        let text = ticket(&admin).await;
        (admin, text)
    };
    let user = admin.get("/users/me").await.expect(200);
    acme.owner().patch(&format!("/members/{}", user.id()), "\"1\"", json!({ "role": "viewer" })).await.expect(200);
    used(&platform, &text).await;
    let (viewer, text) = {
        let viewer = acme.viewer().await;
        let text = ticket(&viewer).await;
        (viewer, text)
    };
    viewer.post("/auth/logout", json!({})).await.expect(204);
    used(&platform, &text).await;
}

/// However many somebody asks for, few are kept.
#[tokio::test]
async fn few_tickets_are_kept() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let first = ticket(acme.owner()).await;
    let mut last = String::new();
    for _ in 0..33 {
        last = ticket(acme.owner()).await;
    }
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.tickets").await, 32);
    used(&platform, &first).await;
    platform.anonymous().get(&format!("/live?ticket={last}")).await.expect(200);
}
