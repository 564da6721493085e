//! Documents are made, listed, changed and deleted.

use serde_json::json;

use super::document;
use crate::{agency, given};

/// A document is about a property or a listing, and has no content at first.
#[tokio::test]
async fn a_document_is_about_something() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let made = document(&member).await;
    for field in ["listing_id", "media_type", "size", "sha256"] {
        assert_eq!(made.body[field], json!(null), "{field}");
    }
    assert_eq!(member.get(made.header("location")).await.expect(200).body, made.body);
    member.get(&format!("{}/content", made.header("location"))).await.problem(404, "not_found");

    let nobody = uuid::Uuid::new_v4();
    for (body, status, pointer) in [
        (json!({ "name": "x", "kind": "other" }), 422, "/property_id"),
        (json!({ "name": "x", "kind": "letter", "property_id": nobody }), 422, "/kind"),
        (json!({ "name": "x", "kind": "other", "property_id": nobody }), 404, "/property_id"),
        (json!({ "name": "x", "kind": "other", "listing_id": nobody }), 404, "/listing_id"),
    ] {
        assert_eq!(member.post("/real-estate/documents", body).await.expect(status).pointers(), [pointer]);
    }
    let body = json!({ "property_id": given::property(&member).await, "name": "x", "kind": "other" });
    agency.viewer().await.post("/real-estate/documents", body).await.problem(403, "forbidden");
}

/// Name and kind change; lists are narrowed by what documents are about.
#[tokio::test]
async fn documents_are_changed_and_listed() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let (one, other) = (document(owner).await, document(owner).await);
    let change = json!({ "name": "Contract.pdf", "kind": "contract" });
    let changed = owner.patch(one.header("location"), "\"1\"", change).await.expect(200);
    assert_eq!((&changed.body["name"], &changed.body["kind"]), (&json!("Contract.pdf"), &json!("contract")));
    for (query, ids) in [
        (format!("filter[property_id]={}", one.body["property_id"].as_str().unwrap()), vec![one.id()]),
        ("filter[kind]=floor_plan".to_owned(), vec![other.id()]),
        ("filter[name]=contract.PDF".to_owned(), vec![one.id()]),
        ("sort=name".to_owned(), vec![one.id(), other.id()]),
    ] {
        assert_eq!(
            owner.get(&format!("/real-estate/documents?{query}")).await.expect(200).column("id"),
            ids,
            "{query}"
        );
    }
}
