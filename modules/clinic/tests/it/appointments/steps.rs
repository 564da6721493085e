//! What becomes of appointments

use serde_json::json;

use super::{Desk, at};

/// What brings an appointment into a status.
const WAYS: [(&str, &[&str]); 9] = [
    ("proposed", &[]),
    ("pending", &[]),
    ("booked", &[]),
    ("arrived", &["arrive"]),
    ("checked-in", &["check-in"]),
    ("fulfilled", &["fulfil"]),
    ("cancelled", &["cancel"]),
    ("noshow", &["no-show"]),
    ("entered-in-error", &["enter-in-error"]),
];

/// Each verb, what it makes, and where it may come from.
const VERBS: [(&str, &str, &[&str]); 7] = [
    ("confirm", "booked", &["proposed", "pending"]),
    ("arrive", "arrived", &["booked"]),
    ("check-in", "checked-in", &["booked", "arrived"]),
    ("fulfil", "fulfilled", &["booked", "arrived", "checked-in"]),
    ("cancel", "cancelled", &["proposed", "pending", "booked", "arrived"]),
    ("no-show", "noshow", &["booked"]),
    ("enter-in-error", "entered-in-error", &["proposed", "pending", "booked", "arrived", "checked-in"]),
];

/// Each way that there is, and no other; what stands so already stays as it is.
#[tokio::test]
async fn statuses_go_forward() {
    let desk = Desk::open(json!({})).await;
    let mut day = 1;
    for (from, way) in WAYS {
        for (verb, to, comes_from) in VERBS {
            day += 1;
            let changes = match from {
                "proposed" => json!({ "proposed": true }),
                "pending" => json!({ "hold_minutes": 60 }),
                _ => json!({}),
            };
            let month = 1 + day / 28;
            let made = desk.book(&format!("2031-{month:02}-{:02}T10:00:00Z", 1 + day % 28), changes).await.expect(201);
            for step in way {
                desk.begin(&made, step).await;
                desk.verb(&made, step).await.expect(200);
            }
            if from == "booked" {
                desk.begin(&made, verb).await;
            }
            let before = desk.now(&made).await;
            assert_eq!(before["status"], from);
            let gone = desk.verb(&made, verb).await;
            if comes_from.contains(&from) {
                assert_eq!(gone.expect(200).body["status"], to, "{from} {verb}");
            } else if from == to {
                assert_eq!(gone.expect(200).body, before, "{from} {verb}");
            } else {
                gone.problem(409, "wrong_status");
                assert_eq!(desk.now(&made).await, before, "{from} {verb}");
            }
        }
    }
}

/// What is cancelled, missed or a mistake takes nobody's time; a suggestion does not yet.
#[tokio::test]
async fn what_does_not_take_place_does_not_block() {
    let desk = Desk::open(json!({})).await;
    let other = json!({ "patient_id": desk.patient("P-2").await });
    for verb in ["cancel", "no-show", "enter-in-error"] {
        let made = desk.book(&at("10:00"), json!({})).await.expect(201);
        desk.book(&at("10:00"), other.clone()).await.problem(409, "slot_taken");
        if verb == "no-show" {
            for early in ["arrive", "check-in", "fulfil"] {
                desk.verb(&made, early).await.problem(409, "appointment_to_come");
            }
            desk.verb(&made, verb).await.problem(409, "appointment_to_come");
        }
        desk.begin(&made, verb).await;
        desk.verb(&made, verb).await.expect(200);
    }
    let suggested = desk.book(&at("10:00"), json!({ "proposed": true })).await.expect(201);
    desk.book(&at("10:00"), other).await.expect(201);
    desk.verb(&suggested, "confirm").await.problem(409, "slot_taken");
    let cancelled = desk.reception.get("/clinic/appointments?filter[status]=cancelled").await.expect(200);
    assert_eq!(cancelled.items()[0]["cancel_reason"], "Ill");
    let bare = format!("{}/cancel", suggested.header("location"));
    assert_eq!(desk.reception.post(&bare, json!({})).await.problem(422, "invalid").pointers(), ["/reason"]);
}

/// A reset takes a privilege, and the time again, where that is free.
#[tokio::test]
async fn a_reset_is_a_privilege() {
    let desk = Desk::open(json!({})).await;
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    let reset = format!("{}/reset", made.header("location"));
    let there = desk.book(&at("14:00"), json!({})).await.expect(201);
    desk.begin(&there, "check-in").await;
    desk.verb(&there, "check-in").await.expect(200);
    desk.reception.post(&reset, json!({})).await.problem(403, "forbidden");
    let back = desk.verb(&there, "reset").await.expect(200);
    assert_eq!((&back.body["status"], &back.body["queue_number"]), (&json!("booked"), &json!(null)));
    desk.verb(&made, "cancel").await.expect(200);
    let other = desk.book(&at("10:00"), json!({ "patient_id": desk.patient("P-2").await })).await.expect(201);
    desk.verb(&made, "reset").await.problem(409, "slot_taken");
    desk.verb(&other, "cancel").await.expect(200);
    let back = desk.verb(&made, "reset").await.expect(200);
    assert_eq!((&back.body["status"], &back.body["cancel_reason"]), (&json!("booked"), &json!(null)));
    desk.book(&at("10:00"), json!({})).await.problem(409, "slot_taken");
    let held = desk.book(&at("12:00"), json!({ "hold_minutes": 60 })).await.expect(201);
    desk.verb(&held, "reset").await.problem(409, "wrong_status");
    // A patient who was there after all.
    desk.begin(&made, "no-show").await;
    desk.verb(&made, "no-show").await.expect(200);
    assert_eq!(desk.verb(&made, "reset").await.expect(200).body["status"], "booked");
    assert_eq!(desk.verb(&made, "fulfil").await.expect(200).body["status"], "fulfilled");
}

