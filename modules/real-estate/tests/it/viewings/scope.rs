//! A viewing is where its applicant is.

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use super::{ask, stage};
use crate::agency;
use crate::market::with;

/// What is out of reach is not there, byte for byte; and takes the time of the property all the same.
#[tokio::test]
async fn a_viewing_out_of_reach_is_not_there() {
    let (_platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let theirs = ask(&agency, stage.body("10:00", "10:30", json!({ "capacity": 5 }))).await.expect(201);
    let permissions = ["contacts.read", "contacts.write", "viewings.read", "viewings.write"];
    let own = agency.with_scope(&permissions, RecordScope::Own).await;
    let missing = own.get(&format!("/real-estate/viewings/{}", Uuid::new_v4())).await;
    let path = theirs.header("location");
    let reason = json!({ "reason": "Mine." });
    for reply in [
        own.get(path).await,
        own.patch(path, "\"1\"", json!({ "note": "Mine." })).await,
        own.post(&format!("{path}/confirm"), json!({})).await,
        own.post(&format!("{path}/cancel"), reason.clone()).await,
        own.post(&format!("{path}/join"), json!({ "applicant_id": stage.applicant })).await,
        own.delete(path).await,
    ] {
        assert_eq!((reply.status.as_u16(), &reply.text), (404, &missing.text));
    }
    let body = stage.body("10:00", "10:30", json!({}));
    let refused = own.post("/real-estate/viewings", stage.body("12:00", "12:30", json!({}))).await;
    assert_eq!(refused.problem(404, "not_found").pointers(), ["/applicant_id"]);
    let his = own.post("/contacts", json!({ "last_name": "Byron" })).await.expect(201);
    let his = json!({ "applicant_id": his.id() });
    own.post("/real-estate/viewings", with(body, his.clone())).await.problem(409, "slot_taken");
    let made = own.post("/real-estate/viewings", with(stage.body("12:00", "12:30", json!({})), his)).await.expect(201);
    assert_eq!(own.get("/real-estate/viewings").await.expect(200).column("id"), [made.id()]);
    own.post(&format!("{}/cancel", made.header("location")), reason).await.expect(200);
}
