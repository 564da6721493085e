//! `/webhooks` and `/webhooks/{id}`

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Endpoint, Receiver, contact, platform, until};

const URL: &str = "https://hooks.example.com/tenantry";

/// What is made is shown, listed, changed and deleted.
#[tokio::test]
async fn an_endpoint_has_a_life() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    let admin = acme.admin().await;
    let new = json!({ "url": "https://HOOKS.example.com:443/a?b=c", "description": "The site", "events": ["contact.*", "contact.*", "property.created"] });
    let made = admin.post("/webhooks", new).await.expect(201);
    assert!(made.body["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(made.body["url"], "https://hooks.example.com/a?b=c");
    assert_eq!(made.body["events"], json!(["contact.*", "property.created"]));
    let hears = json!(["contact.created", "contact.deleted", "contact.updated", "property.created"]);
    assert_eq!((&made.body["hears"], &made.body["enabled"]), (&hears, &json!(true)));

    let path = made.header("location").to_owned();
    let shown = admin.get(&path).await.expect(200);
    assert_eq!((shown.header("etag"), &shown.body["secret"]), (made.header("etag"), &Value::Null));
    assert_eq!(admin.get("/webhooks").await.expect(200).column("id"), [made.id()]);

    let patch = json!({ "description": null, "events": [], "enabled": false });
    let changed = admin.patch(&path, "\"1\"", patch).await.expect(200);
    assert!(changed.body["hears"].as_array().unwrap().len() > 9, "{}", changed.body);
    assert_eq!((&changed.body["enabled"], &changed.body["description"]), (&json!(false), &Value::Null));
    admin.patch(&path, "\"1\"", json!({ "enabled": true })).await.problem(412, "stale_version");

    admin.delete(&path).await.expect(204);
    admin.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_is_not_valid_is_refused() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let long = format!("https://example.com/{}", "a".repeat(2000));
    for (body, pointer) in [
        (json!({}), "/url"),
        (json!({ "url": "" }), "/url"),
        (json!({ "url": "example.com" }), "/url"),
        (json!({ "url": "http://example.com/" }), "/url"),
        (json!({ "url": "https://ada:secret@example.com/" }), "/url"),
        (json!({ "url": "https://example.com/#here" }), "/url"),
        (json!({ "url": long }), "/url"),
        (json!({ "url": null }), "/url"),
        (json!({ "url": URL, "events": ["contact"] }), "/events/0"),
        (json!({ "url": URL, "events": ["contact.*", "contact.denied"] }), "/events/1"),
        (json!({ "url": URL, "events": ["*"] }), "/events/0"),
        (json!({ "url": URL, "events": ["contacts.created"] }), "/events/0"),
        (json!({ "url": URL, "events": vec!["contact.*"; 101] }), "/events"),
        (json!({ "url": URL, "description": "" }), "/description"),
        (json!({ "url": URL, "enabled": true }), "/enabled"),
    ] {
        let refused = owner.post("/webhooks", body.clone()).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{body}: {}", refused.text);
    }
    assert!(owner.get("/webhooks").await.expect(200).items().is_empty());
}

/// However many are made at once, there are twenty.
#[tokio::test]
async fn an_organization_has_twenty() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    for _ in 0..18 {
        acme.owner().post("/webhooks", json!({ "url": URL })).await.expect(201);
    }
    let tries = (0..6).map(|_| acme.owner().post("/webhooks", json!({ "url": URL })));
    let made = join_all(tries).await.into_iter().filter(|reply| reply.status == 201).count();
    assert!(made <= 2, "{made}");
    for _ in made..2 {
        acme.owner().post("/webhooks", json!({ "url": URL })).await.expect(201);
    }
    let refused = acme.owner().post("/webhooks", json!({ "url": URL })).await;
    refused.problem(409, "too_many_webhooks");
    assert_eq!(acme.owner().get("/webhooks").await.expect(200).items().len(), 20);
    let hill = platform.organization("Hill").await;
    hill.owner().post("/webhooks", json!({ "url": URL })).await.expect(201);
}

/// An endpoint hears no more than its author may see, whoever changes it, and keeps that.
#[tokio::test]
async fn it_hears_what_its_author_may_see() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::content().await;
    let clerk = acme.with_permissions(&["webhooks.read", "webhooks.write", "contacts.read"]).await;
    let refused = json!({ "url": receiver.url, "events": ["member.updated"] });
    clerk.post("/webhooks", refused).await.problem(403, "forbidden");
    let endpoint = Endpoint::make(&clerk, &receiver, json!([])).await;
    let hears = json!([
        "contact.created",
        "contact.deleted",
        "contact.updated",
        "position.created",
        "position.deleted",
        "position.updated",
        "webhook.created",
        "webhook.deleted",
        "webhook.updated"
    ]);
    assert_eq!(clerk.get(&endpoint.path).await.expect(200).body["hears"], hears);

    // Somebody with fewer rights takes over nothing that they may not see.
    let (owners, taken) = (Receiver::content().await, Receiver::content().await);
    let wide = Endpoint::make(acme.owner(), &owners, json!(["contact.*", "member.*"])).await;
    let elsewhere = json!({ "url": taken.url });
    clerk.patch(&wide.path, "\"1\"", elsewhere.clone()).await.problem(403, "forbidden");
    for what in ["secret", "skip"] {
        clerk.post(&format!("{}/{what}", wide.path), json!({})).await.problem(403, "forbidden");
    }
    clerk.delete(&wide.path).await.problem(403, "forbidden");
    let all = Endpoint::make(acme.owner(), &owners, json!([])).await;
    assert_eq!(clerk.patch(&all.path, "\"1\"", elsewhere).await.expect(200).body["hears"], hears);
    acme.owner().delete(&wide.path).await.expect(204);

    acme.viewer().await;
    contact(acme.owner(), "Lovelace").await;
    let heard =
        |receiver: &Receiver| -> Vec<String> { receiver.got().iter().map(|got| got.kind().to_owned()).collect() };
    let last = "contact.created".to_owned();
    until(&platform, &acme, false, || heard(&receiver).contains(&last) && heard(&taken).contains(&last)).await;
    for kinds in [heard(&receiver), heard(&taken)] {
        assert!(!kinds.iter().any(|kind| kind.starts_with("member")), "{kinds:?}");
    }

    acme.member().await.get("/webhooks").await.problem(403, "forbidden");
    acme.member().await.post("/webhooks", json!({ "url": URL })).await.problem(403, "forbidden");
    let keys = acme.owner().post("/api-keys", json!({ "name": "Key", "scopes": ["webhooks.write"] })).await;
    keys.problem(422, "invalid");
}
