//! `/webhooks/{id}/deliveries`, `…/test`, `…/skip`

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::json;

use super::{Endpoint, Receiver, contact, platform, sql, until};

/// What was sent and what came back is shown, page by page, and found again.
#[tokio::test]
async fn what_was_sent_is_shown() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::answering(|got| match got.kind() {
        "contact.updated" => (500, "out of\u{1b}[31m order\0".to_owned() + &"x".repeat(100_000)),
        _ => (200, "thanks".to_owned()),
    })
    .await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    for n in 0..3 {
        contact(acme.owner(), &format!("Number {n}")).await;
    }
    let id = contact(acme.owner(), "Lovelace").await;
    acme.owner().patch(&format!("/contacts/{id}"), "\"1\"", json!({ "phone": "+4315885801" })).await.expect(200);
    let log = format!("{}/deliveries", endpoint.path);
    until(&platform, &acme, false, || receiver.got().len() >= 5).await;
    let began = std::time::Instant::now();
    while acme.owner().get(&log).await.expect(200).items().len() < 5 {
        assert!(began.elapsed().as_secs() < 20, "the log is not written");
    }

    let failed = acme.owner().get(&format!("{log}?failed=true")).await.expect(200);
    assert_eq!(failed.items().len(), 1);
    let one = &failed.items()[0];
    assert_eq!((&one["status"], &one["failure"]), (&json!(500), &json!("the answer is not one of 2xx")));
    assert_eq!((&one["kind"], &one["attempt"], &one["given_up"]), (&json!("event"), &json!(1), &json!(false)));
    let answer = one["answer"].as_str().unwrap();
    assert!(answer.starts_with("out of\u{fffd}[31m order\u{fffd}x") && answer.chars().count() == 4096, "{answer}");
    assert_eq!(one["request"], receiver.got()[4].text);
    assert_eq!(one["event_id"], receiver.got()[4].id());
    assert!(one["took_ms"].is_i64() && one["at"].is_string());

    let updated = acme.owner().get(&format!("{log}?event=contact.updated")).await.expect(200);
    assert_eq!(updated.column("id"), failed.column("id"));
    let (first, rest) = {
        let page = acme.owner().get(&format!("{log}?limit=3&sort=at")).await.expect(200);
        let cursor = page.body["next_cursor"].as_str().unwrap().to_owned();
        (page, acme.owner().get(&format!("{log}?limit=3&sort=at&cursor={cursor}")).await.expect(200))
    };
    let events = [first.column("event"), rest.column("event")].concat();
    assert_eq!(events, ["contact.created", "contact.created", "contact.created", "contact.created", "contact.updated"]);

    // Whoever may not see contacts does not see what was told of them.
    let clerk = acme.with_permissions(&["webhooks.read", "webhooks.write"]).await;
    assert!(clerk.get(&log).await.expect(200).items().is_empty());
    let again = format!("{log}/{}/redeliver", one["id"].as_str().unwrap());
    clerk.post(&again, json!({})).await.problem(404, "not_found");
}

/// What failed is sent once more as it was, whenever somebody wants it.
#[tokio::test]
async fn an_event_is_redelivered() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let status = Arc::new(AtomicU16::new(500));
    let says = Arc::clone(&status);
    let receiver = Receiver::answering(move |_| (says.load(Ordering::SeqCst), "well".to_owned())).await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    contact(acme.owner(), "Lovelace").await;
    let log = format!("{}/deliveries", endpoint.path);
    until(&platform, &acme, false, || !receiver.got().is_empty()).await;
    let began = std::time::Instant::now();
    while acme.owner().get(&log).await.expect(200).items().is_empty() {
        assert!(began.elapsed().as_secs() < 20, "the log is not written");
    }
    status.store(200, Ordering::SeqCst);
    let failed = acme.owner().get(&log).await.expect(200);
    let id = failed.items()[0]["id"].as_str().unwrap();
    let again = acme.owner().post(&format!("{log}/{id}/redeliver"), json!({})).await.expect(200);
    assert_eq!((&again.body["kind"], &again.body["status"]), (&json!("redelivery"), &json!(200)));
    let got = receiver.got();
    assert_eq!((got[1].id(), &got[1].text), (got[0].id(), &got[0].text));
    assert!(got[1].is_signed_with(&endpoint.secret));
    assert_eq!(acme.owner().get(&log).await.expect(200).items().len(), 2);

    let other = Endpoint::make(acme.owner(), &receiver, json!([])).await;
    acme.owner().post(&format!("{}/deliveries/{id}/redeliver", other.path), json!({})).await.problem(404, "not_found");
    let etag = acme.owner().get(&endpoint.path).await.expect(200).header("etag").to_owned();
    acme.owner().patch(&endpoint.path, &etag, json!({ "enabled": false })).await.expect(200);
    acme.owner().post(&format!("{log}/{id}/redeliver"), json!({})).await.problem(409, "webhook_disabled");
}

