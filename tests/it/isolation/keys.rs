//! The same key in two organizations is two keys: numbers, addresses, versions, ids, pages.

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};

async fn two() -> (TestPlatform, TestOrganization, TestOrganization) {
    let platform = crate::platform().await;
    let (a, b) = (platform.organization("Alpha").await, platform.organization("Beta").await);
    a.enable("clinic").await;
    b.enable("clinic").await;
    (platform, a, b)
}

async fn patient(client: &TestClient, number: &str, status: u16) -> Value {
    let contact =
        client.post("/contacts", json!({ "last_name": "Same", "email": "same@example.com" })).await.expect(201);
    let patient =
        json!({ "contact_id": contact.id(), "number": number, "date_of_birth": "1990-05-17", "gender": "other" });
    client.post("/clinic/patients", patient).await.expect(status).body
}

/// A number that is unique in an organization is free in every other, taken or not.
#[tokio::test]
async fn a_unique_number_is_unique_in_one_organization() {
    let (_platform, a, b) = two().await;
    patient(a.owner(), "P-1", 201).await;
    patient(b.owner(), "P-1", 201).await;
    assert_eq!(patient(a.owner(), "P-1", 409).await["code"], "number_taken");
    for organization in [&a, &b] {
        let found = organization.owner().get("/clinic/patients?filter[number]=P-1").await.expect(200);
        assert_eq!(found.body["items"].as_array().expect("items").len(), 1);
    }
}

/// A version that was read in one organization says nothing of a record in another.
#[tokio::test]
async fn an_etag_is_of_one_record_of_one_organization() {
    let (platform, a, b) = two().await;
    // The very same id in both, as no client could arrange it.
    let record = a.owner().post("/contacts", json!({ "last_name": "Alpha" })).await.expect(201);
    let copy =
        format!("INSERT INTO {}.contacts (id, last_name) VALUES ('{}', 'Beta')", b.tenant().schema(), record.id());
    platform.database().superuser().await.batch_execute(&copy).await.expect("the same id");
    let path = record.header("location");

    a.owner().patch(path, "\"1\"", json!({ "notes": "a" })).await.expect(200);
    a.owner().patch(path, "\"1\"", json!({ "notes": "stale" })).await.expect(412);
    let theirs = b.owner().patch(path, "\"1\"", json!({ "notes": "b" })).await.expect(200);
    assert_eq!((theirs.body["last_name"].as_str(), theirs.body["notes"].as_str()), (Some("Beta"), Some("b")));
    a.owner().delete(path).await.expect(204);
    assert_eq!(b.owner().get(path).await.expect(200).body["notes"], "b");
}

/// The same text of a statement, on the same connection, is each organization's own.
#[tokio::test]
async fn a_prepared_statement_is_of_one_organization() {
    let one_lane = |config: &mut tenantry_core::config::Config| config.pool.lanes = 1;
    let platform = TestPlatform::start_with(tenantry::MODULES, one_lane).await;
    let organizations = [platform.organization("Alpha").await, platform.organization("Beta").await];
    for round in 1..=3 {
        for organization in &organizations {
            organization.owner().post("/contacts", json!({ "last_name": organization.slug() })).await.expect(201);
            let page = organization.owner().get("/contacts").await.expect(200);
            let items = page.body["items"].as_array().expect("items");
            assert_eq!(items.len(), round);
            assert!(items.iter().all(|item| item["last_name"] == organization.slug()), "{}", page.text);
        }
    }
}
