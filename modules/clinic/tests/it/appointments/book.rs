//! Booking, holding, moving: nobody's time is taken twice

use serde_json::json;
use tokio::task::JoinSet;

use super::{Desk, at};

/// Length and buffers are the service's of that time, and stay when the service changes.
#[tokio::test]
async fn an_appointment_takes_what_its_service_took() {
    let desk = Desk::open(json!({ "buffer_before_minutes": 5, "buffer_after_minutes": 10 })).await;
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    assert_eq!((&made.body["status"], &made.body["ends_at"]), (&json!("booked"), &json!(at("10:30"))));
    let service = format!("/clinic/services/{}", desk.service);
    desk.clinic.owner().patch(&service, "\"2\"", json!({ "duration_minutes": 60 })).await.expect(200);
    let moved = json!({ "starts_at": at("12:00") });
    let moved = desk.reception.post(&format!("{}/move", made.header("location")), moved).await.expect(200);
    assert_eq!((&moved.body["ends_at"], &moved.body["buffer_after_minutes"]), (&json!(at("12:30")), &json!(10)));
    let longer = desk.book(&at("14:00"), json!({})).await.expect(201);
    assert_eq!(longer.body["ends_at"], at("15:00"));
    let list = format!("/clinic/appointments?filter[patient_id]={}&sort=starts_at", desk.patient);
    let list = desk.reception.get(&list).await.expect(200);
    assert_eq!(list.column("id"), [made.id(), longer.id()]);
    desk.clinic.viewer().await.get(made.header("location")).await.problem(403, "forbidden");
}

/// The calendar knows that somebody is there, and neither who nor what for.
#[tokio::test]
async fn the_calendar_tells_no_names() {
    let desk = Desk::open(json!({ "name": "Vasectomy" })).await;
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    let booking = format!("/calendar/bookings/{}", made.body["booking_id"].as_str().unwrap());
    let viewer = desk.clinic.viewer().await;
    let booking = viewer.get(&booking).await.expect(200);
    assert_eq!((&booking.body["title"], &booking.body["module"]), (&json!("Appointment"), &json!("clinic")));
    let resources = viewer.get("/calendar/resources?limit=200").await.expect(200);
    assert!(resources.text.contains("Dr. Snow") && !resources.text.contains("Lovelace"), "{}", resources.text);
    assert!(!resources.text.contains(&desk.patient), "{}", resources.text);
    let cancel = format!("/calendar/bookings/{}/cancel", booking.id());
    desk.clinic.owner().post(&cancel, json!({})).await.problem(409, "of_module");
    desk.platform.seal().await;
    let audit = desk.clinic.owner().get(&format!("/audit?record={}", made.id())).await.expect(200);
    assert!(!audit.items().is_empty() && !audit.text.contains(&desk.service), "{}", audit.text);
}

