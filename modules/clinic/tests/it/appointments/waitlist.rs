//! `/api/v1/clinic/waitlist`

use serde_json::{Value, json};
use tenantry_core::testing::Reply;

use super::{Desk, at};

impl Desk {
    async fn wait(&self, patient: &str, changes: Value) -> Reply {
        let mut body = json!({
            "patient_id": patient, "service_id": self.service, "earliest_at": at("08:00"), "latest_at": at("18:00"),
        });
        for (field, value) in changes.as_object().unwrap() {
            body[field] = value.clone();
        }
        self.reception.post("/clinic/waitlist", body).await
    }

    async fn answer(&self, entry: &Reply, verb: &str) -> Reply {
        self.reception.post(&format!("{}/{verb}", entry.header("location")), json!({})).await
    }

    async fn offer_slots(&self) {
        self.platform.run_job("clinic/offer-slots").await;
    }
}

/// A cancelled slot is offered to the first whom it fits, by a letter that says nothing of what it is about; to accept it books it.
#[tokio::test]
async fn what_is_cancelled_is_offered() {
    let desk = Desk::open(json!({ "name": "Vasectomy" })).await;
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    let (late, busy, first, second) =
        (desk.patient("A").await, desk.patient("B").await, desk.patient("C").await, desk.patient("D").await);
    desk.address(&first, json!({ "email": "first@example.com" })).await;
    desk.wait(&late, json!({ "earliest_at": at("11:00"), "priority": 9 })).await.expect(201);
    let behind = desk.wait(&second, json!({})).await.expect(201);
    // Who has something else at that time does not come first, whatever the priority.
    let ben = desk.practitioner("Ben").await;
    desk.offer(&[&desk.practitioner, &ben]).await;
    desk.book(&at("10:15"), json!({ "patient_id": busy, "practitioner_id": ben })).await.expect(201);
    desk.wait(&busy, json!({ "priority": 9 })).await.expect(201);
    let entry = desk.wait(&first, json!({ "priority": 5, "practitioner_id": desk.practitioner })).await.expect(201);
    desk.answer(&entry, "accept").await.problem(409, "nothing_offered");
    desk.offer_slots().await;
    assert_eq!(desk.now(&entry).await["status"], "waiting");

    desk.verb(&made, "cancel").await.expect(200);
    desk.offer_slots().await;
    let offered = desk.now(&entry).await;
    assert_eq!(offered["status"], "offered");
    let appointment = format!("/clinic/appointments/{}", offered["appointment_id"].as_str().unwrap());
    let held = desk.reception.get(&appointment).await.expect(200);
    assert_eq!((&held.body["status"], &held.body["patient_id"]), (&json!("waitlist"), &json!(first)));
    let letters = desk.platform.letters_to("first@example.com").await;
    assert_eq!(letters.len(), 1);
    assert!(
        letters[0].text.contains("2031-01-01, 10:00") && !letters[0].text.contains("Vasectomy"),
        "{}",
        letters[0].text
    );
    desk.book(&at("10:00"), json!({})).await.problem(409, "slot_taken");
    let accepted = desk.answer(&entry, "accept").await.expect(200);
    assert_eq!(accepted.body["status"], "booked");
    assert_eq!(desk.reception.get(&appointment).await.expect(200).body["status"], "booked");
    desk.let_holds_end().await;
    desk.offer_slots().await;
    assert_eq!(desk.now(&behind).await["status"], "waiting");
    let audit = desk.clinic.owner().get(&format!("/audit?record={}", entry.id())).await.expect(200);
    assert!(!audit.text.contains(&desk.service), "{}", audit.text);
}

/// Who does not answer in time, or says no, waits on, and the next is asked; nobody is asked about a time twice.
#[tokio::test]
async fn an_offer_is_passed_on() {
    let desk = Desk::open(json!({})).await;
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    let mut entries = Vec::new();
    for number in ["A", "B"] {
        let patient = desk.patient(number).await;
        entries.push(desk.wait(&patient, json!({})).await.expect(201));
    }
    desk.verb(&made, "cancel").await.expect(200);
    let status = async || {
        let statuses = [desk.now(&entries[0]).await, desk.now(&entries[1]).await];
        statuses.map(|entry| entry["status"].as_str().unwrap().to_owned())
    };
    desk.offer_slots().await;
    assert_eq!(status().await, ["offered", "waiting"]);
    desk.let_holds_end().await;
    desk.answer(&entries[0], "accept").await.problem(409, "wrong_status");
    desk.offer_slots().await;
    assert_eq!(status().await, ["waiting", "offered"]);
    assert_eq!(desk.answer(&entries[1], "decline").await.expect(200).body["status"], "waiting");
    desk.offer_slots().await;
    assert_eq!(status().await, ["waiting", "waiting"]);
    // Nobody is left, and the time is anybody's.
    desk.book(&at("10:00"), json!({})).await.expect(201);
}

/// Of an answer and another at once, one counts; who is taken off the list gets nothing.
#[tokio::test]
async fn an_offer_is_answered_once() {
    let desk = Desk::open(json!({})).await;
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    let patient = desk.patient("A").await;
    let entry = desk.wait(&patient, json!({})).await.expect(201);
    desk.verb(&made, "cancel").await.expect(200);
    desk.offer_slots().await;
    let (yes, no) = tokio::join!(desk.answer(&entry, "accept"), desk.answer(&entry, "decline"));
    let mut answers = [yes.status.as_u16(), no.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409], "{} {}", yes.text, no.text);
    let other = desk.patient("B").await;
    let gone = desk.wait(&other, json!({})).await.expect(201);
    assert_eq!(desk.answer(&gone, "cancel").await.expect(200).body["status"], "cancelled");
    assert_eq!(desk.answer(&gone, "cancel").await.expect(200).body["status"], "cancelled");
    let wrong = desk.wait(&other, json!({ "latest_at": at("08:00") })).await.problem(422, "invalid");
    assert_eq!(wrong.pointers(), ["/latest_at"]);
    let wrong = desk.wait(&other, json!({ "service_id": uuid::Uuid::new_v4() })).await.problem(404, "not_found");
    assert_eq!(wrong.pointers(), ["/service_id"]);
}
