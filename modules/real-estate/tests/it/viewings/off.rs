//! What is off the market is shown to nobody: what was still to come is cancelled with it, and people are told.

use serde_json::json;
use tenantry_core::permission::RecordScope;

use super::{Stage, ask, booking, confirmed, now, stage};
use crate::agency;
use crate::market::{active, contact, listing, offer, step, vendor, with};
use crate::open_houses::{house, visit};

/// Nobody is shown what is not announced, off the market, or over.
#[tokio::test]
async fn what_is_off_the_market_is_not_shown() {
    let (platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let set = async |status: &str| {
        let sql = format!("UPDATE {}.listings SET status = '{status}'", agency.tenant().schema());
        platform.database().superuser().await.batch_execute(&sql).await.unwrap();
    };
    let mut hour = 0;
    let mut next = || {
        hour += 1;
        stage.body(&format!("{hour:02}:00"), &format!("{hour:02}:30"), json!({}))
    };
    for status in ["coming_soon", "active", "active_under_contract", "pending"] {
        set(status).await;
        ask(&agency, next()).await.expect(201);
    }
    let made = ask(&agency, next()).await.expect(201);
    for status in ["incomplete", "closed", "hold", "withdrawn", "expired", "canceled"] {
        set(status).await;
        ask(&agency, next()).await.problem(409, "listing_not_shown");
        super::step(&agency, &made, "confirm", json!({})).await.problem(409, "listing_not_shown");
        let to = json!({ "starts_at": super::at("20:00"), "ends_at": super::at("20:30") });
        super::step(&agency, &made, "move", to).await.problem(409, "listing_not_shown");
    }
    super::step(&agency, &made, "cancel", json!({ "reason": "Gone." })).await.expect(200);
}

/// With the listing goes what is still to come of it, and nothing else; its time is free, and each is told once.
#[tokio::test]
async fn what_is_to_come_is_cancelled() {
    let (platform, agency) = agency().await;
    for (n, status) in ["hold", "withdrawn", "canceled"].into_iter().enumerate() {
        let here = stage(&agency).await;
        let there = Stage { listing: active(&agency, json!({})).await, ..stage(&agency).await };
        let hour = |plus: usize| (format!("{:02}:00", 6 * n + plus), format!("{:02}:30", 6 * n + plus));
        let at = |stage: &Stage, plus: usize, changes| stage.body(&hour(plus).0, &hour(plus).1, changes);
        let over = confirmed(&agency, at(&here, 0, json!({}))).await;
        super::begin(&platform, &agency).await;
        let settled = confirmed(&agency, at(&here, 1, json!({ "capacity": 2 }))).await;
        let name = format!("Guest{n}");
        let guest = json!({ "applicant_id": contact(&agency, &name).await });
        let joined = super::step(&agency, &settled, "join", guest).await.expect(201);
        let open = ask(&agency, at(&here, 2, json!({}))).await.expect(201);
        let other = confirmed(&agency, at(&there, 3, json!({}))).await;
        let house = house(&agency, &here.listing, &hour(4).0, &hour(4).1).await.expect(201);
        let visitor = format!("Visitor{n}");
        visit(&agency, &house, &contact(&agency, &visitor).await).await.expect(201);
        let before = platform.letters_to("ada@example.com").await.len();

        step(&agency, &here.listing, status).await.expect(200);
        for cancelled in [&settled, &joined, &open] {
            let now = now(&agency, cancelled).await;
            assert_eq!(
                (&now["status"], &now["cancel_reason"]),
                (&json!("cancelled"), &json!("The property is off the market."))
            );
            assert_eq!(booking(&agency, cancelled).await["status"], "cancelled");
        }
        let now_house = agency.owner().get(house.header("location")).await.expect(200);
        assert_eq!(now_house.body["status"], "cancelled");
        assert_eq!(booking(&agency, &house).await["status"], "cancelled");
        assert_eq!(now(&agency, &over).await["status"], "confirmed");
        assert_eq!(now(&agency, &other).await["status"], "confirmed");
        assert_eq!(booking(&agency, &other).await["status"], "booked");
        assert_eq!(platform.letters_to("ada@example.com").await.len(), before + 2);
        for name in [name, visitor] {
            let letters = platform.letters_to(&format!("{}@example.com", name.to_lowercase())).await;
            assert_eq!(letters.iter().filter(|letter| letter.subject.contains("is cancelled")).count(), 1, "{name}");
        }
    }
}

/// A step that is refused cancels nothing, and one that leaves it on the market neither.
#[tokio::test]
async fn what_stays_on_the_market_is_shown() {
    let (platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let made = confirmed(&agency, stage.body("10:00", "10:30", json!({}))).await;
    step(&agency, &stage.listing, "closed").await.problem(409, "no_such_step");
    step(&agency, &stage.listing, "coming_soon").await.expect(200);
    step(&agency, &stage.listing, "active").await.expect(200);
    assert_eq!(now(&agency, &made).await["status"], "confirmed");
    assert_eq!(platform.letters_to("ada@example.com").await.len(), 1);
}

/// Who reaches some contacts only takes a listing off the market for everybody, and sees nothing more by it.
#[tokio::test]
async fn it_is_off_for_everybody() {
    let (platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let made = confirmed(&agency, stage.body("10:00", "10:30", json!({}))).await;
    let own = agency
        .with_scope(&["contacts.read", "listings.read", "listings.write", "viewings.read"], RecordScope::Own)
        .await;
    own.get(made.header("location")).await.problem(404, "not_found");
    let path = format!("/real-estate/listings/{}/status", stage.listing);
    own.post(&path, json!({ "status": "hold" })).await.expect(200);
    assert_eq!(now(&agency, &made).await["status"], "cancelled");
    assert_eq!(booking(&agency, &made).await["status"], "cancelled");
    assert_eq!(platform.letters_to("ada@example.com").await.len(), 2);
    own.get(made.header("location")).await.problem(404, "not_found");
}

/// So it is where the mandate ends by time, and where the sale is completed.
#[tokio::test]
async fn time_and_sales_end_it_too() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let stage = stage(&agency).await;
    let made = confirmed(&agency, stage.body("10:00", "10:30", json!({}))).await;
    let schema = agency.tenant().schema();
    let over = format!("UPDATE {schema}.listings SET mandate_until = '2020-12-31' WHERE id = '{}'", stage.listing);
    platform.database().superuser().await.batch_execute(&over).await.unwrap();
    platform.run_job("real-estate/expire-listings").await;
    assert_eq!(now(&agency, &made).await["status"], "cancelled");
    assert_eq!(booking(&agency, &made).await["status"], "cancelled");
    assert_eq!(platform.letters_to("ada@example.com").await.len(), 2);

    let on = active(&agency, json!({})).await;
    vendor(&agency, &on).await;
    let accepted = offer(&agency, &on, "Byron").await;
    let id = owner.post(&format!("{accepted}/accept"), json!({})).await.expect(200);
    let seen = confirmed(&agency, with(stage.body("10:00", "10:30", json!({})), json!({ "listing_id": on }))).await;
    let way = owner.post("/real-estate/progressions", json!({ "offer_id": id.id() })).await.expect(201);
    let done = json!({ "done_on": "2026-11-01" });
    owner.put_json(&format!("{}/milestones/exchanged", way.header("location")), done).await.expect(200);
    owner.post(&format!("{}/complete", way.header("location")), json!({})).await.expect(200);
    assert_eq!(now(&agency, &seen).await["status"], "cancelled");
    assert_eq!(platform.letters_to("ada@example.com").await.len(), 4);
    let draft = listing(&agency, json!({})).await;
    let body = with(stage.body("12:00", "12:30", json!({})), json!({ "listing_id": draft.id() }));
    ask(&agency, body).await.problem(409, "listing_not_shown");
}
