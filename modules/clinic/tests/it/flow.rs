//! The whole flow of a clinic over HTTP: registered, consented, found, held, booked, reminded, checked in, seen, signed, invoiced, and
//! seen again for free. Beside it a leave that comes in between, and a chart that is opened in an emergency.

use serde_json::json;
use uuid::Uuid;

use crate::charts::doctor;
use crate::clinic;

#[tokio::test]
async fn from_registration_to_follow_up() {
    let (platform, clinic) = clinic().await;
    let (owner, reception) = (clinic.owner(), clinic.member().await);
    let (physician, practitioner) = doctor(&clinic, "physician").await;

    // What the clinic offers, who offers it, where.
    let location = json!({ "name": "Hill Clinic", "time_zone": "Europe/Vienna" });
    let location = owner.post("/clinic/locations", location).await.expect(201);
    let room = json!({ "location_id": location.id(), "name": "1", "kind": "room" });
    let room = owner.post("/clinic/rooms", room).await.expect(201);
    let service = json!({
        "name": "Consultation", "duration_minutes": 30, "buffer_after_minutes": 10, "price": "80.00", "currency": "EUR",
        "fee_validity_days": 30, "fee_validity_visits": 1,
    });
    let service = owner.post("/clinic/services", service).await.expect(201);
    let path = format!("{}/practitioners", service.header("location"));
    owner.put_json(&path, json!({ "practitioner_ids": [practitioner] })).await.expect(200);
    let hours = json!([{ "weekday": "wednesday", "from": "09:00", "until": "13:00" }]);
    let resource = format!("/calendar/resources/{practitioner}");
    owner.patch(&resource, "\"1\"", json!({ "hours": hours, "time_zone": "Europe/Vienna" })).await.expect(200);

    // Registered.
    let contact = json!({ "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com" });
    let contact = reception.post("/contacts", contact).await.expect(201);
    let patient = json!({
        "contact_id": contact.id(), "number": "P-1", "date_of_birth": "1985-12-10", "gender": "female",
    });
    let patient = reception.post("/clinic/patients", patient).await.expect(201);
    // Consented.
    let consent = json!({ "patient_id": patient.id(), "purpose": "treatment", "grantee": "Hill Clinic" });
    reception.post("/clinic/consents", consent).await.expect(201);
    let allowed = reception.get(&format!("{}/disclosure?purpose=treatment", patient.header("location"))).await;
    assert_eq!(allowed.expect(200).body["allowed"], true);

    // A slot is found, held, and gone for others.
    let slots = format!(
        "{}/slots?from=2031-01-01T00:00:00Z&until=2031-01-08T00:00:00Z&location_id={}&every=30",
        service.header("location").trim_start_matches("/api/v1"),
        location.id()
    );
    let found = reception.get(&slots).await.expect(200);
    let slot = &found.items()[0];
    assert_eq!((&slot["starts_at"], &slot["room_id"]), (&json!("2031-01-01T08:00:00Z"), &json!(room.id())));
    let body = json!({
        "patient_id": patient.id(), "service_id": service.id(), "practitioner_id": slot["practitioner_id"],
        "room_id": slot["room_id"], "starts_at": slot["starts_at"], "hold_minutes": 10,
    });
    let held = reception.post("/clinic/appointments", body.clone()).await.expect(201);
    assert_eq!(held.body["status"], "pending");
    reception.post("/clinic/appointments", body).await.problem(409, "slot_taken");
    let left = reception.get(&slots).await.expect(200);
    assert_eq!(left.items()[0]["starts_at"], "2031-01-01T09:00:00Z");

    // Booked.
    let appointment = held.header("location").to_owned();
    let booked = reception.post(&format!("{appointment}/confirm"), json!({})).await.expect(200);
    assert_eq!(booked.body["status"], "booked");

    // Leave comes in between: nothing is dropped, and it is listed to be moved.
    let leave = json!({
        "resource_id": practitioner, "kind": "closed", "starts_at": "2031-01-01T00:00:00Z", "ends_at": "2031-01-02T00:00:00Z",
        "reason": "Conference",
    });
    owner.post("/calendar/exceptions", leave).await.expect(201);
    let to_rebook = reception.get("/clinic/appointments/to-rebook").await.expect(200);
    assert_eq!(to_rebook.column("id"), [booked.id()]);
    assert_eq!(to_rebook.column("status"), ["booked"]);
    let free = reception.get(&slots.replace("2031-01-08", "2031-01-15")).await.expect(200);
    let next = free.items()[0]["starts_at"].clone();
    assert_eq!(next, "2031-01-08T08:00:00Z");
    let moved = reception.post(&format!("{appointment}/move"), json!({ "starts_at": next })).await.expect(200);
    assert_eq!(moved.body["remind_at"], "2031-01-07T08:00:00Z");
    assert!(reception.get("/clinic/appointments/to-rebook").await.expect(200).items().is_empty());

    // Reminded, once.
    let superuser = platform.database().superuser().await;
    let schema = clinic.tenant().schema();
    let due = format!("SET session_replication_role = replica; UPDATE {schema}.appointments SET remind_at = now()");
    superuser.batch_execute(&due).await.unwrap();
    for _ in 0..2 {
        platform.run_job("clinic/remind").await;
    }
    let letters = platform.letters_to("ada@example.com").await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains("2031-01-08, 09:00") && letters[0].text.contains("Hill Clinic"));
    assert!(!letters[0].text.contains("Consultation"));

    // Checked in, once its day has come.
    let check_in = format!("{appointment}/check-in");
    reception.post(&check_in, json!({})).await.problem(409, "appointment_to_come");
    let begun = format!("UPDATE {schema}.appointments SET starts_at = now(), ends_at = now() + interval '30 minutes'");
    superuser.batch_execute(&begun).await.unwrap();
    let today = time::OffsetDateTime::now_utc().date();
    let checked = reception.post(&check_in, json!({})).await.expect(200);
    assert_eq!((&checked.body["status"], &checked.body["queue_number"]), (&json!("checked-in"), &json!(1)));
    let queue = format!("/clinic/practitioners/{practitioner}/queue?day={today}");
    assert_eq!(reception.get(&queue).await.expect(200).items()[0]["patient_id"], patient.id());

    // The physician does not treat the patient yet: an emergency access, which is logged and reviewed.
    let chart = patient.header("location").trim_start_matches("/api/v1").to_owned();
    reception.get(&format!("{chart}/encounters")).await.problem(403, "not_a_practitioner");
    physician.get(&format!("{chart}/encounters")).await.problem(403, "no_care_relation");
    let glass = json!({ "patient_id": patient.id(), "reason": "Collapsed in the waiting room" });
    let access = physician.post("/clinic/emergency-accesses", glass).await.expect(201);
    physician.get(&format!("{chart}/encounters")).await.expect(200);
    let log = format!("{chart}/chart-reads?filter[emergency_access_id]={}", access.id());
    assert_eq!(owner.get(&log).await.expect(200).column("operation"), ["encounters_list"]);
    let review = json!({ "finding": "justified" });
    owner.post(&format!("/clinic/emergency-accesses/{}/review", access.id()), review).await.expect(200);
    platform.seal().await;
    let audit = owner.get(&format!("/audit?change=created&record={}", access.id())).await.expect(200);
    assert_eq!(audit.column("operation"), ["emergency_accesses_create"]);
    let team = json!({ "practitioner_id": practitioner, "role": "attending" });
    owner.post(&format!("{chart}/care-team"), team).await.expect(201);

    // Seen, and signed: by that the appointment has taken place.
    let encounter = json!({ "appointment_id": moved.id(), "reason": "Collapse", "note": "Blood pressure low" });
    let encounter = physician.post(&format!("{chart}/encounters"), encounter).await.expect(201);
    let sign = format!("{}/sign", encounter.header("location"));
    assert_eq!(physician.post(&sign, json!({})).await.expect(200).body["status"], "signed");
    let fulfilled = reception.get(&appointment).await.expect(200);
    assert_eq!(fulfilled.body["status"], "fulfilled");
    assert!(reception.get(&queue).await.expect(200).items().is_empty());

    // Invoiced and paid; the visit that follows is free.
    let totals = ["80.00", "0.00"];
    for (n, total) in totals.into_iter().enumerate() {
        if n == 1 {
            let follow_up = json!({
                "patient_id": patient.id(), "service_id": service.id(), "practitioner_id": practitioner,
                "starts_at": "2031-01-15T08:00:00Z",
            });
            let follow_up = reception.post("/clinic/appointments", follow_up).await.expect(201);
            superuser.batch_execute(&begun).await.unwrap();
            let done = format!("{}/fulfil", follow_up.header("location"));
            assert_eq!(reception.post(&done, json!({})).await.expect(200).body["status"], "fulfilled");
        }
        let items = json!([{ "service_id": service.id(), "quantity": "1" }]);
        let invoice = json!({ "patient_id": patient.id(), "currency": "EUR", "items": items });
        let invoice = reception.post("/clinic/invoices", invoice).await.expect(201);
        let issued = reception.post(&format!("{}/issue", invoice.header("location")), json!({})).await.expect(200);
        assert_eq!(issued.body["total"], total);
        assert_eq!(issued.body["items"][0]["free_because"].is_string(), n == 1);
        let paid = reception.post(&format!("{}/pay", invoice.header("location")), json!({})).await.expect(200);
        assert_eq!(paid.body["status"], "paid");
    }
    let unknown = format!("/clinic/appointments/{}", Uuid::new_v4());
    reception.get(&unknown).await.problem(404, "not_found");
}
