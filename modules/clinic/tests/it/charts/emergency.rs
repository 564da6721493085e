//! `/api/v1/clinic/emergency-accesses`

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestOrganization};
use uuid::Uuid;

use super::{doctor, id_of, patient_by};
use crate::clinic;

const PATH: &str = "/clinic/emergency-accesses";

fn begin(patient: &str) -> Value {
    json!({ "patient_id": id_of(patient), "reason": "Unconscious in the hall" })
}

async fn vitals(person: &TestClient, patient: &str) -> u16 {
    person.get(&format!("{patient}/vitals")).await.status.as_u16()
}

async fn pending(clinic: &TestOrganization) -> Vec<String> {
    let list = clinic.owner().get(&format!("{PATH}?reviewed=false")).await.expect(200);
    list.column("id").into_iter().map(str::to_owned).collect()
}

/// From the glass to the finding: one chart opens for an hour, each reading names the access, the owners are told, somebody else
/// judges it, and the hour ends.
#[tokio::test]
async fn an_emergency_access_from_begin_to_review() {
    let (platform, clinic) = clinic().await;
    let (maker, _) = doctor(&clinic, "physician").await;
    let (patient, other) = (patient_by(&maker).await, patient_by(&maker).await);
    let (rescuer, practitioner) = doctor(&clinic, "nurse").await;
    assert_eq!(vitals(&rescuer, &patient).await, 403);

    let access = rescuer.post(PATH, begin(&patient)).await.expect(201);
    rescuer.post(PATH, begin(&patient)).await.problem(409, "emergency_access_runs");
    assert_eq!(access.body["practitioner_id"], practitioner);
    assert_eq!((&access.body["finding"], &access.body["reviewed_by"]), (&Value::Null, &Value::Null));
    rescuer.post(&format!("{patient}/vitals"), json!({ "kind": "pulse", "value": 140 })).await.expect(201);
    assert_eq!((vitals(&rescuer, &patient).await, vitals(&rescuer, &other).await), (200, 403));

    let letters = platform.letters_to(clinic.email()).await;
    let letter = letters.iter().find(|letter| letter.subject.contains("emergency")).expect("a letter to the owner");
    assert!(letter.text.contains(access.id()) && letter.text.contains("Dr. Hopper"), "{}", letter.text);
    assert!(!letter.text.contains("Lovelace") && !letter.text.contains("Unconscious"), "{}", letter.text);

    let log = clinic.owner().get(&format!("{patient}/chart-reads?filter[emergency_access_id]={}", access.id())).await;
    let mut operations = log.expect(200).column("operation").into_iter().map(str::to_owned).collect::<Vec<_>>();
    operations.sort();
    assert_eq!(operations, ["vitals_create", "vitals_list"]);

    // The hour ends.
    let superuser = platform.database().superuser().await;
    let schema = clinic.tenant().schema();
    let sql = format!(
        "UPDATE {schema}.emergency_accesses SET created_at = now() - interval '61 minutes', ends_at = now() - interval '1 minute'"
    );
    superuser.batch_execute(&sql).await.unwrap();
    rescuer.get(&format!("{patient}/vitals")).await.problem(403, "no_care_relation");

    assert_eq!(pending(&clinic).await, [access.id()]);
    let review = format!("{PATH}/{}/review", access.id());
    let finding = json!({ "finding": "justified", "note": "There was no time" });
    rescuer.post(&review, finding.clone()).await.problem(403, "forbidden");
    let reviewed = clinic.owner().post(&review, finding.clone()).await.expect(200);
    let me = clinic.owner().get("/users/me").await.expect(200);
    assert_eq!((&reviewed.body["finding"], &reviewed.body["reviewed_by"]), (&json!("justified"), &me.body["id"]));
    assert!(pending(&clinic).await.is_empty());
    let shown = clinic.owner().get(access.header("location")).await.expect(200);
    assert_eq!(shown.body, reviewed.body);
    clinic.owner().post(&review, finding).await.problem(409, "already_reviewed");
    let audit = clinic.owner().get(&format!("/audit?change=created&record={}", access.id())).await.expect(200);
    assert_eq!(audit.column("operation"), ["emergency_accesses_create"]);
}

/// Nobody judges their own access, whatever their role; of several who judge at once one does.
#[tokio::test]
async fn somebody_else_reviews_once() {
    let (_platform, clinic) = clinic().await;
    let (maker, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&maker).await;
    super::practitioner(&clinic, clinic.owner(), "physician").await;
    let access = clinic.owner().post(PATH, begin(&patient)).await.expect(201);
    let review = format!("{PATH}/{}/review", access.id());
    let finding = json!({ "finding": "not_justified" });
    clinic.owner().post(&review, finding.clone()).await.problem(409, "own_emergency_access");
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (admin, review, finding) = (clinic.admin().await, review.clone(), finding.clone());
        tries.spawn(async move { admin.post(&review, finding).await.status.as_u16() });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [200, 409, 409, 409]);
}

/// It takes a practitioner, a reason, a patient and a fresh sign-in.
#[tokio::test]
async fn what_it_takes() {
    let (platform, clinic) = clinic().await;
    let (maker, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&maker).await;
    let (rescuer, _) = doctor(&clinic, "nurse").await;
    clinic.owner().post(PATH, begin(&patient)).await.problem(403, "not_a_practitioner");
    clinic.viewer().await.post(PATH, begin(&patient)).await.problem(403, "forbidden");
    for reason in ["", "too short"] {
        let body = json!({ "patient_id": id_of(&patient), "reason": reason });
        assert_eq!(rescuer.post(PATH, body).await.problem(422, "invalid").pointers(), ["/reason"]);
    }
    let nobody = json!({ "patient_id": Uuid::new_v4(), "reason": "Unconscious in the hall" });
    assert_eq!(rescuer.post(PATH, nobody).await.problem(404, "not_found").pointers(), ["/patient_id"]);
    let superuser = platform.database().superuser().await;
    let me = rescuer.get("/users/me").await.expect(200).id().to_owned();
    let old = "UPDATE platform.sessions SET signed_in_at = now() - interval '16 minutes' WHERE user_id::text = $1";
    superuser.execute(old, &[&me]).await.unwrap();
    rescuer.post(PATH, begin(&patient)).await.problem(403, "fresh_sign_in_needed");
    assert_eq!(vitals(&rescuer, &patient).await, 403);
    assert!(pending(&clinic).await.is_empty());
    clinic.member().await.get(PATH).await.problem(403, "forbidden");
}
