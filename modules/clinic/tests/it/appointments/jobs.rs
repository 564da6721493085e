//! Reminders, and what was missed

use serde_json::json;

use super::{Desk, at};

const DUE: &str = "UPDATE appointments SET remind_at = now() - interval '1 second' WHERE remind_at IS NOT NULL";

/// Once each, by the clock of the place, without a word of what it is about; at the new time of one that is moved, and not of one
/// that is cancelled.
#[tokio::test]
async fn patients_are_reminded_once() {
    let desk = Desk::open(json!({ "name": "Vasectomy" })).await;
    let (room, _) = desk.room("1", "room").await;
    desk.address(&desk.patient, json!({ "email": "ada@example.com" })).await;
    let made = desk.book(&at("10:00"), json!({ "room_id": room })).await.expect(201);
    assert_eq!(made.body["remind_at"], "2030-12-31T10:00:00Z");
    let gone = desk.book(&at("12:00"), json!({})).await.expect(201);
    desk.verb(&gone, "cancel").await.expect(200);
    let held = desk.book(&at("14:00"), json!({ "hold_minutes": 60 })).await.expect(201);
    assert_eq!(held.body["remind_at"], json!(null));
    desk.platform.run_job("clinic/remind").await;
    assert!(desk.platform.letters_to("ada@example.com").await.is_empty());
    desk.sql(DUE).await;
    for _ in 0..3 {
        desk.platform.run_job("clinic/remind").await;
    }
    let letters = desk.platform.letters_to("ada@example.com").await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains("2031-01-01, 11:00"), "{}", letters[0].text);
    assert!(letters[0].text.contains("Place of 1") && !letters[0].text.contains("Vasectomy"), "{}", letters[0].text);
    assert!(desk.now(&made).await["reminded_at"].is_string());
    let to = json!({ "starts_at": at("16:00") });
    let moved = desk.reception.post(&format!("{}/move", made.header("location")), to).await.expect(200);
    assert_eq!((&moved.body["remind_at"], &moved.body["reminded_at"]), (&json!("2030-12-31T16:00:00Z"), &json!(null)));
    desk.sql(DUE).await;
    desk.platform.run_job("clinic/remind").await;
    let letters = desk.platform.letters_to("ada@example.com").await;
    assert_eq!(letters.len(), 2);
    assert!(letters[1].text.contains("2031-01-01, 17:00"), "{}", letters[1].text);
}

/// Who wants no letters gets a text message; who wants neither is not told; a guardian is told in the place of a child.
#[tokio::test]
async fn reminders_heed_consents() {
    let desk = Desk::open(json!({})).await;
    let both = json!({ "email": "ada@example.com", "phone": "+43158858001" });
    let contact = desk.address(&desk.patient, both).await;
    let no = json!({ "given": false, "source": "letter" });
    let owner = desk.clinic.owner();
    owner.put_json(&format!("{contact}/consents/email/transactional"), no.clone()).await.expect(200);
    desk.book(&at("10:00"), json!({})).await.expect(201);
    desk.sql(DUE).await;
    desk.platform.run_job("clinic/remind").await;
    assert!(desk.platform.letters_to("ada@example.com").await.is_empty());
    assert_eq!(desk.platform.texts_to("+43158858001").await.len(), 1);
    owner.put_json(&format!("{contact}/consents/sms/transactional"), no).await.expect(200);
    desk.book(&at("12:00"), json!({})).await.expect(201);
    desk.sql(DUE).await;
    desk.platform.run_job("clinic/remind").await;
    assert_eq!(desk.platform.texts_to("+43158858001").await.len(), 1);

    let mother = json!({ "last_name": "Byron", "email": "mother@example.com" });
    let mother = owner.post("/contacts", mother).await.expect(201);
    let child = desk.patient("P-2").await;
    let guardian = json!({ "guardian_contact_id": mother.id() });
    owner.patch(&format!("/clinic/patients/{child}"), "\"1\"", guardian).await.expect(200);
    desk.book(&at("14:00"), json!({ "patient_id": child })).await.expect(201);
    desk.sql(DUE).await;
    desk.platform.run_job("clinic/remind").await;
    assert_eq!(desk.platform.letters_to("mother@example.com").await.len(), 1);
}

/// What was booked and is long over was missed; who came, did.
#[tokio::test]
async fn what_is_long_over_was_missed() {
    let desk = Desk::open(json!({})).await;
    let missed = desk.book(&at("10:00"), json!({})).await.expect(201);
    let there = desk.book(&at("11:00"), json!({})).await.expect(201);
    let to_come = desk.book(&at("12:00"), json!({})).await.expect(201);
    desk.sql(
        "UPDATE appointments SET starts_at = now() - interval '4 hours', ends_at = now() - interval '3 hours'
        WHERE starts_at < '2031-01-01 11:30Z'",
    )
    .await;
    desk.verb(&there, "arrive").await.expect(200);
    for _ in 0..2 {
        desk.platform.run_job("clinic/mark-missed").await;
    }
    assert_eq!(desk.now(&missed).await["status"], "noshow");
    assert_eq!(desk.now(&there).await["status"], "arrived");
    assert_eq!(desk.now(&to_come).await["status"], "booked");
    desk.platform.seal().await;
    let audit = desk.clinic.owner().get(&format!("/audit?record={}&change=updated", missed.id())).await.expect(200);
    assert_eq!(audit.column("operation"), ["clinic/mark-missed"]);
}
