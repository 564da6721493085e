//! When an event is sent again, when it is given up, and when an endpoint is.

use serde_json::json;
use tenantry_core::testing::{TestOrganization, TestPlatform};

use super::{Endpoint, Receiver, contact, platform, sql, until};

/// What the platform knows of the one listener: attempts, whether it fails, and seconds until the next attempt.
async fn state(platform: &TestPlatform, attempts: i16) -> (bool, f64) {
    let database = platform.database().superuser().await;
    let began = std::time::Instant::now();
    loop {
        let sql = "SELECT attempts, failing_since IS NOT NULL, extract(epoch FROM due_at - now())::float8
            FROM platform.listeners WHERE claim IS NULL";
        let row = database.query_opt(sql, &[]).await.unwrap();
        if let Some(row) = row.filter(|row| row.get::<_, i16>(0) == attempts) {
            return (row.get(1), row.get::<_, Option<f64>>(2).unwrap_or_default());
        }
        assert!(began.elapsed().as_secs() < 20, "there is no attempt {attempts}");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// Lets the next attempt come, as if its time had, and gives what [`state`] does.
async fn attempt(platform: &TestPlatform, acme: &TestOrganization, receiver: &Receiver, number: i16) -> (bool, f64) {
    if number > 1 {
        sql(platform, acme, super::HURRY).await;
    }
    until(platform, acme, false, || receiver.got().len() >= usize::try_from(number).unwrap()).await;
    state(platform, number).await
}

/// The waits are those of the schedule, give or take a fifth; after the tenth attempt the next event has its turn.
#[tokio::test]
async fn an_event_is_tried_ten_times_and_then_the_next_one() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::answering(|_| (500, "no".to_owned())).await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.created"])).await;
    let first = contact(acme.owner(), "First").await;
    let second = contact(acme.owner(), "Second").await;
    let waits = [5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0];
    for (number, wait) in (1..).zip(waits) {
        let (failing, due) = attempt(&platform, &acme, &receiver, number).await;
        assert!(failing && (wait * 0.79 - 2.0..=wait * 1.21).contains(&due), "{number}: {due} of {wait}");
    }
    assert!(receiver.got().iter().all(|got| got.record() == first));
    sql(&platform, &acme, super::HURRY).await;
    until(&platform, &acme, false, || receiver.got().len() >= 11).await;
    let got: Vec<_> = receiver.got().iter().map(|got| got.record().to_owned()).collect();
    assert_eq!((&got[9], &got[10]), (&first, &second));
    let (failing, _) = state(&platform, 1).await;
    assert!(failing, "it has only failed, whatever it was given up");

    let log = acme.owner().get(&format!("{}/deliveries?sort=at", endpoint.path)).await.expect(200);
    let given_up: Vec<bool> = log.items().iter().map(|item| item["given_up"].as_bool().unwrap()).collect();
    assert_eq!(given_up.iter().position(|given_up| *given_up), Some(9), "{}", log.text);
    let attempts: Vec<i64> = log.items().iter().map(|item| item["attempt"].as_i64().unwrap()).collect();
    assert_eq!(attempts, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1]);
}

/// Only 2xx is a success, and 410 is the end.
#[tokio::test]
async fn whoever_is_gone_is_told_nothing_more() {
    for (status, answered) in [(201, true), (299, true), (302, false), (404, false)] {
        let platform = platform().await;
        let acme = platform.organization("Acme").await;
        let receiver = Receiver::answering(move |_| (status, String::new())).await;
        let endpoint = Endpoint::make(acme.owner(), &receiver, json!([])).await;
        let tried = acme.owner().post(&format!("{}/test", endpoint.path), json!({})).await.expect(200);
        assert_eq!((&tried.body["status"], tried.body["failure"].is_null()), (&json!(status), answered));
    }
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let admin = acme.admin().await.get("/users/me").await.expect(200).body["email"].as_str().unwrap().to_owned();
    let receiver = Receiver::answering(|_| (410, String::new())).await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.created"])).await;
    contact(acme.owner(), "First").await;
    contact(acme.owner(), "Second").await;
    until(&platform, &acme, false, || !receiver.got().is_empty()).await;
    for address in [acme.email(), &admin] {
        wait_for_letter(&platform, address, "gone for good").await;
    }
    let shown = disabled(&acme, &endpoint).await;
    assert_eq!((&shown["disabled_reason"], shown["disabled_at"].is_string()), (&json!("gone"), true));
    assert_eq!(receiver.got().len(), 1);

    // Enabled again it hears what happens from then on.
    let again = acme.owner().get(&endpoint.path).await.expect(200);
    let enabled =
        acme.owner().patch(&endpoint.path, again.header("etag"), json!({ "enabled": true })).await.expect(200);
    assert!(enabled.body["disabled_reason"].is_null() && enabled.body["disabled_at"].is_null());
}

/// An endpoint that has only failed for five days is disabled, and who answers for the organization gets a letter.
#[tokio::test]
async fn whoever_fails_for_five_days_is_told_nothing_more() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::answering(|_| (500, String::new())).await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.created"])).await;
    contact(acme.owner(), "First").await;
    attempt(&platform, &acme, &receiver, 1).await;
    sql(&platform, &acme, "UPDATE listeners SET failing_since = now() - interval '4 days 23 hours'").await;
    attempt(&platform, &acme, &receiver, 2).await;
    assert_eq!(acme.owner().get(&endpoint.path).await.expect(200).body["enabled"], true);
    sql(&platform, &acme, "UPDATE listeners SET failing_since = now() - interval '5 days'").await;
    sql(&platform, &acme, super::HURRY).await;
    wait_for_letter(&platform, acme.email(), "For five days").await;
    assert_eq!(disabled(&acme, &endpoint).await["disabled_reason"], "failing");
    let audit = acme.owner().get(&format!("/audit?record={}", endpoint.id)).await.expect(200);
    assert_eq!((&audit.items()[0]["kind"], &audit.items()[0]["after"]["enabled"]), (&json!("system"), &json!(false)));
}

async fn disabled(acme: &TestOrganization, endpoint: &Endpoint) -> serde_json::Value {
    let began = std::time::Instant::now();
    loop {
        let shown = acme.owner().get(&endpoint.path).await.expect(200).body;
        if shown["enabled"] == false {
            return shown;
        }
        assert!(began.elapsed().as_secs() < 20, "it is not disabled");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn wait_for_letter(platform: &TestPlatform, address: &str, words: &str) {
    let began = std::time::Instant::now();
    loop {
        let letters = platform.letters_to(address).await;
        if let Some(letter) = letters.iter().find(|letter| letter.subject == "A webhook was disabled") {
            return assert!(letter.text.contains(words) && letter.text.contains("Acme"), "{}", letter.text);
        }
        assert!(began.elapsed().as_secs() < 20, "no letter to {address}");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
