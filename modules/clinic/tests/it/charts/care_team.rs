//! `/api/v1/clinic/patients/{id}/care-team`

use serde_json::json;
use uuid::Uuid;

use super::{doctor, patient_by, practitioner, take_in};
use crate::clinic;

/// A practitioner who makes a patient's record is in the care team; nobody else's making does that.
#[tokio::test]
async fn whoever_registers_a_patient_treats_them() {
    let (_platform, clinic) = clinic().await;
    let (physician, id) = doctor(&clinic, "physician").await;
    let team = clinic.owner().get(&format!("{}/care-team", patient_by(&physician).await)).await.expect(200);
    assert_eq!(team.column("practitioner_id"), [id]);
    let reception = clinic.member().await;
    let team = clinic.owner().get(&format!("{}/care-team", patient_by(&reception).await)).await.expect(200);
    assert!(team.items().is_empty(), "{}", team.text);
}

/// An admin takes others in, and never themself.
#[tokio::test]
async fn nobody_takes_in_themself() {
    let (_platform, clinic) = clinic().await;
    let (physician, id) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    let own = practitioner(&clinic, clinic.owner(), "physician").await;
    let team = format!("{patient}/care-team");
    let body = |id: &str| json!({ "practitioner_id": id, "role": "consulting" });
    clinic.owner().post(&team, body(&own)).await.problem(403, "not_yourself");
    physician.post(&team, body(&own)).await.problem(403, "forbidden");
    clinic.admin().await.post(&team, body(&own)).await.expect(201);
    clinic.owner().get(&format!("{patient}/vitals")).await.expect(200);
    let again = clinic.owner().post(&team, body(&id)).await.problem(409, "already_in_care_team");
    assert_eq!(again.pointers(), ["/practitioner_id"]);
}

/// What cannot be is refused: somebody who is not there or not active, days in the wrong order, another patient's relation.
#[tokio::test]
async fn what_cannot_be_is_refused() {
    let (_platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let (physician, _) = doctor(&clinic, "physician").await;
    let (patient, other) = (patient_by(&physician).await, patient_by(&physician).await);
    let team = format!("{patient}/care-team");
    let (_, id) = doctor(&clinic, "nurse").await;
    let unknown = owner.post(&team, json!({ "practitioner_id": Uuid::new_v4(), "role": "nursing" })).await;
    assert_eq!(unknown.problem(404, "not_found").pointers(), ["/practitioner_id"]);
    let days = json!({ "practitioner_id": id, "role": "nursing", "starts_on": "2026-02-01", "ends_on": "2026-01-31" });
    assert_eq!(owner.post(&team, days).await.problem(422, "invalid").pointers(), ["/ends_on"]);
    let nowhere = format!("/clinic/patients/{}/care-team", Uuid::new_v4());
    owner.get(&nowhere).await.problem(404, "not_found");
    owner.post(&nowhere, json!({ "practitioner_id": id, "role": "nursing" })).await.problem(404, "not_found");
    let relation = take_in(&clinic, &patient, &id).await;
    let elsewhere = relation.replace(super::id_of(&patient), super::id_of(&other));
    owner.delete(&elsewhere).await.problem(404, "not_found");
    clinic.member().await.delete(&relation).await.problem(403, "forbidden");
    owner.delete(&relation).await.expect(204);
    owner.patch(&format!("/clinic/practitioners/{id}"), "\"1\"", json!({ "active": false })).await.expect(200);
    owner
        .post(&team, json!({ "practitioner_id": id, "role": "nursing" }))
        .await
        .problem(409, "practitioner_not_active");
}

/// Several who take in the same practitioner at once: one does.
#[tokio::test]
async fn one_relation_for_each() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    let (_, id) = doctor(&clinic, "nurse").await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (owner, team) = (clinic.owner().clone(), format!("{patient}/care-team"));
        let body = json!({ "practitioner_id": id, "role": "nursing" });
        tries.spawn(async move { owner.post(&team, body).await.status.as_u16() });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [201, 409, 409, 409, 409, 409]);
}
