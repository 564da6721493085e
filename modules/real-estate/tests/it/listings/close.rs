//! What follows from a completed sale.

use serde_json::json;

use crate::agency;
use crate::market::{active, contact, field, offer, step, vendor};

/// Listing and property are closed, other offers are refused, and the buyer looks for nothing to buy any more. Nothing of it is taken
/// back, and the property may come on the market again.
#[tokio::test]
async fn a_completed_sale_closes_what_it_was_about() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let on = active(&agency, json!({})).await;
    vendor(&agency, &on).await;
    let (bought, parked) = (offer(&agency, &on, "Ada").await, offer(&agency, &on, "Byron").await);
    let ada = field(&agency, &bought, "applicant_id").await;
    let clara = contact(&agency, "Clara").await;
    let mut looking = Vec::new();
    for (contact, kind) in [(&ada, "sale"), (&ada, "sale"), (&ada, "let"), (&clara, "sale")] {
        let body = json!({ "contact_id": contact, "title": "A home", "kind": kind });
        let made = owner.post("/real-estate/requirements", body).await.expect(201);
        looking.push(made.header("location").to_owned());
    }
    let id = owner.post(&format!("{bought}/accept"), json!({})).await.expect(200).id().to_owned();
    let way = owner.post("/real-estate/progressions", json!({ "offer_id": id })).await.expect(201);
    let path = way.header("location");
    let exchanged = json!({ "done_on": "2026-11-01" });
    owner.put_json(&format!("{path}/milestones/exchanged"), exchanged).await.expect(200);
    step(&agency, &on, "pending").await.expect(200);
    owner.post(&format!("{path}/complete"), json!({})).await.expect(200);

    let listing = format!("/real-estate/listings/{on}");
    let property = format!("/real-estate/properties/{}", field(&agency, &listing, "property_id").await);
    for (path, status) in [
        (&listing, "closed"),
        (&property, "closed"),
        (&bought, "accepted"),
        (&parked, "refused"),
        (&looking[0], "closed"),
        (&looking[1], "closed"),
        (&looking[2], "open"),
        (&looking[3], "open"),
    ] {
        assert_eq!(field(&agency, path, "status").await, status, "{path}");
    }
    let steps = owner.get(&format!("{listing}/status-changes?limit=1")).await.expect(200);
    assert_eq!(
        (&steps.items()[0]["from_status"], &steps.items()[0]["to_status"]),
        (&json!("pending"), &json!("closed"))
    );
    owner.post(&format!("{bought}/fall-through"), json!({})).await.problem(409, "offer_is_accepted");
    step(&agency, &on, "active").await.problem(409, "no_such_step");
    owner.delete(&listing).await.problem(409, "withdraw_instead");
    active(&agency, json!({ "property_id": property.rsplit('/').next().unwrap() })).await;
}