/// Only the version that was read, where one is named.
#[tokio::test]
async fn a_step_heeds_the_version() {
    let desk = Desk::open(json!({})).await;
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    desk.begin(&made, "arrive").await;
    let path = format!("{}/arrive", made.header("location"));
    let with = |etag: &'static str| desk.reception.request(reqwest::Method::POST, &path).header("if-match", etag);
    desk.reception.send(with("\"7\"")).await.problem(412, "stale_version");
    desk.reception.send(with("\"1\"")).await.expect(200);
}

/// An encounter came of an appointment of its own patient, which has taken place once it is signed.
#[tokio::test]
async fn signing_an_encounter_fulfils_its_appointment() {
    let desk = Desk::open(json!({})).await;
    let (doctor, practitioner) = crate::charts::doctor(&desk.clinic, "physician").await;
    desk.offer(&[&practitioner]).await;
    let patient = crate::charts::patient_by(&doctor).await;
    let id = crate::charts::id_of(&patient);
    let mine = json!({ "patient_id": id, "practitioner_id": practitioner });
    let made = desk.book(&at("10:00"), mine).await.expect(201);
    let foreign = desk.book(&at("11:00"), json!({ "practitioner_id": practitioner })).await.expect(201);
    let encounters = format!("{patient}/encounters");
    for of in [foreign.id(), &uuid::Uuid::new_v4().to_string()] {
        let refused = doctor.post(&encounters, json!({ "appointment_id": of })).await.problem(404, "not_found");
        assert_eq!(refused.pointers(), ["/appointment_id"]);
    }
    let draft = doctor.post(&encounters, json!({ "appointment_id": made.id() })).await.expect(201);
    let refused = doctor.patch(draft.header("location"), "\"1\"", json!({ "appointment_id": foreign.id() })).await;
    assert_eq!(refused.problem(404, "not_found").pointers(), ["/appointment_id"]);
    desk.begin(&made, "check-in").await;
    desk.verb(&made, "check-in").await.expect(200);
    doctor.post(&format!("{}/sign", draft.header("location")), json!({})).await.expect(200);
    assert_eq!(desk.now(&made).await["status"], "fulfilled");
}

/// A merge takes appointments along, and the time of both stays taken; undoing it gives them back.
#[tokio::test]
async fn a_merge_takes_appointments_along() {
    let desk = Desk::open(json!({})).await;
    let (ben, other) = (desk.practitioner("Ben").await, desk.patient("P-2").await);
    desk.offer(&[&desk.practitioner, &ben]).await;
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    let theirs = json!({ "patient_id": other, "practitioner_id": ben });
    desk.book(&at("12:00"), theirs.clone()).await.expect(201);
    let merge = format!("/clinic/patients/{}/merge", desk.patient);
    let merge = desk.clinic.owner().post(&merge, json!({ "into": other })).await.expect(200);
    assert_eq!(desk.now(&made).await["patient_id"], json!(other));
    desk.book(&at("10:00"), theirs.clone()).await.problem(409, "slot_taken");
    desk.book(&at("12:00"), json!({ "patient_id": other })).await.problem(409, "slot_taken");
    let undo = format!("/clinic/patient-merges/{}/undo", merge.id());
    desk.clinic.owner().post(&undo, json!({})).await.expect(200);
    assert_eq!(desk.now(&made).await["patient_id"], json!(desk.patient));
    desk.book(&at("10:00"), theirs).await.expect(201);
}

/// Nobody is put away, or becomes somebody else, over an appointment that is to come.
#[tokio::test]
async fn appointments_to_come_are_heeded() {
    let desk = Desk::open(json!({})).await;
    let (ben, other) = (desk.practitioner("Ben").await, desk.patient("P-2").await);
    desk.offer(&[&desk.practitioner, &ben]).await;
    let owner = desk.clinic.owner();
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    let theirs = json!({ "patient_id": other, "practitioner_id": ben });
    let theirs = desk.book(&at("10:15"), theirs).await.expect(201);
    let archive = format!("/clinic/patients/{}/archive", desk.patient);
    owner.post(&archive, json!({})).await.problem(409, "appointments_to_come");
    for verb in ["merge-preview", "merge"] {
        let path = format!("/clinic/patients/{other}/{verb}");
        owner.post(&path, json!({ "into": desk.patient })).await.problem(409, "appointments_overlap");
    }
    desk.verb(&made, "cancel").await.expect(200);
    owner.post(&archive, json!({})).await.expect(200);
    desk.verb(&made, "reset").await.problem(409, "patient_archived");
    owner.post(&archive.replace("archive", "restore"), json!({})).await.expect(200);
    let merge = format!("/clinic/patients/{other}/merge");
    owner.post(&merge, json!({ "into": desk.patient })).await.expect(200);
    assert_eq!(desk.now(&theirs).await["patient_id"], json!(desk.patient));
}
