//! `/api/v1/clinic/patients/{id}/prescriptions`

use serde_json::{Value, json};

use crate::charts::{doctor, patient_by, take_in};
use crate::clinic;

fn order(substance: &str) -> Value {
    json!({ "substance": substance, "dose": "500 mg twice a day", "route": "oral", "duration_days": 7 })
}

/// What the patient does not tolerate is asked for by its words; a reason overrides it and is kept.
#[tokio::test]
async fn allergies_stand_in_the_way() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    let path = format!("{patient}/prescriptions");
    let allergy = json!({ "substance": "Penicillin", "severity": "severe" });
    let allergy = physician.post(&format!("{patient}/allergies"), allergy).await.expect(201);
    for against in ["penicillin", "PÉNICILLIN V", "Benzathine-penicillin"] {
        let refused = physician.post(&path, order(against)).await.problem(409, "allergy");
        assert_eq!(refused.pointers(), ["/substance"]);
        assert!(refused.body["detail"].as_str().unwrap().contains("Penicillin (severe)"), "{}", refused.text);
        assert!(refused.reason("/substance").contains(allergy.id()), "{}", refused.text);
    }
    assert!(physician.get(&path).await.expect(200).items().is_empty());
    physician.post(&path, order("Penicillinase")).await.expect(201);

    let mut must = order("Penicillin V");
    must["override_reason"] = json!("Tolerated in a test under watch");
    let made = physician.post(&path, must.clone()).await.expect(201);
    assert_eq!(made.body["override_reason"], must["override_reason"]);
    // Where nothing stands against it, there is nothing to override.
    physician.patch(allergy.header("location"), "\"1\"", json!({ "status": "inactive" })).await.expect(200);
    let made = physician.post(&path, must).await.expect(201);
    assert_eq!(made.body["override_reason"], json!(null));
    // Another patient tolerates it.
    let other = patient_by(&physician).await;
    physician.post(&format!("{other}/prescriptions"), order("Penicillin")).await.expect(201);
}

/// Physicians and dentists prescribe and stop; others in the care team do neither.
#[tokio::test]
async fn not_everybody_prescribes() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    let path = format!("{patient}/prescriptions");
    let made = physician.post(&path, order("Ibuprofen")).await.expect(201);
    let stop = format!("{}/stop", made.header("location"));
    for profession in ["nurse", "therapist", "other"] {
        let (person, id) = doctor(&clinic, profession).await;
        take_in(&clinic, &patient, &id).await;
        person.post(&path, order("Ibuprofen")).await.problem(403, "may_not_prescribe");
        person.post(&stop, json!({ "reason": "x" })).await.problem(403, "may_not_prescribe");
        person.get(made.header("location")).await.expect(200);
    }
    let (dentist, id) = doctor(&clinic, "dentist").await;
    take_in(&clinic, &patient, &id).await;
    dentist.post(&path, order("Ibuprofen")).await.expect(201);
}

/// A prescription is stopped once, with the reason of that time; a mistake stays as one.
#[tokio::test]
async fn a_prescription_ends() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let path = format!("{}/prescriptions", patient_by(&physician).await);
    let record = physician.post(&path, order("Ibuprofen")).await.expect(201).header("location").to_owned();
    let stopped = physician.post(&format!("{record}/stop"), json!({ "reason": "Ulcer" })).await.expect(200);
    assert_eq!((&stopped.body["status"], &stopped.body["stop_reason"]), (&json!("stopped"), &json!("Ulcer")));
    assert!(stopped.body["stopped_at"].is_string());
    let again = physician.post(&format!("{record}/stop"), json!({ "reason": "Other" })).await.expect(200);
    assert_eq!(again.body, stopped.body);
    physician.post(&format!("{record}/retract"), json!({})).await.expect(200);
    physician.post(&format!("{record}/stop"), json!({})).await.problem(409, "entered_in_error");
    for (field, value) in
        [("duration_days", json!(0)), ("duration_days", json!(731)), ("route", json!("x")), ("substance", json!("-"))]
    {
        let mut body = order("Ibuprofen");
        body[field] = value;
        assert_eq!(physician.post(&path, body).await.problem(422, "invalid").pointers(), [format!("/{field}")]);
    }
    assert_eq!(physician.get(&format!("{path}?filter[status]=active")).await.expect(200).items().len(), 0);
}
