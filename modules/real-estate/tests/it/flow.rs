//! The whole way of a sale, from an enquiry to the commission.

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::testing::TestClient;

use crate::agency;
use crate::market::{active, checked, contact, field, offer, step, vendor};
use crate::viewings::{at, begin, id_of};

/// Posts to a record's verb.
async fn verb(client: &TestClient, path: &str, verb: &str) -> tenantry_core::testing::Reply {
    client.post(&format!("{path}/{verb}"), json!({})).await
}

/// An enquiry becomes an applicant, who looks for something that there is, sees it, likes it, offers for it, buys it; and who sold it is
/// paid.
#[tokio::test]
async fn a_home_is_sold() {
    let (platform, agency) = agency().await;
    let (owner, member) = (agency.owner(), agency.member().await);
    let listing = active(&agency, json!({})).await;
    let on = format!("/real-estate/listings/{listing}");
    let me = id_of(owner).await;

    // The enquiry: somebody writes that they look for a home.
    let enquiry = json!({ "last_name": "Lovelace", "first_name": "Ada", "email": "ada@example.com" });
    let ada = member.post("/contacts", enquiry).await.expect(201).id().to_owned();
    let wanted = json!({
        "contact_id": ada, "title": "A home in Köln", "kind": "sale", "price_max": "320000.00", "currency": "EUR",
        "rooms_min": 3, "areas": ["Köln"],
    });
    let wanted = member.post("/real-estate/requirements", wanted).await.expect(201);
    let matches = format!("{}/matches", wanted.header("location"));
    assert_eq!(member.get(&matches).await.expect(200).column("listing_id"), [listing.as_str()]);
    let found = member.get(&format!("{on}/matches")).await.expect(200);
    assert_eq!(found.column("contact_id"), [ada.as_str()]);
    let interested = json!({ "interest": "interested" });
    member.put_json(&format!("{on}/interests/{}", wanted.id()), interested).await.expect(200);

    // She sees it.
    let viewing = json!({
        "listing_id": listing, "applicant_id": ada, "agent_id": me, "starts_at": at("10:00"), "ends_at": at("10:45"),
        "travel_minutes": 15,
    });
    let viewing = member.post("/real-estate/viewings", viewing).await.expect(201);
    let seen = viewing.header("location");
    assert_eq!(verb(&member, seen, "confirm").await.expect(200).body["status"], "confirmed");
    let letters = platform.letters_to("ada@example.com").await;
    assert!(letters.len() == 1 && letters[0].text.contains("2190-05-17, 10:00"), "{letters:?}");
    verb(&member, seen, "complete").await.problem(409, "viewing_to_come");
    begin(&platform, &agency).await;
    assert_eq!(verb(&member, seen, "complete").await.expect(200).body["status"], "done");
    let said = json!({ "interest": "interested", "rating": 5, "text": "She wants it." });
    let said = member.post(&format!("{seen}/feedback"), said).await.expect(200);
    assert_eq!(said.body["rating"], 5);
    assert_eq!(member.get(&matches).await.expect(200).column("interest"), ["interested"]);

    // She offers, and everybody is who they say.
    let other = offer(&agency, &listing, "Byron").await;
    let body =
        json!({ "listing_id": listing, "applicant_id": ada, "amount": "295000.00", "valid_until": "2199-01-01" });
    let offered = member.post("/real-estate/offers", body.clone()).await.expect(201);
    let offered = offered.header("location");
    verb(&member, offered, "accept").await.problem(409, "party_needed");
    vendor(&agency, &listing).await;
    verb(&member, offered, "accept").await.problem(409, "identity_check_needed");
    checked(&agency, &ada).await;
    let accepted = join_all([offered, other.as_str()].map(|path| verb(&member, path, "accept"))).await;
    assert_eq!(accepted.iter().filter(|reply| reply.status == 200).count(), 1, "one is accepted");
    let won = accepted[0].status == 200;
    if !won {
        // His came first; it comes to nothing, and hers is open again.
        verb(&member, &other, "fall-through").await.expect(200);
        assert_eq!(field(&agency, offered, "status").await, "open");
        verb(&member, offered, "accept").await.expect(200);
    }
    assert_eq!(field(&agency, offered, "status").await, "accepted");
    assert_eq!(field(&agency, &on, "status").await, "active_under_contract");
    let late = match won {
        true => other.clone(),
        false => offer(&agency, &listing, "Clara").await,
    };
    assert_eq!(field(&agency, &late, "status").await, "parked");
    verb(&member, &late, "accept").await.problem(409, "accepted_already");

    // The sale goes on, and is completed.
    let split = json!([{ "user_id": me, "percent": "100" }]);
    let commission =
        json!({ "listing_id": listing, "base": "295000.00", "currency": "EUR", "percent": "3", "splits": split });
    let commission = owner.post("/real-estate/commissions", commission).await.expect(201);
    assert_eq!((&commission.body["amount"], &commission.body["status"]), (&json!("8850.00"), &json!("draft")));
    let id = offered.rsplit('/').next().unwrap();
    let way = member.post("/real-estate/progressions", json!({ "offer_id": id })).await.expect(201);
    let way = way.header("location");
    verb(&member, way, "complete").await.problem(409, "not_exchanged");
    for milestone in ["memorandum", "survey", "exchanged"] {
        let done = json!({ "done_on": "2026-11-01" });
        member.put_json(&format!("{way}/milestones/{milestone}"), done).await.expect(200);
    }
    // Somebody else was to see it, who need not come any more.
    let eve = contact(&agency, "Eve").await;
    let late_viewing = json!({
        "listing_id": listing, "applicant_id": eve, "agent_id": me, "starts_at": at("12:00"), "ends_at": at("12:45"),
    });
    let late_viewing = member.post("/real-estate/viewings", late_viewing).await.expect(201);
    assert_eq!(verb(&member, way, "complete").await.expect(200).body["status"], "completed");
    assert_eq!(field(&agency, late_viewing.header("location"), "status").await, "cancelled");
    assert_eq!(platform.letters_to("eve@example.com").await.len(), 1);

    // All that hangs on it is settled.
    assert_eq!(field(&agency, &on, "status").await, "closed");
    assert_eq!(field(&agency, &late, "status").await, "refused");
    assert_eq!(field(&agency, wanted.header("location"), "status").await, "closed");
    let property = viewing.body["property_id"].as_str().unwrap();
    assert_eq!(field(&agency, &format!("/real-estate/properties/{property}"), "status").await, "closed");
    step(&agency, &listing, "active").await.problem(409, "no_such_step");
    verb(&member, offered, "fall-through").await.problem(409, "offer_is_accepted");
    member.post("/real-estate/offers", body).await.problem(409, "not_on_the_market");
    let commission = commission.header("location");
    assert_eq!(field(&agency, commission, "status").await, "due");
    assert_eq!(verb(owner, commission, "pay").await.expect(200).body["status"], "paid");
}