/// A test event shows at once what comes back.
#[tokio::test]
async fn an_endpoint_is_tried() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::answering(|_| (202, "well".to_owned())).await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    let tried = acme.owner().post(&format!("{}/test", endpoint.path), json!({})).await.expect(200);
    assert_eq!((&tried.body["event"], &tried.body["answer"]), (&json!("webhook.test"), &json!("well")));
    let got = &receiver.got()[0];
    assert!(got.is_signed_with(&endpoint.secret));
    assert_eq!(
        (got.kind(), got.record(), &got.body["data"]["resource"]),
        ("webhook.test", endpoint.id.as_str(), &json!("webhooks"))
    );
    assert_eq!(got.body["data"]["actor"]["kind"], "person");
    assert_eq!(acme.owner().get(&format!("{}/deliveries", endpoint.path)).await.expect(200).column("kind"), ["test"]);

    let nobody = json!({ "url": "http://127.0.0.1:1/" });
    let made = acme.owner().post("/webhooks", nobody).await.expect(201);
    let tried = acme.owner().post(&format!("/webhooks/{}/test", made.id()), json!({})).await.expect(200);
    assert_eq!(tried.body["failure"], "the host cannot be connected to");
}

/// What holds an endpoint up can be given up.
#[tokio::test]
async fn an_event_in_the_way_is_skipped() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver =
        Receiver::answering(|got| (if got.body["data"]["changed"] == json!([]) { 500 } else { 200 }, String::new()))
            .await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    let skip = format!("{}/skip", endpoint.path);
    assert!(acme.owner().post(&skip, json!({})).await.expect(200).body["event_id"].is_null());
    let id = contact(acme.owner(), "Lovelace").await;
    acme.owner().patch(&format!("/contacts/{id}"), "\"1\"", json!({ "phone": "+4315885801" })).await.expect(200);
    until(&platform, &acme, false, || !receiver.got().is_empty()).await;
    let began = std::time::Instant::now();
    let skipped = loop {
        let skipped = acme.owner().post(&skip, json!({})).await.expect(200).body["event_id"].clone();
        if !skipped.is_null() {
            break skipped;
        }
        assert!(began.elapsed().as_secs() < 20, "nothing is in the way");
    };
    assert_eq!(skipped, receiver.got()[0].id());
    until(&platform, &acme, false, || receiver.got().len() >= 2).await;
    assert_eq!(receiver.got()[1].kind(), "contact.updated");
    let log = acme.owner().get(&format!("{}/deliveries?failed=true", endpoint.path)).await.expect(200);
    assert!(log.items().iter().all(|item| item["given_up"] == true), "{}", log.text);
    let audit = acme.owner().get("/audit?operation=webhooks_skip").await.expect(200);
    assert!(audit.items()[0]["after"]["skipped_at"].is_string(), "{}", audit.text);
}

/// What is older than 30 days is not shown, and goes.
#[tokio::test]
async fn the_log_is_kept_for_thirty_days() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::content().await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    for _ in 0..2 {
        acme.owner().post(&format!("{}/test", endpoint.path), json!({})).await.expect(200);
    }
    let old = "UPDATE webhook_deliveries SET at = now() - interval '31 days'
        WHERE id = (SELECT id FROM webhook_deliveries LIMIT 1)";
    sql(&platform, &acme, old).await;
    assert_eq!(acme.owner().get(&format!("{}/deliveries", endpoint.path)).await.expect(200).items().len(), 1);
    sql(&platform, &acme, "INSERT INTO schedules VALUES ('events/forget-deliveries', now()) ON CONFLICT (job) DO UPDATE SET due_at = now()").await;
    let worker = tenantry_core::worker::Worker::new(platform.platform().clone());
    worker.look_at_clock().await.unwrap();
    let database = crate::support::superuser_in(&platform, &acme).await;
    let began = std::time::Instant::now();
    while crate::support::count(&database, "SELECT count(*) FROM webhook_deliveries").await > 1 {
        assert!(began.elapsed().as_secs() < 20, "nobody forgets");
        worker.turn().await.unwrap();
    }
}
