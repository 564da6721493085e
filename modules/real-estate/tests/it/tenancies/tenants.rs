//! `/api/v1/real-estate/tenancies/{id}/tenants`

use serde_json::json;
use tenantry_core::permission::RecordScope;

use super::tenancy;
use crate::{agency, given};

/// Contacts live there, each once, and move out again.
#[tokio::test]
async fn contacts_live_there() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let made = tenancy(&member, &given::property(&member).await, json!({})).await;
    let path = format!("{}/tenants", made.header("location"));
    let contact = given::contact(&member).await;
    let tenant = member.post(&path, json!({ "contact_id": contact })).await.expect(201);
    assert_eq!(tenant.body["contact_id"], json!(contact));
    let again = member.post(&path, json!({ "contact_id": contact })).await.problem(409, "tenant_already");
    assert_eq!(again.pointers(), ["/contact_id"]);
    assert_eq!(member.get(&path).await.expect(200).column("id"), [tenant.id()]);

    let other = tenancy(&member, &given::property(&member).await, json!({})).await;
    member.delete(&format!("{}/tenants/{}", other.header("location"), tenant.id())).await.problem(404, "not_found");
    member.delete(&format!("{path}/{}", tenant.id())).await.expect(204);
    assert!(member.get(&path).await.expect(200).items().is_empty());
}

/// Who does not reach a contact does not see that it lives there, and has nobody move in.
#[tokio::test]
async fn a_tenant_is_its_contacts_owners() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = tenancy(owner, &given::property(owner).await, json!({})).await;
    let path = format!("{}/tenants", made.header("location"));
    let contact = given::contact(owner).await;
    let tenant = owner.post(&path, json!({ "contact_id": contact })).await.expect(201);
    let permissions = ["tenancies.read", "tenancy_tenants.read", "tenancy_tenants.write", "contacts.write"];
    let own = agency.with_scope(&permissions, RecordScope::Own).await;
    assert!(own.get(&path).await.expect(200).items().is_empty());
    own.delete(&format!("{path}/{}", tenant.id())).await.problem(404, "not_found");
    own.post(&path, json!({ "contact_id": contact })).await.problem(404, "not_found");
    own.post(&path, json!({ "contact_id": given::contact(&own).await })).await.expect(201);
    assert_eq!(own.get(&path).await.expect(200).items().len(), 1);
}

/// A merge takes the tenant along to the contact that is kept.
#[tokio::test]
async fn a_merge_takes_them_along() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = tenancy(owner, &given::property(owner).await, json!({})).await;
    let path = format!("{}/tenants", made.header("location"));
    let (kept, merged) = (given::contact(owner).await, given::contact(owner).await);
    owner.post(&path, json!({ "contact_id": merged })).await.expect(201);
    owner.post("/merges", json!({ "resource": "contacts", "keep": kept, "merge": [merged] })).await.expect(201);
    assert_eq!(owner.get(&path).await.expect(200).column("contact_id"), [kept.as_str()]);
}
