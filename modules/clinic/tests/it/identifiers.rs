//! `/api/v1/clinic/patient-identifiers`

use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::clinic;
use crate::patients::made;

/// A number of a system is one patient's; one patient may have several.
#[tokio::test]
async fn a_number_is_one_patients() {
    let (_platform, clinic) = clinic().await;
    let member = clinic.member().await;
    let (ada, bob) = (made(&clinic, "P-1").await, made(&clinic, "P-2").await);
    let body = |id: &str, value: &str| json!({ "patient_id": id, "system": "insurance-card", "value": value });
    let first = member.post("/clinic/patient-identifiers", body(ada.id(), "1")).await.expect(201);
    member.post("/clinic/patient-identifiers", body(ada.id(), "2")).await.expect(201);
    let refused = member.post("/clinic/patient-identifiers", body(bob.id(), "1")).await;
    assert_eq!(refused.problem(409, "identifier_taken").pointers(), ["/value"]);
    let other = json!({ "patient_id": bob.id(), "system": "passport", "value": "1" });
    member.post("/clinic/patient-identifiers", other).await.expect(201);
    let list = member.get(&format!("/clinic/patient-identifiers?filter[patient_id]={}", ada.id())).await.expect(200);
    assert_eq!(list.column("value"), ["2", "1"]);
    let found = member.get("/clinic/patient-identifiers?filter[value]=1&filter[system]=insurance-card").await;
    assert_eq!(found.expect(200).column("patient_id"), [ada.id()]);
    let nobody = member.post("/clinic/patient-identifiers", body(&Uuid::new_v4().to_string(), "3")).await;
    assert_eq!(nobody.problem(404, "not_found").pointers(), ["/patient_id"]);
    member.delete(first.header("location")).await.expect(204);
    member.post("/clinic/patient-identifiers", body(bob.id(), "1")).await.expect(201);
    // Numbers keep nobody: they go with the patient.
    member.delete(ada.header("location")).await.expect(204);
    assert_eq!(member.get("/clinic/patient-identifiers").await.expect(200).items().len(), 2);
}

/// Of several who give the same number to different patients at once, one does.
#[tokio::test]
async fn one_of_many_gets_the_number() {
    let (_platform, clinic) = clinic().await;
    let mut tries = JoinSet::new();
    for n in 0..8 {
        let patient = made(&clinic, &n.to_string()).await;
        let (owner, id) = (clinic.owner().clone(), patient.id().to_owned());
        tries.spawn(async move {
            let body = json!({ "patient_id": id, "system": "card", "value": "same" });
            owner.post("/clinic/patient-identifiers", body).await.status.as_u16()
        });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [201, 409, 409, 409, 409, 409, 409, 409]);
}
