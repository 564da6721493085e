//! `/api/v1/real-estate/listings/{id}/parties`

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use crate::agency;
use crate::market::{contact, listing};

/// A contact has a role once, and goes again.
#[tokio::test]
async fn parties_come_and_go() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = listing(&agency, json!({})).await;
    let path = format!("{}/parties", made.header("location"));
    let ada = contact(&agency, "Ada").await;
    let party = owner.post(&path, json!({ "contact_id": ada, "role": "vendor" })).await.expect(201);
    let refused = owner.post(&path, json!({ "contact_id": ada, "role": "vendor" })).await;
    assert_eq!(refused.problem(409, "party_already").pointers(), ["/contact_id"]);
    owner.post(&path, json!({ "contact_id": ada, "role": "caretaker" })).await.expect(201);
    assert_eq!(owner.get(&path).await.expect(200).column("role"), ["vendor", "caretaker"]);

    let refused = owner.post(&path, json!({ "contact_id": Uuid::new_v4(), "role": "vendor" })).await;
    assert_eq!(refused.problem(404, "not_found").pointers(), ["/contact_id"]);
    let elsewhere = listing(&agency, json!({})).await;
    owner.delete(&format!("{}/parties/{}", elsewhere.header("location"), party.id())).await.problem(404, "not_found");
    owner.delete(&format!("{path}/{}", party.id())).await.expect(204);
    owner.delete(&format!("{path}/{}", party.id())).await.problem(404, "not_found");
    assert_eq!(owner.get(&path).await.expect(200).column("role"), ["caretaker"]);
    agency.viewer().await.post(&path, json!({ "contact_id": ada, "role": "vendor" })).await.problem(403, "forbidden");
}

/// Whoever does not reach a contact learns nothing of its part in a listing, and cannot give it one.
#[tokio::test]
async fn a_party_is_where_its_contact_is() {
    let (_platform, agency) = agency().await;
    let made = listing(&agency, json!({})).await;
    let path = format!("{}/parties", made.header("location"));
    let theirs = contact(&agency, "Ada").await;
    let party = agency.owner().post(&path, json!({ "contact_id": theirs, "role": "vendor" })).await.expect(201);
    let permissions =
        ["contacts.read", "contacts.write", "listings.read", "listing_parties.read", "listing_parties.write"];
    let own = agency.with_scope(&permissions, RecordScope::Own).await;
    assert!(own.get(&path).await.expect(200).items().is_empty());
    let missing = own.post(&path, json!({ "contact_id": Uuid::new_v4(), "role": "vendor" })).await;
    let refused = own.post(&path, json!({ "contact_id": theirs, "role": "vendor" })).await;
    assert_eq!((refused.status.as_u16(), &refused.text), (404, &missing.text));
    own.delete(&format!("{path}/{}", party.id())).await.problem(404, "not_found");
    let his = own.post("/contacts", json!({ "last_name": "Byron" })).await.expect(201);
    own.post(&path, json!({ "contact_id": his.id(), "role": "vendor" })).await.expect(201);
    assert_eq!(own.get(&path).await.expect(200).items().len(), 1);
    assert_eq!(agency.owner().get(&path).await.expect(200).items().len(), 2);
}
