//! Who reaches a chart: a practitioner who treats the patient, and nobody by their role

use serde_json::json;
use tenantry_core::testing::{TestClient, TestOrganization};
use uuid::Uuid;

use super::{doctor, parts, patient_by, practitioner, take_in};
use crate::clinic;

/// Every operation on a chart is refused with this code, and so is one on the record of each part.
async fn is_closed(person: &TestClient, patient: &str, records: &[String], code: &str) {
    for (part, body) in parts("Word") {
        person.get(&format!("{patient}/{part}")).await.problem(403, code);
        person.post(&format!("{patient}/{part}"), body).await.problem(403, code);
    }
    for record in records {
        person.get(record).await.problem(403, code);
        person.post(&format!("{record}/retract"), json!({})).await.problem(403, code);
    }
}

async fn fill(person: &TestClient, patient: &str) -> Vec<String> {
    let mut records = Vec::new();
    for (part, body) in parts("Word") {
        let made = person.post(&format!("{patient}/{part}"), body).await.expect(201);
        records.push(made.header("location").to_owned());
    }
    records
}

async fn reads(clinic: &TestOrganization, patient: &str) -> usize {
    clinic.owner().get(&format!("{patient}/chart-reads?limit=200")).await.expect(200).items().len()
}

/// The owner of the organization, an admin and a member see no chart as long as they are no practitioners; nothing is logged of it.
#[tokio::test]
async fn a_role_opens_no_chart() {
    let (_platform, clinic) = clinic().await;
    let (doctor, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&doctor).await;
    let records = fill(&doctor, &patient).await;
    let before = reads(&clinic, &patient).await;
    for person in [clinic.owner().clone(), clinic.admin().await, clinic.member().await] {
        person.get(&patient).await.expect(200);
        is_closed(&person, &patient, &records, "not_a_practitioner").await;
    }
    is_closed(&clinic.viewer().await, &patient, &records, "forbidden").await;
    // A practitioner, and still not one of the patient's.
    practitioner(&clinic, clinic.owner(), "physician").await;
    is_closed(clinic.owner(), &patient, &records, "no_care_relation").await;
    assert_eq!(reads(&clinic, &patient).await, before);
    for (part, _) in parts("Word") {
        doctor.get(&format!("/clinic/patients/{}/{part}", Uuid::new_v4())).await.problem(404, "not_found");
    }
}

/// A role that is for some records only cannot have the permission at all.
#[tokio::test]
async fn charts_are_not_for_a_narrow_role() {
    let (_platform, clinic) = clinic().await;
    let role = json!({ "name": "Narrow", "permissions": ["patients.read", "charts.read"], "scope": "own" });
    clinic.owner().post("/roles", role).await.problem(422, "invalid");
}

/// Who treats the patient reads and writes; who does not any more, is not active any more, or not yet, does not.
#[tokio::test]
async fn a_care_relation_opens_the_chart_on_its_days() {
    let (_platform, clinic) = clinic().await;
    let (maker, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&maker).await;
    let records = fill(&maker, &patient).await;
    let (colleague, id) = doctor(&clinic, "nurse").await;
    is_closed(&colleague, &patient, &records, "no_care_relation").await;
    let relation = take_in(&clinic, &patient, &id).await;
    for record in &records {
        colleague.get(record).await.expect(200);
    }
    clinic.owner().delete(&relation).await.expect(204);
    is_closed(&colleague, &patient, &records, "no_care_relation").await;

    for days in [json!({ "starts_on": "2199-01-01" }), json!({ "starts_on": "2020-01-01", "ends_on": "2020-12-31" })] {
        let mut body = json!({ "practitioner_id": id, "role": "nursing" });
        for (day, value) in days.as_object().unwrap() {
            body[day] = value.clone();
        }
        let made = clinic.owner().post(&format!("{patient}/care-team"), body).await.expect(201);
        is_closed(&colleague, &patient, &records, "no_care_relation").await;
        clinic.owner().delete(made.header("location")).await.expect(204);
    }

    take_in(&clinic, &patient, &id).await;
    colleague.get(&records[0]).await.expect(200);
    let path = format!("/clinic/practitioners/{id}");
    clinic.owner().patch(&path, "\"1\"", json!({ "active": false })).await.expect(200);
    is_closed(&colleague, &patient, &records, "not_a_practitioner").await;
}

/// A record is read under its own patient and no other's.
#[tokio::test]
async fn a_record_is_in_one_chart() {
    let (_platform, clinic) = clinic().await;
    let (doctor, _) = doctor(&clinic, "physician").await;
    let (first, second) = (patient_by(&doctor).await, patient_by(&doctor).await);
    for record in fill(&doctor, &first).await {
        let elsewhere = record.replace(super::id_of(&first), super::id_of(&second));
        doctor.get(&record).await.expect(200);
        doctor.get(&elsewhere).await.problem(404, "not_found");
        doctor.post(&format!("{elsewhere}/retract"), json!({})).await.problem(404, "not_found");
    }
}
