//! What tests of the market start with: contacts, listings on it, offers, checks that were passed.

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestOrganization};

/// A body with other values.
pub fn with(mut body: Value, changes: Value) -> Value {
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

/// The id of a new contact.
pub async fn contact(agency: &TestOrganization, name: &str) -> String {
    let email = format!("{}@example.com", name.to_lowercase());
    let made = agency.owner().post("/contacts", json!({ "last_name": name, "email": email })).await.expect(201);
    made.id().to_owned()
}

/// The id of a new property.
pub async fn property(agency: &TestOrganization, changes: Value) -> String {
    let body = json!({
        "type": "house", "price": "300000.00", "currency": "EUR", "street": "Hauptstraße 1", "city": "Köln",
        "postcode": "50667", "country": "DE", "rooms": 4, "living_area": 120,
    });
    let made = agency.owner().post("/real-estate/properties", with(body, changes)).await.expect(201);
    made.id().to_owned()
}

/// The body of a listing that can come on the market: 300,000 EUR, the owner sells it.
pub async fn listing_body(agency: &TestOrganization, changes: Value) -> Value {
    let property = match changes["property_id"].is_string() {
        true => String::new(),
        false => property(agency, json!({})).await,
    };
    let me = agency.owner().get("/users/me").await.expect(200);
    let body = json!({
        "property_id": property, "kind": "sale", "price": "300000.00", "currency": "EUR", "agent_id": me.id(),
        "mandate_from": "2020-01-01", "mandate_until": "2199-12-31",
    });
    with(body, changes)
}

/// A listing that is not on the market yet.
pub async fn listing(agency: &TestOrganization, changes: Value) -> Reply {
    let body = listing_body(agency, changes).await;
    agency.owner().post("/real-estate/listings", body).await.expect(201)
}

/// Moves a listing.
pub async fn step(agency: &TestOrganization, listing: &str, status: &str) -> Reply {
    agency.owner().post(&format!("/real-estate/listings/{listing}/status"), json!({ "status": status })).await
}

/// The id of a listing that is on the market.
pub async fn active(agency: &TestOrganization, changes: Value) -> String {
    let made = listing(agency, changes).await;
    step(agency, made.id(), "active").await.expect(200);
    made.id().to_owned()
}

/// Has a contact pass an identity check.
pub async fn checked(agency: &TestOrganization, contact: &str) {
    let body = json!({ "contact_id": contact, "method": "in_person" });
    let check = agency.owner().post("/real-estate/identity-checks", body).await.expect(201);
    agency.owner().post(&format!("{}/pass", check.header("location")), json!({})).await.expect(200);
}

/// Gives a listing a vendor who is who they say.
pub async fn vendor(agency: &TestOrganization, listing: &str) -> String {
    let vendor = contact(agency, "Vendor").await;
    let body = json!({ "contact_id": vendor, "role": "vendor" });
    agency.owner().post(&format!("/real-estate/listings/{listing}/parties"), body).await.expect(201);
    checked(agency, &vendor).await;
    vendor
}

/// The body of an offer.
pub fn offer_body(listing: &str, applicant: &str, amount: &str) -> Value {
    json!({ "listing_id": listing, "applicant_id": applicant, "amount": amount, "valid_until": "2199-01-01" })
}

/// The address of an offer of somebody who is who they say.
pub async fn offer(agency: &TestOrganization, listing: &str, name: &str) -> String {
    let applicant = contact(agency, name).await;
    checked(agency, &applicant).await;
    let body = offer_body(listing, &applicant, "290000.00");
    agency.owner().post("/real-estate/offers", body).await.expect(201).header("location").to_owned()
}

/// What the record at an address says in a field.
pub async fn field(agency: &TestOrganization, path: &str, field: &str) -> String {
    let record = agency.owner().get(path).await.expect(200);
    record.body[field].as_str().unwrap_or_default().to_owned()
}
