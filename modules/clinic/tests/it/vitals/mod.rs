//! `/api/v1/clinic/patients/{id}/vitals`

use serde_json::json;

use crate::charts::{doctor, patient_by};
use crate::clinic;

/// Each kind has its unit, and bounds that the database repeats.
#[tokio::test]
async fn values_are_plausible() {
    let (platform, clinic) = clinic().await;
    let (nurse, _) = doctor(&clinic, "nurse").await;
    let path = format!("{}/vitals", patient_by(&nurse).await);
    for (kind, least, most, unit) in [
        ("pain", 0.0, 10.0, "points"),
        ("temperature", 20.0, 45.0, "°C"),
        ("pulse", 0.0, 350.0, "/min"),
        ("respiration", 0.0, 120.0, "/min"),
        ("systolic", 20.0, 350.0, "mmHg"),
        ("diastolic", 10.0, 250.0, "mmHg"),
        ("oxygen_saturation", 10.0, 100.0, "%"),
        ("glucose", 5.0, 2000.0, "mg/dL"),
        ("weight", 0.2, 700.0, "kg"),
        ("height", 20.0, 275.0, "cm"),
    ] {
        for value in [least, most] {
            let made = nurse.post(&path, json!({ "kind": kind, "value": value })).await.expect(201);
            assert_eq!((&made.body["unit"], &made.body["value"]), (&json!(unit), &json!(value)));
        }
        for value in [least - 0.1, most + 0.1] {
            let refused = nurse.post(&path, json!({ "kind": kind, "value": value })).await.problem(422, "invalid");
            assert_eq!(refused.pointers(), ["/value"]);
        }
    }
    let superuser = platform.database().superuser().await;
    let schema = clinic.tenant().schema();
    for change in ["value = 400", "unit = 'furlong'", "kind = 'mood'", "value = 'NaN'"] {
        let sql = format!("UPDATE {schema}.vitals SET {change} WHERE kind = 'pulse'");
        superuser.batch_execute(&sql).await.expect_err(change);
    }
}

/// Nothing was measured in the future, and a mistake stays as one.
#[tokio::test]
async fn vitals_are_listed_and_retracted() {
    let (_platform, clinic) = clinic().await;
    let (nurse, id) = doctor(&clinic, "nurse").await;
    let path = format!("{}/vitals", patient_by(&nurse).await);
    let at = |at: &str| json!({ "kind": "temperature", "value": 38.4, "taken_at": at });
    let refused = nurse.post(&path, at("2199-01-01T00:00:00Z")).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/taken_at"]);
    for day in ["03", "01", "02"] {
        nurse.post(&path, at(&format!("2026-01-{day}T08:00:00Z"))).await.expect(201);
    }
    let made = nurse.post(&path, json!({ "kind": "pain", "value": 3 })).await.expect(201);
    assert_eq!((&made.body["practitioner_id"], &made.body["status"]), (&json!(id), &json!("final")));
    let list = nurse.get(&format!("{path}?filter[kind]=temperature&sort=taken_at")).await.expect(200);
    assert_eq!(list.column("taken_at"), ["2026-01-01T08:00:00Z", "2026-01-02T08:00:00Z", "2026-01-03T08:00:00Z"]);
    let late = nurse.get(&format!("{path}?filter[taken_at][gte]=2026-01-03T00:00:00Z")).await.expect(200);
    assert_eq!(late.items().len(), 2);

    let retract = format!("{}/retract", made.header("location"));
    let retracted = nurse.post(&retract, json!({})).await.expect(200);
    assert_eq!(retracted.body["status"], "entered_in_error");
    assert_eq!(nurse.post(&retract, json!({})).await.expect(200).body, retracted.body);
    assert_eq!(nurse.get(&format!("{path}?filter[status]=final")).await.expect(200).items().len(), 3);
    assert_eq!(nurse.get(&path).await.expect(200).items().len(), 4);
}

/// Pages go on, and a cursor of one patient's list shows nothing of another's.
#[tokio::test]
async fn pages_stay_with_their_patient() {
    let (_platform, clinic) = clinic().await;
    let (nurse, _) = doctor(&clinic, "nurse").await;
    let (first, second) = (patient_by(&nurse).await, patient_by(&nurse).await);
    for patient in [&first, &second] {
        for value in [1, 2, 3] {
            nurse.post(&format!("{patient}/vitals"), json!({ "kind": "pain", "value": value })).await.expect(201);
        }
    }
    let page = nurse.get(&format!("{first}/vitals?limit=2")).await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let next = nurse.get(&format!("{first}/vitals?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!((next.items().len(), &next.body["next_cursor"]), (1, &json!(null)));
    let elsewhere = nurse.get(&format!("{second}/vitals?limit=2&cursor={cursor}")).await;
    if elsewhere.status == 200 {
        let own = second.rsplit('/').next().unwrap();
        assert!(elsewhere.column("patient_id").iter().all(|patient| *patient == own), "{}", elsewhere.text);
    }
}
