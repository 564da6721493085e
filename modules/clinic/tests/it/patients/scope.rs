//! Patients under a role that is for some records only: a patient is in its reach where the contact is

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use super::patient;
use crate::clinic;

const ALL: [&str; 4] = ["contacts.read", "contacts.write", "patients.read", "patients.write"];

/// Neither the contact nor the patient of another owner is there.
#[tokio::test]
async fn a_patient_is_where_its_contact_is() {
    let (_platform, clinic) = clinic().await;
    let (own, team_role) =
        (clinic.with_scope(&ALL, RecordScope::Own).await, clinic.with_scope(&ALL, RecordScope::Team).await);
    let theirs = clinic.owner().post("/clinic/patients", patient(&clinic, json!({})).await).await.expect(201);
    let contact = own.post("/contacts", json!({ "last_name": "Byron" })).await.expect(201);
    let body = json!({ "contact_id": contact.id(), "number": "P-2", "date_of_birth": "1985-12-10", "gender": "male" });
    let his = own.post("/clinic/patients", body).await.expect(201);
    assert_eq!(own.get("/clinic/patients").await.expect(200).column("number"), ["P-2"]);
    assert_eq!(own.get("/clinic/patients?filter[number]=P-1").await.expect(200).items().len(), 0);
    let missing = own.get(&format!("/clinic/patients/{}", Uuid::new_v4())).await;
    for reply in [
        own.get(theirs.header("location")).await,
        own.patch(theirs.header("location"), "\"1\"", json!({ "insurer": "X" })).await,
        own.delete(theirs.header("location")).await,
    ] {
        assert_eq!((reply.status.as_u16(), &reply.text), (404, &missing.text));
    }
    team_role.get(his.header("location")).await.problem(404, "not_found");
    clinic.team("Ward", &[&own, &team_role]).await;
    team_role.patch(his.header("location"), "\"1\"", json!({ "insurer": "X" })).await.expect(200);
    own.delete(his.header("location")).await.expect(204);
}

/// A patient is not made of a contact out of reach, and nothing tells that it is there, or a patient already.
#[tokio::test]
async fn a_contact_out_of_reach_is_unknown() {
    let (_platform, clinic) = clinic().await;
    let taken = patient(&clinic, json!({})).await;
    clinic.owner().post("/clinic/patients", taken.clone()).await.expect(201);
    let free = patient(&clinic, json!({ "number": "P-2" })).await;
    for scope in [RecordScope::Own, RecordScope::Team] {
        let client = clinic.with_scope(&ALL, scope).await;
        let mut unknown = free.clone();
        unknown["contact_id"] = json!(Uuid::new_v4());
        let missing = client.post("/clinic/patients", unknown).await;
        for body in [&taken, &free] {
            let reply = client.post("/clinic/patients", body.clone()).await;
            assert_eq!(reply.text, missing.text);
            assert_eq!(reply.problem(404, "not_found").pointers(), ["/contact_id"]);
        }
    }
    clinic.owner().post("/clinic/patients", free).await.expect(201);
}
