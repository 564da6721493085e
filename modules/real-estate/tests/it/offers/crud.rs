//! `POST`, `GET` and `PATCH /api/v1/real-estate/offers`, `…/refuse`, `…/withdraw`

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use crate::agency;
use crate::market::{active, contact, listing, offer_body, step, with};

/// An offer is for what is on the market, in its currency.
#[tokio::test]
async fn a_member_writes_an_offer_down() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let (on, ada) = (active(&agency, json!({ "currency": "CHF" })).await, contact(&agency, "Ada").await);
    let body = with(offer_body(&on, &ada, "280000.00"), json!({ "conditions": "Without the piano." }));
    let made = member.post("/real-estate/offers", body.clone()).await.expect(201);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(made.body[field], *value, "{field}");
    }
    assert_eq!((&made.body["status"], &made.body["currency"]), (&json!("open"), &json!("CHF")));
    assert_eq!(member.get(made.header("location")).await.expect(200).body, made.body);
    agency.viewer().await.post("/real-estate/offers", body).await.problem(403, "forbidden");

    let draft = listing(&agency, json!({})).await;
    member.post("/real-estate/offers", offer_body(draft.id(), &ada, "300000")).await.problem(409, "not_on_the_market");
    step(&agency, &on, "hold").await.expect(200);
    member.post("/real-estate/offers", offer_body(&on, &ada, "300000")).await.problem(409, "not_on_the_market");
    for (listing, applicant, pointer) in [
        (Uuid::new_v4().to_string(), ada.clone(), "/listing_id"),
        (on.clone(), Uuid::new_v4().to_string(), "/applicant_id"),
    ] {
        step(&agency, &on, "active").await.expect(200);
        let refused = member.post("/real-estate/offers", offer_body(&listing, &applicant, "300000")).await;
        assert_eq!(refused.problem(404, "not_found").pointers(), [pointer]);
    }
}

/// Below the part of the price that the listing says nothing is taken, and the problem tells the least.
#[tokio::test]
async fn the_least_is_told() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let ada = contact(&agency, "Ada").await;
    for (percent, price, below, least) in
        [(90, "300000.00", "269999.99", "270000.00"), (100, "99.99", "99.98", "99.99"), (33, "1.00", "0.32", "0.33")]
    {
        let id = active(&agency, json!({ "price": price, "minimum_offer_percent": percent })).await;
        let refused = owner.post("/real-estate/offers", offer_body(&id, &ada, below)).await.problem(422, "invalid");
        assert!(refused.reason("/amount").contains(least), "{}", refused.text);
        let made = owner.post("/real-estate/offers", offer_body(&id, &ada, least)).await.expect(201);
        let refused = owner.patch(made.header("location"), "\"1\"", json!({ "amount": below })).await;
        assert_eq!(refused.problem(422, "invalid").pointers(), ["/amount"]);
    }
    // Where anything is taken, nothing is not.
    let id = active(&agency, json!({ "minimum_offer_percent": 0 })).await;
    let refused = owner.post("/real-estate/offers", offer_body(&id, &ada, "0.00")).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/amount"]);
    owner.post("/real-estate/offers", offer_body(&id, &ada, "0.01")).await.expect(201);
    let past = with(offer_body(&id, &ada, "1.00"), json!({ "valid_until": "2020-01-01" }));
    let refused = owner.post("/real-estate/offers", past).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/valid_until"]);
}

/// What is refused or withdrawn stays so, and is not changed any more.
#[tokio::test]
async fn an_offer_ends_once() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let (on, ada) = (active(&agency, json!({})).await, contact(&agency, "Ada").await);
    for (verb, other, status) in [("refuse", "withdraw", "refused"), ("withdraw", "refuse", "withdrawn")] {
        let made = owner.post("/real-estate/offers", offer_body(&on, &ada, "300000")).await.expect(201);
        let path = made.header("location");
        owner.patch(path, "\"1\"", json!({ "amount": "310000", "conditions": null })).await.expect(200);
        let ended = owner.post(&format!("{path}/{verb}"), json!({})).await.expect(200);
        assert_eq!((&ended.body["status"], &ended.body["amount"]), (&json!(status), &json!("310000.00")));
        assert_eq!(owner.post(&format!("{path}/{verb}"), json!({})).await.expect(200).body, ended.body);
        owner.post(&format!("{path}/{other}"), json!({})).await.problem(409, "offer_is_over");
        owner.post(&format!("{path}/accept"), json!({})).await.problem(409, "offer_is_over");
        owner.patch(path, ended.header("etag"), json!({ "amount": "1" })).await.problem(409, "offer_is_over");
        let found = owner.get(&format!("/real-estate/offers?filter[status]={status}")).await.expect(200);
        assert_eq!(found.column("id"), [made.id()]);
    }
}

/// An offer is where its applicant is; who reaches some contacts only accepts nothing, for that is about everybody's offers.
#[tokio::test]
async fn an_offer_out_of_reach_is_not_there() {
    let (_platform, agency) = agency().await;
    let (on, ada) = (active(&agency, json!({})).await, contact(&agency, "Ada").await);
    let theirs = agency.owner().post("/real-estate/offers", offer_body(&on, &ada, "300000")).await.expect(201);
    let permissions = ["contacts.read", "contacts.write", "offers.read", "offers.write"];
    let own = agency.with_scope(&permissions, RecordScope::Own).await;
    let missing = own.get(&format!("/real-estate/offers/{}", Uuid::new_v4())).await;
    let path = theirs.header("location");
    for reply in [
        own.get(path).await,
        own.patch(path, "\"1\"", json!({ "amount": "310000" })).await,
        own.post(&format!("{path}/refuse"), json!({})).await,
    ] {
        assert_eq!((reply.status.as_u16(), &reply.text), (404, &missing.text));
    }
    own.post("/real-estate/offers", offer_body(&on, &ada, "300000")).await.problem(404, "not_found");
    let his = own.post("/contacts", json!({ "last_name": "Byron" })).await.expect(201);
    let made = own.post("/real-estate/offers", offer_body(&on, his.id(), "300000")).await.expect(201);
    assert_eq!(own.get("/real-estate/offers").await.expect(200).column("id"), [made.id()]);
    own.post(&format!("{}/accept", made.header("location")), json!({})).await.problem(403, "forbidden");
    let wide = json!({ "name": "Closer", "scope": "own", "permissions": ["offers.read", "offers.accept"] });
    assert!(agency.owner().post("/roles", wide).await.status.is_client_error());
}
