//! What is delivered: everything, in its order, signed; and nothing that was not.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;

use super::{Endpoint, Receiver, contact, platform, until};

/// A receiver that fails at random: none lost, none out of order, what comes again has its id again, all signed.
#[tokio::test]
async fn a_flaky_receiver_hears_all_in_order() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let random = Mutex::new(StdRng::seed_from_u64(seed));
    let receiver = Receiver::answering(move |_| {
        let status = [200, 202, 204, 299, 500, 302][random.lock().unwrap().random_range(0..6)];
        (status, "well".to_owned())
    })
    .await;
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let steady = Receiver::content().await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    Endpoint::make(acme.owner(), &steady, json!(["contact.created"])).await;

    let mut expected = Vec::new();
    for n in 0..30 {
        let id = contact(acme.owner(), &format!("Number {n}")).await;
        expected.push(("contact.created".to_owned(), id.clone()));
        if n % 3 == 0 {
            acme.owner()
                .patch(&format!("/contacts/{id}"), "\"1\"", json!({ "phone": "+4315885801" }))
                .await
                .expect(200);
            expected.push(("contact.updated".to_owned(), id));
        }
    }
    until(&platform, &acme, true, || receiver.heard().len() >= expected.len() && steady.got().len() >= 30).await;

    let heard: Vec<_> = receiver.heard().iter().map(|got| (got.kind().to_owned(), got.record().to_owned())).collect();
    assert_eq!(heard, expected, "seed {seed}");
    assert_eq!(steady.got().len(), 30, "one endpoint's failures are another's");
    let mut ids = BTreeMap::new();
    for got in receiver.got() {
        assert!(got.is_signed_with(&endpoint.secret), "seed {seed}: {got:?}");
        assert_eq!(got.headers["content-type"], "application/json");
        assert_eq!(got.id(), got.body["data"]["id"], "{got:?}");
        assert_eq!(got.body["type"], got.body["data"]["type"]);
        assert_eq!(got.body["timestamp"], got.body["data"]["at"]);
        let known = ids.entry((got.kind().to_owned(), got.record().to_owned())).or_insert(got.id().to_owned());
        assert_eq!(known, got.id(), "seed {seed}: another id at another attempt");
    }
    let positions: Vec<i64> = receiver.got().iter().map(|got| got.body["data"]["position"].as_i64().unwrap()).collect();
    assert!(positions.is_sorted(), "seed {seed}: {positions:?}");
}

/// What is rolled back was never there, and an endpoint hears nothing of before it was made.
#[tokio::test]
async fn what_did_not_happen_is_not_told() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::content().await;
    contact(acme.owner(), "Before").await;
    platform.seal().await;
    Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    acme.owner().post("/contacts", json!({ "first_name": null })).await.problem(422, "invalid");
    let database = platform.database().superuser().await;
    let schema = acme.tenant().schema();
    let rolled_back =
        format!("BEGIN; INSERT INTO {schema}.contacts (id, last_name) VALUES (gen_random_uuid(), 'No'); ROLLBACK");
    database.batch_execute(&rolled_back).await.unwrap();
    let id = contact(acme.owner(), "Lovelace").await;
    until(&platform, &acme, false, || !receiver.got().is_empty()).await;
    let got = receiver.got();
    assert_eq!(got.iter().map(|got| got.record()).collect::<Vec<_>>(), [id]);
    assert!(!got[0].text.contains("Lovelace"), "an event carries data: {}", got[0].text);
}

/// While an endpoint is disabled it hears nothing, and what happened then it never hears.
#[tokio::test]
async fn a_disabled_endpoint_hears_nothing() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::content().await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    acme.owner().patch(&endpoint.path, "\"1\"", json!({ "enabled": false })).await.expect(200);
    contact(acme.owner(), "Meanwhile").await;
    platform.seal().await;
    acme.owner().patch(&endpoint.path, "\"2\"", json!({ "enabled": true })).await.expect(200);
    let id = contact(acme.owner(), "Lovelace").await;
    until(&platform, &acme, false, || !receiver.got().is_empty()).await;
    assert_eq!(receiver.got().iter().map(|got| got.record().to_owned()).collect::<Vec<_>>(), [id]);
}
