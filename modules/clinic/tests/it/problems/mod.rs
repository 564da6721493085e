//! `/api/v1/clinic/patients/{id}/problems`

use serde_json::json;

use crate::charts::{doctor, patient_by};
use crate::clinic;

/// A problem begins, changes and is over; null clears, what is left out stays.
#[tokio::test]
async fn a_problem_comes_and_goes() {
    let (_platform, clinic) = clinic().await;
    let (physician, id) = doctor(&clinic, "physician").await;
    let path = format!("{}/problems", patient_by(&physician).await);
    let body = json!({ "code": "I10", "text": "Hypertension", "onset": "2020-05-01" });
    let made = physician.post(&path, body).await.expect(201);
    assert_eq!((&made.body["status"], &made.body["practitioner_id"]), (&json!("active"), &json!(id)));
    let record = made.header("location");
    let change = json!({ "status": "resolved", "onset": null, "code": "I15" });
    let changed = physician.patch(record, "\"1\"", change).await.expect(200);
    assert_eq!((&changed.body["text"], &changed.body["onset"]), (&json!("Hypertension"), &json!(null)));
    physician.patch(record, "\"1\"", json!({ "text": "x" })).await.problem(412, "stale_version");
    assert_eq!(
        physician.get(&format!("{path}?filter[code]=I15&filter[status]=resolved")).await.expect(200).items().len(),
        1
    );
    assert_eq!(physician.get(&format!("{path}?filter[code][null]=true")).await.expect(200).items().len(), 0);
    assert_eq!(physician.get(record).await.expect(200).body, changed.body);
}

/// What cannot be is pointed at, and a mistake stays as one.
#[tokio::test]
async fn what_cannot_be_is_refused() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let path = format!("{}/problems", patient_by(&physician).await);
    for (body, pointer) in [
        (json!({ "text": "" }), "/text"),
        (json!({ "text": "x", "onset": "2199-01-01" }), "/onset"),
        (json!({ "text": "x", "code": "x".repeat(21) }), "/code"),
        (json!({ "text": "x", "status": "resolved" }), "/status"),
    ] {
        assert_eq!(physician.post(&path, body).await.problem(422, "invalid").pointers(), [pointer]);
    }
    let made = physician.post(&path, json!({ "text": "x" })).await.expect(201);
    let record = made.header("location");
    physician.post(&format!("{record}/retract"), json!({})).await.expect(200);
    physician.patch(record, "\"2\"", json!({ "text": "y" })).await.problem(409, "entered_in_error");
}
