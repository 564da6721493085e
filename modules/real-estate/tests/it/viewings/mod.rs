//! `/api/v1/real-estate/viewings`

mod calendar;
mod crud;
mod group;
mod letters;
mod off;
mod ready;
mod scope;
mod steps;
mod undo;

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient, TestOrganization, TestPlatform};

use crate::market::{active, contact, with};

/// What is shown, to whom and by whom.
pub struct Stage {
    pub listing: String,
    pub applicant: String,
    pub agent: String,
}

/// Something to see, somebody to see it, and the owner to show it.
pub async fn stage(agency: &TestOrganization) -> Stage {
    let listing = active(agency, json!({})).await;
    Stage { listing, applicant: contact(agency, "Ada").await, agent: id_of(agency.owner()).await }
}

/// Who a client is.
pub async fn id_of(client: &TestClient) -> String {
    client.get("/users/me").await.expect(200).id().to_owned()
}

impl Stage {
    /// The body of a viewing on a day in 2190, from an hour to another such as `10:00`.
    pub fn body(&self, from: &str, until: &str, changes: Value) -> Value {
        let body = json!({
            "listing_id": self.listing, "applicant_id": self.applicant, "agent_id": self.agent,
            "starts_at": at(from), "ends_at": at(until),
        });
        with(body, changes)
    }
}

/// A time on that day.
pub fn at(hour: &str) -> String {
    format!("2190-05-17T{hour}:00Z")
}

/// Asks for a viewing.
pub async fn ask(agency: &TestOrganization, body: Value) -> Reply {
    agency.owner().post("/real-estate/viewings", body).await
}

/// Takes a viewing a step on.
pub async fn step(agency: &TestOrganization, viewing: &Reply, verb: &str, body: Value) -> Reply {
    agency.owner().post(&format!("{}/{verb}", viewing.header("location")), body).await
}

/// Has the time of all viewings come.
pub async fn begin(platform: &TestPlatform, agency: &TestOrganization) {
    let sql = format!(
        "UPDATE {}.viewings SET starts_at = now() - interval '1 hour', ends_at = now() - interval '30 minutes'",
        agency.tenant().schema()
    );
    platform.database().superuser().await.batch_execute(&sql).await.unwrap();
}

/// A viewing that is confirmed.
pub async fn confirmed(agency: &TestOrganization, body: Value) -> Reply {
    let made = ask(agency, body).await.expect(201);
    step(agency, &made, "confirm", json!({})).await.expect(200);
    made
}

/// What a viewing says by now.
pub async fn now(agency: &TestOrganization, viewing: &Reply) -> Value {
    agency.owner().get(viewing.header("location")).await.expect(200).body
}

/// How the booking of a viewing stands.
pub async fn booking(agency: &TestOrganization, viewing: &Reply) -> Value {
    let id = viewing.body["booking_id"].as_str().unwrap();
    agency.owner().get(&format!("/calendar/bookings/{id}")).await.expect(200).body
}
