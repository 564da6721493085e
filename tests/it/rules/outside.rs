//! What rules tell: endpoints and members.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::json;
use tenantry_core::testing::Reply;

use super::{contact, platform, rule, runs, settle, sql};
use crate::webhooks::receiver::Receiver;

/// An endpoint gets a signed message that names the rule and the event, with one id at each attempt.
#[tokio::test]
async fn an_endpoint_is_told() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let status = Arc::new(AtomicU16::new(500));
    let says = Arc::clone(&status);
    let receiver = Receiver::answering(move |got| {
        let fails = got.kind() == "rule.fired" && says.swap(200, Ordering::SeqCst) == 500;
        (if fails { 500 } else { 200 }, String::new())
    })
    .await;
    let hook = json!({ "url": receiver.url, "events": ["property.created"] });
    let hook = owner.post("/webhooks", hook).await.expect(201);
    let secret = hook.body["secret"].as_str().unwrap();
    let actions = json!([{ "webhook": { "webhook_id": hook.id() } }]);
    let path = rule(owner, json!(["contact.created"]), json!([]), actions).await;
    let ada = contact(owner, "Lovelace").await;
    settle(&platform, &acme).await;

    let got = receiver.got();
    assert_eq!(got.iter().map(|got| got.kind()).collect::<Vec<_>>(), ["rule.fired", "rule.fired"]);
    assert!(got.iter().all(|got| got.is_signed_with(secret)));
    assert_eq!((got[0].id(), &got[0].text), (got[1].id(), &got[1].text));
    let data = &got[1].body["data"];
    assert_eq!((&data["rule"]["name"], &data["event"]["type"]), (&json!("A rule"), &json!("contact.created")));
    assert_eq!(data["rule"]["id"].as_str(), path.rsplit('/').next());
    assert_eq!(data["event"]["record"].as_str(), ada.rsplit('/').next());
    assert!(!got[1].text.contains("Lovelace"), "it carries data: {}", got[1].text);
    let runs = runs(owner, &path).await;
    assert_eq!((&runs[0]["state"], runs[0]["id"].as_str()), (&json!("done"), Some(got[0].id())));
    let log = owner.get(&format!("/webhooks/{}/deliveries?event=rule.fired&sort=at", hook.id())).await.expect(200);
    assert_eq!(log.column("kind"), ["rule", "rule"]);
    let attempts: Vec<_> = log.items().iter().map(|item| (&item["attempt"], &item["status"])).collect();
    assert_eq!(attempts, [(&json!(1), &json!(500)), (&json!(2), &json!(200))]);
}

/// All rules of an organization together send twenty letters a day to one address, and the runs say what was not sent.
#[tokio::test]
async fn nobody_gets_more_than_twenty_letters_a_day() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (member, other) = (acme.member().await, acme.member().await);
    let (member, other) = (member.get("/users/me").await.expect(200), other.get("/users/me").await.expect(200));
    let email = |person: &Reply| person.body["email"].as_str().unwrap().to_owned();
    let notify = |person: &Reply| json!({ "notify": { "user_id": person.id(), "text": "Hello." } });
    let (one, both) = (json!([notify(&member)]), json!([notify(&member), notify(&other)]));
    let first = rule(owner, json!(["contact.created"]), json!([]), one).await;
    let second = rule(owner, json!(["contact.created"]), json!([]), both).await;
    contact(owner, "Lovelace").await;
    settle(&platform, &acme).await;
    assert_eq!(platform.letters_to(&email(&member)).await.len(), 2);
    // As if they had been sent: no trigger posts them.
    let sent = "SET session_replication_role = replica; INSERT INTO notices (id, kind, channel, recipient, state) SELECT gen_random_uuid(), kind, channel, recipient, 'sent'
        FROM notices, generate_series(1, 17) WHERE id IN (SELECT id FROM notices WHERE recipient = '{}' LIMIT 1)";
    sql(&platform, &acme, &sent.replace("{}", &email(&member))).await;
    contact(owner, "Babbage").await;
    settle(&platform, &acme).await;
    let mut failures = Vec::new();
    for path in [&first, &second] {
        let run = runs(owner, path).await.pop().unwrap();
        failures.extend(
            run["actions"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|action| action["failure"].as_str().map(str::to_owned)),
        );
    }
    assert_eq!(failures, ["rules have sent 20 letters to this person within a day"]);
    assert_eq!(platform.letters_to(&email(&member)).await.len(), 3);
    assert_eq!(platform.letters_to(&email(&other)).await.len(), 2);
    sql(&platform, &acme, "UPDATE notices SET created_at = created_at - interval '1 day'").await;
    contact(owner, "Somerville").await;
    settle(&platform, &acme).await;
    assert_eq!(platform.letters_to(&email(&member)).await.len(), 5);
}

