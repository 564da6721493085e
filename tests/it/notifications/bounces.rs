//! `POST /inbound/bounces`

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestPlatform};

use super::task;
use crate::platform;
use crate::support::count;

const SECRET: &str = "a-secret-of-the-mail-service-1234567890";
const ADA: &str = "ada@example.com";

async fn start() -> TestPlatform {
    TestPlatform::start_with(tenantry::MODULES, |config| config.mail.bounce_secret = Some(SECRET.parse().unwrap()))
        .await
}

async fn tell(platform: &TestPlatform, items: Value) -> Reply {
    platform.client(SECRET).post("/inbound/bounces", json!({ "items": items })).await
}

/// What came back is in the log of whoever sent it; the address gets nothing more, from nobody, and the table does not say
/// which it is.
#[tokio::test]
async fn an_address_without_a_mailbox_gets_no_more() {
    let platform = start().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    acme.notify([task(ADA)], true).await;
    let reference = platform.delivered_to(ADA).await.pop().unwrap().reference;
    let message_id = format!("<{reference}@localhost>");
    let items = json!([{ "address": "Ada@Example.com", "kind": "hard", "message_id": message_id }]);
    assert_eq!(tell(&platform, items).await.expect(200).body, json!({ "noted": 1 }));

    let log = acme.owner().get("/notifications").await.expect(200);
    assert_eq!(
        (log.column("state"), log.column("reason")),
        (vec!["failed"], vec!["it came back: there is no such mailbox"])
    );
    other.notify([task(ADA)], true).await;
    acme.owner().post("/invitations", json!({ "emails": [ADA], "role": "viewer" })).await.expect(201);
    assert_eq!(platform.letters_to(ADA).await.len(), 1);
    let log = other.owner().get("/notifications").await.expect(200);
    assert_eq!(log.column("reason"), ["letters to this address have come back"]);

    let database = platform.database().superuser().await;
    let row = database.query_one("SELECT s::text FROM platform.suppressions s", &[]).await.unwrap();
    assert!(!row.get::<_, String>(0).contains("ada"));
    // Mailboxes come back.
    database.batch_execute("UPDATE platform.suppressions SET expires_at = now()").await.unwrap();
    other.notify([task(ADA)], true).await;
    assert_eq!(platform.letters_to(ADA).await.len(), 2);
    tenantry_core::worker::Worker::new(platform.platform().clone()).sweep().await.unwrap();
    assert_eq!(count(&database, "SELECT count(*) FROM platform.suppressions").await, 0);
}

/// Who complained gets no notices, but gets back into an account; what came back for now stops nothing.
#[tokio::test]
async fn kinds_differ() {
    let platform = start().await;
    let acme = platform.organization("Acme").await;
    tell(&platform, json!([{ "address": ADA, "kind": "soft" }])).await.expect(200);
    acme.notify([task(ADA)], true).await;
    assert_eq!(platform.letters_to(ADA).await.len(), 1);
    tell(&platform, json!([{ "address": ADA, "kind": "complaint" }, { "address": ADA, "kind": "complaint" }]))
        .await
        .expect(200);
    acme.notify([task(ADA)], true).await;
    assert_eq!(platform.letters_to(ADA).await.len(), 1);
    acme.owner().post("/invitations", json!({ "emails": [ADA], "role": "viewer" })).await.expect(201);
    assert_eq!(platform.letters_to(ADA).await.len(), 2);
    let log = acme.owner().get("/notifications?state=suppressed").await.expect(200);
    assert_eq!(log.column("reason"), ["the recipient has complained"]);
}

/// Only whoever has the secret tells; one letter is not another organization's; and bad input changes nothing.
#[tokio::test]
async fn only_the_mail_service_tells() {
    let platform = start().await;
    let acme = platform.organization("Acme").await;
    acme.notify([task(ADA)], true).await;
    let reference = platform.delivered_to(ADA).await.pop().unwrap().reference;
    let body = json!({ "items": [{ "address": ADA, "kind": "hard" }] });
    for client in [
        platform.anonymous(),
        acme.owner().clone(),
        platform.client("a-secret"),
        platform.client(&SECRET.replace('a', "b")),
    ] {
        client.post("/inbound/bounces", body.clone()).await.problem(401, "unauthenticated");
    }
    let item = |id: &str, address: &str| json!([{ "address": address, "kind": "soft", "message_id": id }]);
    let (notice, tenant) = reference.split_once('.').unwrap();
    for strange in [
        "x",
        "<>",
        &format!("<{notice}@localhost>"),
        &format!("<{notice}.{notice}@localhost>"),
        &format!("<{tenant}.{tenant}@x>"),
    ] {
        tell(&platform, item(strange, ADA)).await.expect(200);
    }
    tell(&platform, item(&format!("<{reference}@localhost>"), "bob@example.com")).await.expect(200);
    assert_eq!(acme.owner().get("/notifications").await.expect(200).column("state"), ["sent"]);

    tell(&platform, json!([{ "address": ADA, "kind": "hard" }, { "address": "x", "kind": "hard" }]))
        .await
        .problem(422, "invalid");
    tell(&platform, json!([{ "address": ADA, "kind": "worse" }])).await.problem(422, "invalid");
    let many: Vec<Value> =
        (0..1001).map(|n| json!({ "address": format!("p{n}@example.com"), "kind": "hard" })).collect();
    tell(&platform, json!(many)).await.problem(422, "invalid");
    tell(&platform, json!(many[..1000])).await.expect(200);
    acme.notify([task(ADA)], true).await;
    assert_eq!(platform.letters_to(ADA).await.len(), 2);
}

/// Without a secret there is no such place.
#[tokio::test]
async fn it_is_off_by_default() {
    let platform = platform().await;
    let body = json!({ "items": [] });
    platform.client(SECRET).post("/inbound/bounces", body).await.problem(404, "not_found");
}
