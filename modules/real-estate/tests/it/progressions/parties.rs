//! `/api/v1/real-estate/progressions/{id}/parties`

use serde_json::json;

use super::progression;
use crate::agency;
use crate::market::contact;

/// Each role is one contact's, and free again once that one is removed.
#[tokio::test]
async fn each_role_is_one_contacts() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let way = progression(&agency).await;
    let path = format!("{}/parties", way.header("location"));
    let solicitor = json!({ "contact_id": contact(&agency, "Marple").await, "role": "buyer_solicitor" });
    let made = owner.post(&path, solicitor.clone()).await.expect(201);
    assert_eq!(owner.post(&path, solicitor.clone()).await.problem(409, "role_taken").pointers(), ["/role"]);
    let lender = json!({ "contact_id": solicitor["contact_id"], "role": "lender" });
    owner.post(&path, lender).await.expect(201);
    assert_eq!(owner.get(&path).await.expect(200).column("role"), ["buyer_solicitor", "lender"]);
    owner.delete(&format!("{path}/{}", made.id())).await.expect(204);
    owner.post(&path, solicitor).await.expect(201);
}
