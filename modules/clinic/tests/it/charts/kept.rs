//! What the database keeps of charts, whoever asks it to forget

use serde_json::json;

use super::{doctor, id_of, parts, patient_by};
use crate::clinic;

const KEPT: [&str; 5] = ["encounters", "vitals", "allergies", "problems", "prescriptions"];
const ADDED: [&str; 5] =
    ["chart_reads", "emergency_accesses", "emergency_access_reviews", "encounter_signatures", "encounter_addenda"];

/// The organization's own role deletes nothing of a chart, and changes no entry of a log.
#[tokio::test]
async fn the_tenants_role_can_only_add() {
    let (platform, clinic) = clinic().await;
    let superuser = platform.database().superuser().await;
    let schema = clinic.tenant().schema();
    superuser.batch_execute(&format!("SET ROLE {schema}; SET search_path TO {schema}")).await.unwrap();
    let deletes = KEPT.iter().chain(&ADDED).map(|table| format!("DELETE FROM {table}"));
    let updates = ADDED.iter().map(|table| format!("UPDATE {table} SET version = 2"));
    for verb in deletes.chain(updates) {
        let refused = superuser.batch_execute(&verb).await.expect_err(&verb);
        assert_eq!(refused.code().map(|code| code.code()), Some("42501"), "{verb}: {refused:?}");
    }
}

/// A patient whose chart has something in it is not deleted.
#[tokio::test]
async fn a_patient_with_a_chart_stays() {
    let (_platform, clinic) = clinic().await;
    let (doctor, _) = doctor(&clinic, "physician").await;
    for (part, body) in parts("Word") {
        let patient = patient_by(&doctor).await;
        let record = doctor.post(&format!("{patient}/{part}"), body).await.expect(201).header("location").to_owned();
        let refused = doctor.delete(&patient).await.expect(409);
        assert!(!refused.code().is_empty());
        doctor.get(&record).await.expect(200);
    }
    let patient = patient_by(&doctor).await;
    doctor.delete(&patient).await.expect(204);
}

/// A practitioner who has written into a chart is not deleted either.
#[tokio::test]
async fn who_wrote_stays_known() {
    let (_platform, clinic) = clinic().await;
    let (doctor, id) = doctor(&clinic, "physician").await;
    let patient = patient_by(&doctor).await;
    doctor.post(&format!("{patient}/vitals"), json!({ "kind": "pulse", "value": 70 })).await.expect(201);
    clinic.owner().delete(&format!("/clinic/practitioners/{id}")).await.expect(409);
    assert!(!id_of(&patient).is_empty());
}
