//! Who has to be who they say before an offer is accepted.

use serde_json::json;

use crate::agency;
use crate::market::{active, checked, contact, field, offer_body};

/// Both sides have passed a check that counts; the problem names who has not.
#[tokio::test]
async fn both_sides_are_checked() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let on = active(&agency, json!({})).await;
    let (ada, vendor, solicitor) =
        (contact(&agency, "Ada").await, contact(&agency, "Vera").await, contact(&agency, "Solo").await);
    let made = owner.post("/real-estate/offers", offer_body(&on, &ada, "300000")).await.expect(201);
    let accept = format!("{}/accept", made.header("location"));
    checked(&agency, &ada).await;
    owner.post(&accept, json!({})).await.problem(409, "party_needed");
    let parties = format!("/real-estate/listings/{on}/parties");
    owner.post(&parties, json!({ "contact_id": solicitor, "role": "solicitor" })).await.expect(201);
    owner.post(&parties, json!({ "contact_id": vendor, "role": "landlord" })).await.expect(201);
    owner.post(&accept, json!({})).await.problem(409, "party_needed");
    owner.post(&parties, json!({ "contact_id": vendor, "role": "vendor" })).await.expect(201);

    let refused = owner.post(&accept, json!({})).await.problem(409, "identity_check_needed");
    assert!(refused.text.contains(&vendor) && !refused.text.contains(&ada), "{}", refused.text);
    checked(&agency, &vendor).await;
    // One that has failed since counts, and so does one that has expired.
    let check = owner.post("/real-estate/identity-checks", json!({ "contact_id": ada, "method": "video" })).await;
    owner.post(&format!("{}/fail", check.expect(201).header("location")), json!({})).await.expect(200);
    let refused = owner.post(&accept, json!({})).await.problem(409, "identity_check_needed");
    assert!(refused.text.contains(&ada) && !refused.text.contains(&vendor), "{}", refused.text);
    let old = json!({ "contact_id": ada, "method": "video", "expires_on": "2020-01-01" });
    let check = owner.post("/real-estate/identity-checks", old).await.expect(201);
    owner.post(&format!("{}/pass", check.header("location")), json!({})).await.expect(200);
    owner.post(&accept, json!({})).await.problem(409, "identity_check_needed");
    let database = platform.database().superuser().await;
    let until = |day: &str| {
        format!(
            "UPDATE {}.identity_checks SET expires_on = {day} WHERE id = '{}'",
            agency.tenant().schema(),
            check.id()
        )
    };
    database.batch_execute(&until("(now() AT TIME ZONE 'UTC')::date")).await.unwrap();
    assert_eq!(field(&agency, made.header("location"), "status").await, "open");
    owner.post(&accept, json!({})).await.expect(200);
}

/// What is to let asks for its landlord, and a check that is pending counts for nothing.
#[tokio::test]
async fn a_landlord_is_checked_too() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let on = active(&agency, json!({ "kind": "let", "price": "900.00" })).await;
    let (ada, lord) = (contact(&agency, "Ada").await, contact(&agency, "Lord").await);
    let made = owner.post("/real-estate/offers", offer_body(&on, &ada, "900")).await.expect(201);
    let body = json!({ "contact_id": lord, "role": "landlord" });
    owner.post(&format!("/real-estate/listings/{on}/parties"), body).await.expect(201);
    checked(&agency, &lord).await;
    let body = json!({ "contact_id": ada, "method": "electronic" });
    owner.post("/real-estate/identity-checks", body).await.expect(201);
    let accept = format!("{}/accept", made.header("location"));
    owner.post(&accept, json!({})).await.problem(409, "identity_check_needed");
    checked(&agency, &ada).await;
    owner.post(&accept, json!({})).await.expect(200);
}
