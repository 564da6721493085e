//! `POST`, `GET`, `PATCH` and `DELETE /api/v1/real-estate/requirements`

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use super::requirement;
use crate::agency;
use crate::market::contact;

/// What a contact looks for is written down, changed, closed and deleted.
#[tokio::test]
async fn a_requirement_lives() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let ada = contact(&agency, "Ada").await;
    let made = requirement(&agency, &ada, json!({})).await.expect(201);
    assert_eq!((&made.body["status"], &made.body["types"]), (&json!("open"), &json!(["house", "apartment"])));
    assert_eq!((&made.body["areas"], &made.body["rooms_min"]), (&json!(["köln", "53"]), &json!(4)));
    let path = made.header("location");
    assert_eq!(owner.get(path).await.expect(200).body, made.body);
    let change = json!({ "price_min": null, "price_max": null, "currency": null, "types": [], "status": "closed" });
    let changed = owner.patch(path, "\"1\"", change).await.expect(200);
    assert_eq!((&changed.body["currency"], &changed.body["types"]), (&json!(null), &json!([])));
    assert_eq!(owner.get("/real-estate/requirements?filter[status]=open").await.expect(200).items().len(), 0);
    agency.viewer().await.patch(path, "\"2\"", json!({ "title": "X" })).await.problem(403, "forbidden");
    owner.delete(path).await.expect(204);
    owner.get(path).await.problem(404, "not_found");
}

/// What is no requirement is pointed at.
#[tokio::test]
async fn what_is_no_requirement_is_pointed_at() {
    let (_platform, agency) = agency().await;
    let ada = contact(&agency, "Ada").await;
    for (changes, pointer) in [
        (json!({ "price_max": "99999.99" }), "/price_max"),
        (json!({ "currency": null }), "/currency"),
        (json!({ "price_min": null, "price_max": null }), "/currency"),
        (json!({ "rooms_min": 0 }), "/rooms_min"),
        (json!({ "size_min": 1_000_001 }), "/size_min"),
        (json!({ "types": ["castle"] }), "/types/0"),
        (json!({ "kind": "swap" }), "/kind"),
    ] {
        let refused = requirement(&agency, &ada, changes).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
    }
    let unknown = requirement(&agency, &Uuid::new_v4().to_string(), json!({})).await.problem(404, "not_found");
    assert_eq!(unknown.pointers(), ["/contact_id"]);
}

/// What somebody looks for is where its contact is, and so is what they think of a listing.
#[tokio::test]
async fn a_requirement_out_of_reach_is_not_there() {
    let (_platform, agency) = agency().await;
    let ada = contact(&agency, "Ada").await;
    let theirs = requirement(&agency, &ada, json!({})).await.expect(201);
    let listing = crate::market::active(&agency, json!({})).await;
    let permissions = ["contacts.read", "contacts.write", "requirements.read", "requirements.write"];
    let own = agency.with_scope(&permissions, RecordScope::Own).await;
    own.get(theirs.header("location")).await.problem(404, "not_found");
    own.get(&format!("{}/matches", theirs.header("location"))).await.problem(404, "not_found");
    let interest = format!("/real-estate/listings/{listing}/interests/{}", theirs.id());
    own.put_json(&interest, json!({ "interest": "viewed" })).await.problem(404, "not_found");
    let matches = format!("/real-estate/listings/{listing}/matches");
    assert_eq!(own.get(&matches).await.expect(200).items().len(), 0);
    assert_eq!(agency.owner().get(&matches).await.expect(200).items().len(), 1);
}
