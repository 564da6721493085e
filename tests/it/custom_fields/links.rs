//! References: what becomes of them when the record that they name is deleted, comes back, or becomes one with another.

use reqwest::Method;
use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};

use super::{acme, contact, field, of};
use crate::trash;

/// An organization whose contacts have an employer and whose companies have a parent; the ids of two companies.
async fn with_companies() -> (TestPlatform, TestOrganization, [String; 2]) {
    let (platform, acme) = acme().await;
    field(acme.owner(), "employer", "reference").await;
    field(acme.owner(), "word", "text").await;
    of(acme.owner(), "companies", "parent", "reference").await;
    let mut ids = [String::new(), String::new()];
    for id in &mut ids {
        let made = acme.owner().post("/companies", json!({ "name": "Mill" })).await.expect(201);
        *id = made.id().to_owned();
    }
    (platform, acme, ids)
}

async fn custom(owner: &TestClient, path: &str) -> Value {
    owner.get(path).await.expect(200).body["custom"].clone()
}

/// They go with the record, and come back with it, unless somebody has set another value since.
#[tokio::test]
async fn they_go_with_the_record() {
    let (_platform, acme, [mill, shop]) = with_companies().await;
    let owner = acme.owner();
    let ada = contact(owner, "Ada", json!({ "employer": mill, "word": "w" })).await;
    let mary = contact(owner, "Mary", json!({ "employer": mill })).await;
    let grace = contact(owner, "Grace", json!({ "employer": shop })).await;
    owner.delete(&format!("/companies/{mill}")).await.expect(204);

    let path = |id: &str| format!("/contacts/{id}");
    let now = owner.get(&path(ada.id())).await.expect(200);
    assert_eq!(now.body["custom"], json!({ "word": "w" }));
    assert_ne!(now.header("etag"), ada.header("etag"));
    assert_eq!(custom(owner, &path(mary.id())).await, json!({}));
    assert_eq!(custom(owner, &path(grace.id())).await, json!({ "employer": shop }));
    let found = owner.get(&format!("/contacts?filter[custom.employer]={mill}")).await.expect(200);
    assert_eq!(found.items().len(), 0);

    let etag = owner.get(&path(mary.id())).await.expect(200).header("etag").to_owned();
    owner.patch(&path(mary.id()), &etag, json!({ "custom": { "employer": shop } })).await.expect(200);
    let item = trash::of(owner, &mill).await;
    assert_eq!(item["went_with_it"], 2);
    assert_eq!(trash::restore(owner, &item["id"]).await.expect(200).body["restored"], 2);
    assert_eq!(custom(owner, &path(ada.id())).await, json!({ "employer": mill, "word": "w" }));
    assert_eq!(custom(owner, &path(mary.id())).await, json!({ "employer": shop }));
}

/// They point to the record that is kept, and back again when the merge is undone.
#[tokio::test]
async fn they_follow_a_merge() {
    let (_platform, acme, [mill, shop]) = with_companies().await;
    let owner = acme.owner();
    let ada = contact(owner, "Ada", json!({ "employer": shop })).await;
    let child = json!({ "name": "Child", "custom": { "parent": shop } });
    let child = owner.post("/companies", child).await.expect(201);
    let path = format!("/companies/{mill}");
    let etag = owner.get(&path).await.expect(200).header("etag").to_owned();
    owner.patch(&path, &etag, json!({ "custom": { "parent": shop } })).await.expect(200);

    let merge = json!({ "resource": "companies", "keep": mill, "merge": [shop] });
    let preview = owner.post("/merges/preview", merge.clone()).await.expect(200).body;
    let moved = json!([
        { "resource": "companies", "count": 1, "dropped": 0 },
        { "resource": "contacts", "count": 1, "dropped": 0 },
    ]);
    assert_eq!(preview["moved"], moved);
    let made = owner.post("/merges", merge).await.expect(201).body;
    assert_eq!(made["moved"], moved);
    let (ada, child) = (format!("/contacts/{}", ada.id()), format!("/companies/{}", child.id()));
    assert_eq!(custom(owner, &ada).await, json!({ "employer": mill }));
    assert_eq!(custom(owner, &child).await, json!({ "parent": mill }));
    assert_eq!(custom(owner, &path).await, json!({}), "nothing is its own parent");

    let undo = format!("/merges/{}/undo", made["id"].as_str().unwrap());
    owner.send(owner.request(Method::POST, &undo)).await.expect(200);
    assert_eq!(custom(owner, &ada).await, json!({ "employer": shop }));
    assert_eq!(custom(owner, &child).await, json!({ "parent": shop }));
    assert_eq!(custom(owner, &path).await, json!({ "parent": shop }));
}

/// A field comes back, though another one stands in its place.
#[tokio::test]
async fn a_field_finds_a_place() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let first = field(owner, "first", "text").await;
    owner.delete(&format!("/custom-fields/{}", first.id())).await.expect(204);
    field(owner, "second", "text").await;
    let item = trash::of(owner, first.id()).await;
    trash::restore(owner, &item["id"]).await.expect(200);
    assert_eq!(owner.get("/custom-fields").await.expect(200).items().len(), 2);
    contact(owner, "Ada", json!({ "first": "a", "second": "b" })).await;
}