/// Twenty who want one slot at once: one has it, the others hear what is free.
#[tokio::test]
async fn one_of_twenty_has_it() {
    let desk = Desk::open(json!({})).await;
    let mut tries = JoinSet::new();
    for n in 0..20 {
        let body = desk.body(&at("10:00"), json!({ "patient_id": desk.patient(&format!("Q-{n}")).await }));
        let reception = desk.reception.clone();
        tries.spawn(async move { reception.post("/clinic/appointments", body).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = tries.join_all().await.into_iter().partition(|reply| reply.status == 201);
    assert_eq!((won.len(), lost.len()), (1, 19));
    for reply in lost {
        let refused = reply.problem(409, "slot_taken");
        assert_eq!(refused.body["alternatives"].as_array().unwrap().len(), 5, "{}", refused.text);
    }
    assert_eq!(desk.reception.get("/clinic/appointments").await.expect(200).items().len(), 1);
}

/// Practitioner, room, device and patient are each taken once at a time, with what is kept free around it; the patient without.
#[tokio::test]
async fn nobody_and_nothing_is_taken_twice() {
    let desk = Desk::open(json!({ "buffer_after_minutes": 10 })).await;
    let (room, location) = desk.room("1", "room").await;
    let (device, _) = desk.room("Ultrasound", "device").await;
    let (ben, other) = (desk.practitioner("Ben").await, desk.patient("P-2").await);
    desk.offer(&[&desk.practitioner, &ben]).await;
    desk.book(&at("10:00"), json!({ "room_id": room, "device_id": device })).await.expect(201);
    for (what, time, status) in [
        (json!({ "patient_id": other }), "10:15", 409),
        (json!({ "patient_id": other }), "10:30", 409),
        (json!({ "practitioner_id": ben }), "10:15", 409),
        (json!({ "practitioner_id": ben, "patient_id": other, "room_id": room }), "10:15", 409),
        (json!({ "practitioner_id": ben, "patient_id": other, "location_id": location }), "10:15", 409),
        (json!({ "practitioner_id": ben, "patient_id": other, "device_id": device }), "10:35", 409),
        // The patient goes on to the next, who has nothing to tidy up before.
        (json!({ "practitioner_id": ben }), "10:30", 201),
        (json!({ "patient_id": other, "location_id": location }), "10:40", 201),
    ] {
        let tried = desk.book(&at(time), what.clone()).await;
        assert_eq!(tried.status, status, "{what} {time}: {}", tried.text);
        if status == 409 {
            tried.problem(409, "slot_taken");
        } else if what["location_id"].is_string() {
            assert_eq!(tried.body["room_id"], json!(room));
        }
    }
}

/// What makes no sense is pointed at.
#[tokio::test]
async fn what_cannot_be_booked_is_told() {
    let desk = Desk::open(json!({})).await;
    let (room, _) = desk.room("1", "room").await;
    let (ben, nobody) = (desk.practitioner("Ben").await, uuid::Uuid::new_v4());
    for (changes, status, code, pointer) in [
        (json!({ "patient_id": nobody }), 404, "not_found", "/patient_id"),
        (json!({ "service_id": nobody }), 404, "not_found", "/service_id"),
        (json!({ "practitioner_id": nobody }), 404, "not_found", "/practitioner_id"),
        (json!({ "room_id": nobody }), 404, "not_found", "/room_id"),
        (json!({ "location_id": nobody }), 404, "not_found", "/location_id"),
        (json!({ "practitioner_id": ben }), 422, "invalid", "/practitioner_id"),
        (json!({ "device_id": room }), 422, "invalid", "/device_id"),
        (json!({ "hold_minutes": 1441 }), 422, "invalid", "/hold_minutes"),
        (json!({ "starts_at": "2021-01-06T10:00:00Z" }), 422, "invalid", "/starts_at"),
        (json!({ "starts_at": "2021-01-06T10:00:00Z", "proposed": true }), 422, "invalid", "/starts_at"),
    ] {
        let refused = desk.book(&at("10:00"), changes.clone()).await.problem(status, code);
        assert_eq!(refused.pointers(), [pointer], "{changes}");
    }
    let archive = format!("/clinic/patients/{}/archive", desk.patient);
    desk.clinic.owner().post(&archive, json!({})).await.expect(200);
    desk.book(&at("10:00"), json!({})).await.problem(409, "patient_archived");
    let practitioner = format!("/clinic/practitioners/{}", desk.practitioner);
    desk.clinic.owner().patch(&practitioner, "\"1\"", json!({ "active": false })).await.expect(200);
    let other = desk.patient("P-2").await;
    desk.book(&at("10:00"), json!({ "patient_id": other })).await.problem(409, "resource_inactive");
}

/// Patients book what they may, with notice and not too far ahead; staff are free.
#[tokio::test]
async fn patients_book_within_a_window() {
    let desk = Desk::open(json!({ "min_notice_minutes": 1440, "max_days_ahead": 30 })).await;
    let online = json!({ "online": true });
    let refused = desk.book(&at("10:00"), online.clone()).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/service_id"]);
    let service = format!("/clinic/services/{}", desk.service);
    desk.clinic.owner().patch(&service, "\"2\"", json!({ "bookable_online": true })).await.expect(200);
    let day = |days: i64| {
        let day = time::OffsetDateTime::now_utc().date() + time::Duration::days(days);
        format!("{day}T10:00:00Z")
    };
    for (when, status) in [(at("10:00"), 422), (day(1), 422), (day(3), 201), (day(29), 201)] {
        let when = if when == day(1) { soon() } else { when };
        let tried = desk.book(&when, online.clone()).await;
        assert_eq!(tried.status, status, "{when}: {}", tried.text);
        if status == 422 {
            assert_eq!(tried.problem(422, "invalid").pointers(), ["/starts_at"]);
        }
    }
    desk.book(&at("10:00"), json!({})).await.expect(201);
    desk.book(&soon(), json!({})).await.expect(201);
}

/// In an hour.
fn soon() -> String {
    let at = time::OffsetDateTime::now_utc() + time::Duration::hours(1);
    format!("{}T{:02}:{:02}:00Z", at.date(), at.hour(), at.minute())
}

/// A hold blocks until it is over, or is confirmed.
#[tokio::test]
async fn a_hold_ends_by_itself() {
    let desk = Desk::open(json!({})).await;
    let held = desk.book(&at("10:00"), json!({ "hold_minutes": 10 })).await.expect(201);
    assert_eq!(held.body["status"], "pending");
    let other = json!({ "patient_id": desk.patient("P-2").await });
    desk.book(&at("10:00"), other.clone()).await.problem(409, "slot_taken");
    desk.let_holds_end().await;
    assert_eq!(desk.now(&held).await["status"], "cancelled");
    desk.verb(&held, "confirm").await.problem(409, "wrong_status");
    desk.book(&at("10:00"), other).await.expect(201);

    let held = desk.book(&at("12:00"), json!({ "hold_minutes": 10 })).await.expect(201);
    let booked = desk.verb(&held, "confirm").await.expect(200);
    assert_eq!((&booked.body["status"], &booked.body["held_until"]), (&json!("booked"), &json!(null)));
    assert_eq!(desk.verb(&held, "confirm").await.expect(200).header("etag"), booked.header("etag"));
    desk.let_holds_end().await;
    desk.platform.run_job("clinic/offer-slots").await;
    assert_eq!(desk.now(&held).await["status"], "booked");
}

/// Who may, overbooks with a reason.
#[tokio::test]
async fn overbooking_takes_a_permission_and_a_reason() {
    let desk = Desk::open(json!({})).await;
    desk.book(&at("10:00"), json!({})).await.expect(201);
    let over = desk.body(&at("10:00"), json!({ "patient_id": desk.patient("P-2").await, "overbook_reason": "Pain" }));
    desk.reception.post("/clinic/appointments", over.clone()).await.problem(403, "forbidden");
    let made = desk.clinic.admin().await.post("/clinic/appointments", over).await.expect(201);
    assert_eq!(made.body["overbook_reason"], "Pain");
    let third = json!({ "patient_id": desk.patient("P-3").await });
    desk.book(&at("10:15"), third).await.problem(409, "slot_taken");
}

/// It is moved to another time, another practitioner, another room; what it had is free again.
#[tokio::test]
async fn an_appointment_is_moved() {
    let desk = Desk::open(json!({})).await;
    let (room, _) = desk.room("1", "room").await;
    let ben = desk.practitioner("Ben").await;
    let made = desk.book(&at("10:00"), json!({})).await.expect(201);
    let other = json!({ "patient_id": desk.patient("P-2").await });
    desk.book(&at("12:00"), other.clone()).await.expect(201);
    let path = format!("{}/move", made.header("location"));
    let to = async |body: serde_json::Value| desk.reception.post(&path, body).await;
    to(json!({ "starts_at": at("12:15") })).await.problem(409, "slot_taken");
    let refused = to(json!({ "starts_at": at("12:15"), "practitioner_id": ben })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/practitioner_id"]);
    desk.offer(&[&desk.practitioner, &ben]).await;
    let moved = to(json!({ "starts_at": at("12:15"), "practitioner_id": ben, "room_id": room })).await.expect(200);
    assert_eq!((&moved.body["practitioner_id"], &moved.body["room_id"]), (&json!(ben), &json!(room)));
    // It does not stand in its own way.
    to(json!({ "starts_at": at("12:30") })).await.expect(200);
    desk.book(&at("10:00"), other).await.expect(201);
    desk.verb(&made, "cancel").await.expect(200);
    to(json!({ "starts_at": at("15:00") })).await.problem(409, "wrong_status");
}

/// Who has an appointment is not unmade: the preview of an undo says so, and the rest can be undone.
#[tokio::test]
async fn an_undo_keeps_who_has_an_appointment() {
    let desk = Desk::open(json!({})).await;
    let owner = desk.clinic.owner();
    let idle = desk.patient("P-2").await;
    desk.book(&at("10:00"), json!({})).await.expect(201);
    let user = owner.get("/users/me").await.expect(200).id().to_owned();
    let time = |hours| {
        let at = time::OffsetDateTime::now_utc() + time::Duration::hours(hours);
        at.format(&time::format_description::well_known::Rfc3339).unwrap()
    };
    let what = json!({ "user_id": user, "from": time(-1), "until": time(1), "records": [desk.patient, idle] });
    let preview = owner.post("/undos", what).await.expect(201);
    assert_eq!((preview.body["count"].as_i64(), preview.body["conflicts"].as_i64()), (Some(2), Some(1)));
    let apply = format!("/undos/{}/apply", preview.id());
    owner.post(&apply, json!({ "conflicts": "refuse" })).await.problem(409, "undo_conflicts");
    owner.post(&apply, json!({ "conflicts": "skip" })).await.expect(200);
    owner.get(&format!("/clinic/patients/{}", desk.patient)).await.expect(200);
    owner.get(&format!("/clinic/patients/{idle}")).await.problem(404, "not_found");
}
