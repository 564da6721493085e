//! What applicants are told: once, by the organization's clock, and where they have an address.

use serde_json::json;

use super::{ask, at, booking, confirmed, stage, step};
use crate::agency;
use crate::market::with;

const ADA: &str = "ada@example.com";

/// Confirming tells when and where it is, and who will be there; confirming again tells nothing.
#[tokio::test]
async fn a_confirmed_viewing_is_told_once() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    owner.patch("/notification-settings", "\"1\"", json!({ "time_zone": "Europe/Berlin" })).await.expect(200);
    let stage = stage(&agency).await;
    let made = ask(&agency, stage.body("10:00", "10:30", json!({}))).await.expect(201);
    assert!(platform.letters_to(ADA).await.is_empty());
    for _ in 0..2 {
        step(&agency, &made, "confirm", json!({})).await.expect(200);
    }
    let letters = platform.letters_to(ADA).await;
    assert_eq!(letters.len(), 1);
    let me = owner.get("/users/me").await.expect(200).body["name"].as_str().unwrap().to_owned();
    for words in ["Hello Ada", "2190-05-17, 12:00", "Hauptstraße 1, 50667 Köln", &format!("{me} will meet you")] {
        assert!(letters[0].text.contains(words), "{words}: {}", letters[0].text);
    }
    // At another time, once more.
    let to = json!({ "starts_at": at("14:00"), "ends_at": at("14:30") });
    step(&agency, &made, "move", to).await.expect(200);
    let letters = platform.letters_to(ADA).await;
    assert_eq!(letters.len(), 2);
    assert!(letters[1].text.contains("2190-05-17, 16:00"), "{}", letters[1].text);
}

/// Cancelling tells that it does not take place, and not why; what has begun is not called off any more.
#[tokio::test]
async fn a_cancelled_viewing_is_told() {
    let (platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let made = ask(&agency, stage.body("10:00", "10:30", json!({}))).await.expect(201);
    let reason = json!({ "reason": "The vendor dislikes them." });
    for _ in 0..2 {
        step(&agency, &made, "cancel", reason.clone()).await.expect(200);
    }
    let letters = platform.letters_to(ADA).await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].subject.contains("is cancelled") && !letters[0].text.contains("vendor"), "{}", letters[0].text);
    let begun = confirmed(&agency, stage.body("10:00", "10:30", json!({}))).await;
    super::begin(&platform, &agency).await;
    step(&agency, &begun, "cancel", reason).await.expect(200);
    assert_eq!(platform.letters_to(ADA).await.len(), 2, "the one that confirmed it");
    assert_eq!(booking(&agency, &begun).await["status"], "cancelled");
}

/// Who is alone there is promised nobody, and who has no address is told nothing.
#[tokio::test]
async fn nobody_is_promised_who_is_not_there() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let stage = stage(&agency).await;
    let made = ask(&agency, stage.body("10:00", "10:30", json!({ "accompanied": false }))).await.expect(201);
    let set = json!({ "property_id": made.body["property_id"], "label": "A" });
    let set = owner.post("/real-estate/key-sets", set).await.expect(201);
    let out = json!({ "contact_id": stage.applicant });
    owner.post(&format!("{}/check-out", set.header("location")), out).await.expect(201);
    step(&agency, &made, "confirm", json!({})).await.expect(200);
    let letters = platform.letters_to(ADA).await;
    assert!(!letters[0].text.contains("will meet you"), "{}", letters[0].text);
    let silent = owner.post("/contacts", json!({ "last_name": "Silent" })).await.expect(201);
    let body = with(stage.body("12:00", "12:30", json!({})), json!({ "applicant_id": silent.id() }));
    let made = confirmed(&agency, body).await;
    step(&agency, &made, "cancel", json!({ "reason": "Ill." })).await.expect(200);
    let log = owner.get("/notifications").await.expect(200);
    let told = log.items().iter().filter(|notice| notice["kind"].as_str().unwrap().starts_with("viewing-")).count();
    assert_eq!(told, 1);
}
