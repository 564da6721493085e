//! `/api/v1/clinic/patients/{id}/chart-reads`

use serde_json::json;

use super::{doctor, id_of, parts, patient_by};
use crate::clinic;

/// Each reading and each change is there: who, which part, by which operation and way, and never what.
#[tokio::test]
async fn every_reading_is_written_down() {
    let (_platform, clinic) = clinic().await;
    let (doctor, practitioner) = doctor(&clinic, "physician").await;
    let patient = patient_by(&doctor).await;
    let team = clinic.owner().get(&format!("{patient}/care-team")).await.expect(200);
    let relation = team.column("id")[0].to_owned();
    let me = doctor.get("/users/me").await.expect(200).id().to_owned();
    let mut expected: Vec<(String, String)> = Vec::new();
    for (part, body) in parts("Zebra") {
        let record = doctor.post(&format!("{patient}/{part}"), body).await.expect(201).header("location").to_owned();
        doctor.get(&record).await.expect(200);
        doctor.get(&format!("{patient}/{part}")).await.expect(200);
        doctor.post(&format!("{record}/retract"), json!({})).await.expect(200);
        for verb in ["create", "get", "list", "retract"] {
            expected.push((part.to_owned(), format!("{part}_{verb}")));
        }
    }
    let log = clinic.owner().get(&format!("{patient}/chart-reads?sort=created_at&limit=200")).await.expect(200);
    let entries = log.items().iter().map(|entry| {
        assert_eq!((entry["user_id"].as_str(), entry["practitioner_id"].as_str()), (Some(&*me), Some(&*practitioner)));
        assert_eq!(
            (entry["care_relation_id"].as_str(), entry["patient_id"].as_str()),
            (Some(&*relation), Some(id_of(&patient)))
        );
        (entry["part"].as_str().unwrap().to_owned(), entry["operation"].as_str().unwrap().to_owned())
    });
    assert_eq!(entries.collect::<Vec<_>>(), expected);
    assert!(!log.text.contains("Zebra"), "{}", log.text);
    let of_vitals = clinic.owner().get(&format!("{patient}/chart-reads?filter[part]=vitals")).await.expect(200);
    assert_eq!(of_vitals.items().len(), 4);
    doctor.get(&format!("{patient}/chart-reads")).await.problem(403, "forbidden");
}

/// Where the log cannot be written, nothing is read and nothing is changed.
#[tokio::test]
async fn without_the_log_there_is_no_answer() {
    let (platform, clinic) = clinic().await;
    let (doctor, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&doctor).await;
    let mut records = Vec::new();
    for (part, body) in parts("Zebra") {
        records.push(doctor.post(&format!("{patient}/{part}"), body).await.expect(201).header("location").to_owned());
    }
    let superuser = platform.database().superuser().await;
    let schema = clinic.tenant().schema();
    let full = format!("ALTER TABLE {schema}.chart_reads ADD CONSTRAINT full_check CHECK (false) NOT VALID");
    superuser.batch_execute(&full).await.unwrap();
    for record in &records {
        for reply in [
            doctor.get(record).await,
            doctor.get(record.rsplit_once('/').unwrap().0).await,
            doctor.post(&format!("{record}/retract"), json!({})).await,
        ] {
            assert!(!reply.status.is_success() && !reply.text.contains("Zebra"), "{}", reply.text);
        }
    }
    superuser.batch_execute(&format!("ALTER TABLE {schema}.chart_reads DROP CONSTRAINT full_check")).await.unwrap();
    for record in &records {
        assert_ne!(doctor.get(record).await.expect(200).body["status"], "entered_in_error");
    }
}

/// Who is told of an allergy by a refusal has read it.
#[tokio::test]
async fn a_refusal_that_tells_something_is_a_reading() {
    let (_platform, clinic) = clinic().await;
    let (doctor, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&doctor).await;
    let allergy = json!({ "substance": "Penicillin", "severity": "severe" });
    doctor.post(&format!("{patient}/allergies"), allergy).await.expect(201);
    let order = json!({ "substance": "Penicillin", "dose": "1", "route": "oral", "duration_days": 1 });
    doctor.post(&format!("{patient}/prescriptions"), order.clone()).await.problem(409, "allergy");
    let keyed = doctor.request(reqwest::Method::POST, &format!("{patient}/prescriptions"));
    doctor.send(keyed.header("idempotency-key", "once").json(&order)).await.problem(409, "allergy");
    let log = clinic.owner().get(&format!("{patient}/chart-reads?filter[part]=prescriptions")).await.expect(200);
    assert_eq!(log.column("operation"), ["prescriptions_create", "prescriptions_create"]);
}