/// What cannot be told in the end has failed, in words; the other actions are done.
#[tokio::test]
async fn what_cannot_be_told_has_failed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let me = owner.get("/users/me").await.expect(200).id().to_owned();
    let mut hooks = Vec::new();
    for _ in 0..3 {
        hooks.push(
            owner
                .post("/webhooks", json!({ "url": "http://127.0.0.1:1/", "events": ["property.created"] }))
                .await
                .expect(201),
        );
    }
    let mut actions: Vec<_> = hooks.iter().map(|hook| json!({ "webhook": { "webhook_id": hook.id() } })).collect();
    actions.push(json!({ "notify": { "user_id": me, "text": "Somebody new." } }));
    let path = rule(owner, json!(["contact.created"]), json!([]), json!(actions)).await;
    owner.delete(&format!("/webhooks/{}", hooks[0].id())).await.expect(204);
    let disabled = format!("/webhooks/{}", hooks[1].id());
    owner.patch(&disabled, "\"1\"", json!({ "enabled": false })).await.expect(200);
    contact(owner, "Lovelace").await;
    settle(&platform, &acme).await;
    let runs = runs(owner, &path).await;
    assert_eq!(runs[0]["state"], "failed");
    let words: Vec<_> = runs[0]["actions"].as_array().unwrap().iter().map(|action| &action["failure"]).collect();
    let words_expected =
        ["there is no such endpoint", "the endpoint is disabled", "the host cannot be connected to"].map(|w| json!(w));
    assert_eq!(words[..3], [&words_expected[0], &words_expected[1], &words_expected[2]]);
    assert!(words[3].is_null());
    // An endpoint that is gone keeps nobody from changing the rule.
    owner.patch(&path, "\"1\"", json!({ "enabled": false })).await.expect(200);
}

/// Members get a letter, no more than a hundred an hour; who has left gets none.
#[tokio::test]
async fn a_member_is_written_to() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let member = acme.member().await.get("/users/me").await.expect(200);
    let (id, address) = (member.id().to_owned(), member.body["email"].as_str().unwrap().to_owned());
    let actions = json!([{ "notify": { "user_id": id, "text": "Please call back today." } }]);
    let path = rule(owner, json!(["contact.created"]), json!([]), actions).await;
    contact(owner, "Lovelace").await;
    settle(&platform, &acme).await;
    let letters = platform.letters_to(&address).await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains("Please call back today.") && letters[0].text.contains("A rule"));
    assert!(letters[0].text.contains("contact.created"), "{}", letters[0].text);

    sql(
        &platform,
        &acme,
        "INSERT INTO rule_runs SELECT gen_random_uuid(), rule_id, gen_random_uuid(), event, resource, record,
        at, state, actions, 1 FROM rule_runs, generate_series(1, 99)",
    )
    .await;
    contact(owner, "Babbage").await;
    settle(&platform, &acme).await;
    let last = owner.get(&format!("{path}/runs?failed=true")).await.expect(200);
    assert_eq!(last.items()[0]["actions"][0]["failure"], "the rule has sent 100 letters within an hour");

    sql(&platform, &acme, "UPDATE rule_runs SET at = at - interval '2 hours'").await;
    owner.delete(&format!("/members/{id}")).await.expect(204);
    contact(owner, "Somerville").await;
    settle(&platform, &acme).await;
    let last = owner.get(&format!("{path}/runs?failed=true")).await.expect(200);
    assert_eq!(last.items()[0]["actions"][0]["failure"], "the person is not a member any more");
    assert_eq!(platform.letters_to(&address).await.len(), 1);
}
