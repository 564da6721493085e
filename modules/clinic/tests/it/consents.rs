//! `/api/v1/clinic/consents`, `/api/v1/clinic/patients/{id}/disclosure`

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;

use crate::clinic;
use crate::patients::made;

/// Only what has begun, has not ended and is not withdrawn holds; a withdrawal holds from the next reading on.
#[tokio::test]
async fn what_holds_is_looked_up_each_time() {
    let (_platform, clinic) = clinic().await;
    let member = clinic.member().await;
    let ada = made(&clinic, "P-1").await;
    let doctor = member.post("/contacts", json!({ "last_name": "Snow" })).await.expect(201);
    let give = async |changes: Value| {
        let mut body = json!({ "patient_id": ada.id(), "purpose": "disclosure", "grantee": "Dr. Snow" });
        for (field, value) in changes.as_object().unwrap() {
            body[field] = value.clone();
        }
        member.post("/clinic/consents", body).await
    };
    give(json!({ "from": "2020-01-01T00:00:00Z", "until": "2021-01-01T00:00:00Z" })).await.expect(201);
    give(json!({ "from": "2150-01-01T00:00:00Z" })).await.expect(201);
    let now = give(json!({ "from": "2020-01-01T00:00:00Z" })).await.expect(201);
    let research = json!({ "purpose": "research", "grantee": null, "grantee_contact_id": doctor.id() });
    give(research).await.expect(201);
    let asked = async |query: &str| {
        let path = format!("{}/disclosure{query}", ada.header("location"));
        let answer = member.get(&path).await.expect(200);
        assert_eq!(answer.body["allowed"], !answer.body["grants"].as_array().unwrap().is_empty());
        answer.body["grants"].as_array().unwrap().len()
    };
    assert_eq!(asked("").await, 2);
    assert_eq!(asked("?purpose=disclosure").await, 1);
    assert_eq!(asked("?purpose=disclosure&grantee=dr.%20snow").await, 1);
    assert_eq!(asked("?purpose=disclosure&grantee=Dr.%20No").await, 0);
    assert_eq!(asked(&format!("?purpose=research&grantee_contact_id={}", doctor.id())).await, 1);
    assert_eq!(asked("?purpose=photography").await, 0);

    let withdraw = format!("{}/withdraw", now.header("location"));
    clinic.viewer().await.post(&withdraw, json!({})).await.problem(403, "forbidden");
    let withdrawn = member.post(&withdraw, json!({})).await.expect(200);
    assert!(withdrawn.body["withdrawn_at"].is_string());
    assert_eq!(asked("?purpose=disclosure").await, 0);
    assert_eq!(member.post(&withdraw, json!({})).await.expect(200).body, withdrawn.body);
    let list = member.get("/clinic/consents?filter[withdrawn_at][null]=false").await.expect(200);
    assert_eq!(list.column("id"), [now.id()]);
}

/// A consent names somebody, and ends after it begins.
#[tokio::test]
async fn a_consent_is_for_somebody_and_some_time() {
    let (_platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let ada = made(&clinic, "P-1").await;
    let nobody = json!({ "patient_id": ada.id(), "purpose": "treatment" });
    assert_eq!(owner.post("/clinic/consents", nobody).await.problem(422, "invalid").pointers(), ["/grantee"]);
    let backwards = json!({
        "patient_id": ada.id(), "purpose": "treatment", "grantee": "Us", "from": "2026-01-02T00:00:00Z",
        "until": "2026-01-02T00:00:00Z",
    });
    assert_eq!(owner.post("/clinic/consents", backwards).await.problem(422, "invalid").pointers(), ["/until"]);
    assert!(owner.get("/clinic/consents").await.expect(200).items().is_empty());
}

/// A consent is where its patient is, over the patient's contact.
#[tokio::test]
async fn a_consent_is_where_its_patient_is() {
    let (_platform, clinic) = clinic().await;
    let all = [
        "contacts.read",
        "contacts.write",
        "patients.read",
        "patients.write",
        "treatment_consents.read",
        "treatment_consents.write",
        "invoices.read",
        "invoices.write",
    ];
    let own = clinic.with_scope(&all, RecordScope::Own).await;
    let team = clinic.with_scope(&all, RecordScope::Team).await;
    let theirs = made(&clinic, "P-1").await;
    let contact = own.post("/contacts", json!({ "last_name": "Byron" })).await.expect(201);
    let body = json!({ "contact_id": contact.id(), "number": "P-2", "date_of_birth": "1985-12-10", "gender": "male" });
    let his = own.post("/clinic/patients", body).await.expect(201);
    let consent = |id: &str| json!({ "patient_id": id, "purpose": "treatment", "grantee": "Us" });
    let made = own.post("/clinic/consents", consent(his.id())).await.expect(201);
    let refused = own.post("/clinic/consents", consent(theirs.id())).await.problem(404, "not_found");
    assert_eq!(refused.pointers(), ["/patient_id"]);
    let foreign = clinic.owner().post("/clinic/consents", consent(theirs.id())).await.expect(201);
    assert_eq!(own.get("/clinic/consents").await.expect(200).column("id"), [made.id()]);
    own.get(foreign.header("location")).await.problem(404, "not_found");
    own.post(&format!("{}/withdraw", foreign.header("location")), json!({})).await.problem(404, "not_found");
    own.get(&format!("{}/disclosure", theirs.header("location"))).await.problem(404, "not_found");
    team.get(made.header("location")).await.problem(404, "not_found");
    clinic.team("Ward", &[&own, &team]).await;
    assert_eq!(team.get("/clinic/consents").await.expect(200).column("id"), [made.id()]);
    let asked = json!({ "action": "treatment_consents.read", "record_id": made.id() });
    assert_eq!(clinic.owner().post("/authz/explain", asked).await.expect(200).body["allowed"], true);
}
