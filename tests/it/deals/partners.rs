//! `/api/v1/deals`: whom a deal is made with.

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use crate::pipelines::deal;
use crate::platform;

const ALL: [&str; 7] = [
    "contacts.read",
    "contacts.write",
    "companies.read",
    "companies.write",
    "deals.read",
    "deals.write",
    "pipelines.read",
];

/// A deal is made with whom its maker reaches, and with nobody else; who is out of reach is like nobody.
#[tokio::test]
async fn partners_are_in_reach() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let own = acme.with_scope(&ALL, RecordScope::Own).await;
    let made = async |client: &tenantry_core::testing::TestClient, collection: &str| {
        let name = if collection == "/contacts" { "last_name" } else { "name" };
        client.post(collection, json!({ name: "X" })).await.expect(201).id().to_owned()
    };
    for (collection, field) in [("/contacts", "contact_id"), ("/companies", "company_id")] {
        let (hers, theirs) = (made(&own, collection).await, made(acme.owner(), collection).await);
        let foreign = made(other.owner(), collection).await;
        let body = |id: &str| json!({ "title": "Roof", field: id });
        let missing = own.post("/deals", body(&Uuid::new_v4().to_string())).await.problem(404, "not_found");
        assert_eq!(missing.pointers(), [format!("/{field}")]);
        for id in [&theirs, &foreign] {
            assert_eq!(own.post("/deals", body(id)).await.text, missing.text);
        }
        let (path, _) = deal(&own, body(&hers)).await;
        let missing = own.patch(&path, "\"1\"", json!({ field: Uuid::new_v4() })).await.problem(404, "not_found");
        assert_eq!(own.patch(&path, "\"1\"", json!({ field: theirs })).await.text, missing.text);
        // Whom somebody else put there stays, whoever changes the rest.
        acme.owner().patch(&path, "\"1\"", json!({ field: theirs })).await.expect(200);
        own.patch(&path, "\"2\"", json!({ field: theirs, "notes": "x" })).await.expect(200);
    }
}

/// Whoever is deleted is taken from the deal, which stays.
#[tokio::test]
async fn who_is_deleted_leaves_the_deal() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let person = owner.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let (path, _) = deal(owner, json!({ "title": "Roof", "contact_id": person.id() })).await;
    owner.delete(person.header("location")).await.expect(204);
    assert_eq!(owner.get(&path).await.expect(200).body["contact_id"], json!(null));
}
