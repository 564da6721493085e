//! Who sees the trash, and who may restore.

use serde_json::json;

use super::{deleted_contact, of, restore, trash};
use crate::audit::acme;

/// Whoever may see such records sees which were deleted; whoever may write them brings them back. It takes no right to undo.
#[tokio::test]
async fn it_takes_the_rights_of_the_records() {
    let (_platform, acme) = acme().await;
    let (owner, member, viewer) = (acme.owner(), acme.member().await, acme.viewer().await);
    let id = deleted_contact(owner, "Babbage").await;
    let item = of(&viewer, &id).await;
    restore(&viewer, &item["id"]).await.problem(403, "forbidden");
    let blind = acme.with_permissions(&["trash.read", "trash.write", "contacts.write"]).await;
    assert!(trash(&blind).await.is_empty());
    restore(&blind, &item["id"]).await.problem(404, "not_found");
    let reader = acme.with_permissions(&["trash.read", "trash.write", "contacts.read"]).await;
    assert_eq!(trash(&reader).await.len(), 1);
    let refused = restore(&reader, &item["id"]).await.problem(403, "forbidden");
    assert!(refused.body["detail"].as_str().unwrap().contains("contacts.write"), "{}", refused.text);
    acme.with_permissions(&["contacts.read"]).await.get("/trash").await.problem(403, "forbidden");
    restore(&member, &item["id"]).await.expect(200);
}

/// What a disabled module keeps is not in the trash until it is enabled again.
#[tokio::test]
async fn what_a_disabled_module_keeps_is_not_in_it() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let house = json!({
        "type": "house", "status": "active", "price": "100.00", "currency": "EUR",
        "street": "A 1", "city": "Vienna", "country": "AT",
    });
    let made = owner.post("/real-estate/properties", house).await.expect(201);
    owner.delete(&format!("/real-estate/properties/{}", made.id())).await.expect(204);
    let item = of(owner, made.id()).await;
    assert_eq!(item["title"], "A 1, Vienna");
    owner.delete("/modules/real-estate").await.expect(204);
    assert!(trash(owner).await.is_empty());
    restore(owner, &item["id"]).await.problem(404, "not_found");
    owner.put("/modules/real-estate").await.expect(200);
    restore(owner, &item["id"]).await.expect(200);
}

/// Another organization's trash does not exist here; nor do entries of the audit that are no deletions.
#[tokio::test]
async fn an_organization_has_its_own() {
    let (platform, acme) = acme().await;
    let globex = platform.organization("Globex").await;
    let id = deleted_contact(acme.owner(), "Babbage").await;
    let item = of(acme.owner(), &id).await;
    assert!(trash(globex.owner()).await.is_empty());
    restore(globex.owner(), &item["id"]).await.problem(404, "not_found");
    let made = acme.owner().get("/audit?resource=contacts&change=created").await.expect(200);
    restore(acme.owner(), &made.items()[0]["id"]).await.problem(404, "not_found");
    restore(acme.owner(), &json!("8e03978e-40d5-43dd-bc93-6894a57f9324")).await.problem(404, "not_found");
}
