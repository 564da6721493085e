//! `/api/v1/clinic/appointments` and what belongs to it

mod book;
mod groups;
mod jobs;
mod leave;
mod queue;
mod series;
mod slots;
mod steps;
mod waitlist;

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient, TestOrganization, TestPlatform};

use crate::clinic;
use crate::patients::made;
use crate::services;

/// A clinic with a service of half an hour, somebody who offers it, and a patient.
pub struct Desk {
    pub platform: TestPlatform,
    pub clinic: TestOrganization,
    /// Somebody at the reception.
    pub reception: TestClient,
    pub service: String,
    pub practitioner: String,
    pub patient: String,
}

/// Wednesday, the first of January of 2031, at a time by UTC.
pub fn at(time: &str) -> String {
    format!("2031-01-01T{time}:00Z")
}

impl Desk {
    /// A desk; of its service something is said besides.
    pub async fn open(changes: Value) -> Self {
        let (platform, clinic) = clinic().await;
        let service = services::made(&clinic, changes).await.id().to_owned();
        let body = json!({ "name": "Dr. Snow", "profession": "physician" });
        let practitioner = clinic.owner().post("/clinic/practitioners", body).await.expect(201).id().to_owned();
        let patient = made(&clinic, "P-1").await.id().to_owned();
        let reception = clinic.member().await;
        let desk = Self { platform, clinic, reception, service, practitioner, patient };
        desk.offer(&[&desk.practitioner]).await;
        desk
    }

    /// Has these offer the service, and nobody else.
    pub async fn offer(&self, practitioners: &[&str]) {
        let path = format!("/clinic/services/{}/practitioners", self.service);
        let body = json!({ "practitioner_ids": practitioners });
        self.clinic.owner().put_json(&path, body).await.expect(200);
    }

    /// Another patient.
    pub async fn patient(&self, number: &str) -> String {
        made(&self.clinic, number).await.id().to_owned()
    }

    /// Another practitioner, who does not offer the service yet.
    pub async fn practitioner(&self, name: &str) -> String {
        let body = json!({ "name": name, "profession": "physician" });
        self.clinic.owner().post("/clinic/practitioners", body).await.expect(201).id().to_owned()
    }

    /// A room or a device at a location of its own.
    pub async fn room(&self, name: &str, kind: &str) -> (String, String) {
        let location = json!({ "name": format!("Place of {name}"), "time_zone": "Europe/Vienna" });
        let location = self.clinic.owner().post("/clinic/locations", location).await.expect(201).id().to_owned();
        let room = json!({ "location_id": location, "name": name, "kind": kind });
        (self.clinic.owner().post("/clinic/rooms", room).await.expect(201).id().to_owned(), location)
    }

    /// The body of an appointment, with these fields in the place of others.
    pub fn body(&self, starts_at: &str, changes: Value) -> Value {
        let mut body = json!({
            "patient_id": self.patient, "service_id": self.service, "practitioner_id": self.practitioner,
            "starts_at": starts_at,
        });
        for (field, value) in changes.as_object().unwrap() {
            body[field] = value.clone();
        }
        body
    }

    pub async fn book(&self, starts_at: &str, changes: Value) -> Reply {
        self.reception.post("/clinic/appointments", self.body(starts_at, changes)).await
    }

    /// A verb on an appointment.
    pub async fn verb(&self, appointment: &Reply, verb: &str) -> Reply {
        let body = if verb == "cancel" { json!({ "reason": "Ill" }) } else { json!({}) };
        self.clinic.owner().post(&format!("{}/{verb}", appointment.header("location")), body).await
    }

    /// Has an appointment have begun, where that comes before a verb.
    pub async fn begin(&self, appointment: &Reply, verb: &str) {
        if ["arrive", "check-in", "fulfil", "no-show"].contains(&verb) {
            let begun = "starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'";
            self.sql(&format!("UPDATE appointments SET {begun} WHERE id = '{}'", appointment.id())).await;
        }
    }

    /// An appointment as it is now.
    pub async fn now(&self, appointment: &Reply) -> Value {
        self.reception.get(appointment.header("location")).await.expect(200).body
    }

    /// Changes what no request can: the past.
    pub async fn sql(&self, sql: &str) {
        let schema = self.clinic.tenant().schema();
        let superuser = self.platform.database().superuser().await;
        let sql = format!("SET search_path TO {schema}; SET session_replication_role = replica; {sql}");
        superuser.batch_execute(&sql).await.unwrap();
    }

    /// Has all that is held be held for too long.
    pub async fn let_holds_end(&self) {
        self.sql(
            "UPDATE appointments SET held_until = now() - interval '1 second' WHERE held_until IS NOT NULL;
             UPDATE bookings SET expires_at = now() - interval '1 second' WHERE expires_at IS NOT NULL;
             UPDATE booking_parts SET expires_at = now() - interval '1 second' WHERE expires_at IS NOT NULL",
        )
        .await;
    }

    /// Gives the patient's contact an address.
    pub async fn address(&self, patient: &str, address: Value) -> String {
        let patient = self.clinic.owner().get(&format!("/clinic/patients/{patient}")).await.expect(200);
        let contact = format!("/contacts/{}", patient.body["contact_id"].as_str().unwrap());
        let now = self.clinic.owner().get(&contact).await.expect(200);
        self.clinic.owner().patch(&contact, now.header("etag"), address).await.expect(200);
        contact
    }
}
