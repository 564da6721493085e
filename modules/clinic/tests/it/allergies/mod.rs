//! `/api/v1/clinic/patients/{id}/allergies`

use serde_json::json;

use crate::charts::{doctor, patient_by};
use crate::clinic;

/// One active allergy to a substance, however it is spelled; what is not active any more is no obstacle.
#[tokio::test]
async fn a_substance_is_known_once() {
    let (_platform, clinic) = clinic().await;
    let (nurse, _) = doctor(&clinic, "nurse").await;
    let path = format!("{}/allergies", patient_by(&nurse).await);
    let allergy = |substance: &str| json!({ "substance": substance, "severity": "moderate", "reaction": "Rash" });
    let made = nurse.post(&path, allergy("Penicillin V")).await.expect(201);
    assert_eq!((&made.body["status"], &made.body["substance"]), (&json!("active"), &json!("Penicillin V")));
    for same in ["penicillin v", "PÉNICILLIN-V", "Penicillin   V"] {
        let refused = nurse.post(&path, allergy(same)).await.problem(409, "already_known");
        assert_eq!(refused.pointers(), ["/substance"]);
    }
    assert_eq!(nurse.post(&path, allergy("!?")).await.problem(422, "invalid").pointers(), ["/substance"]);
    let record = made.header("location");
    let changed = nurse.patch(record, "\"1\"", json!({ "status": "inactive", "reaction": null })).await.expect(200);
    assert_eq!((&changed.body["status"], &changed.body["reaction"]), (&json!("inactive"), &json!(null)));
    nurse.post(&path, allergy("penicillin v")).await.expect(201);
    nurse.patch(record, "\"2\"", json!({ "status": "active" })).await.problem(409, "already_known");
    let severe = nurse.patch(record, "\"2\"", json!({ "severity": "severe" })).await.expect(200);
    assert_eq!(severe.body["severity"], "severe");
    nurse.patch(record, "\"2\"", json!({ "severity": "mild" })).await.problem(412, "stale_version");
    assert_eq!(nurse.get(&format!("{path}?filter[severity]=severe")).await.expect(200).items().len(), 1);
    assert_eq!(nurse.get(&format!("{path}?filter[status]=active")).await.expect(200).items().len(), 1);
}

/// Several who write down the same at once: one does.
#[tokio::test]
async fn one_wins() {
    let (_platform, clinic) = clinic().await;
    let (nurse, _) = doctor(&clinic, "nurse").await;
    let path = format!("{}/allergies", patient_by(&nurse).await);
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let (nurse, path) = (nurse.clone(), path.clone());
        let body = json!({ "substance": "Latex", "severity": "mild" });
        tries.spawn(async move { nurse.post(&path, body).await.status.as_u16() });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [201, 409, 409, 409, 409]);
}

/// A mistake stays as one.
#[tokio::test]
async fn a_mistake_does_not_change() {
    let (_platform, clinic) = clinic().await;
    let (nurse, _) = doctor(&clinic, "nurse").await;
    let path = format!("{}/allergies", patient_by(&nurse).await);
    let made = nurse.post(&path, json!({ "substance": "Nuts", "severity": "unknown" })).await.expect(201);
    let record = made.header("location");
    let retracted = nurse.post(&format!("{record}/retract"), json!({})).await.expect(200);
    assert_eq!(retracted.body["status"], "entered_in_error");
    nurse.patch(record, "\"2\"", json!({ "status": "active" })).await.problem(409, "entered_in_error");
    nurse.delete(record).await.problem(405, "method_not_allowed");
    nurse.post(&path, json!({ "substance": "Nuts", "severity": "mild" })).await.expect(201);
}
