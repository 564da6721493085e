//! `GET /api/v1/clinic/patients/{id}/encounters/{encounter_id}/billing`

use serde_json::json;
use uuid::Uuid;

use crate::charts::{doctor, patient_by};
use crate::clinic;

/// Whoever bills sees codes and dates, and no word; it is no chart read.
#[tokio::test]
async fn billing_sees_codes_and_dates() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    let body = json!({ "reason": "Zebra", "note": "Zebra", "started_at": "2026-01-05T10:00:00Z",
        "codes": [{ "system": "icd10", "code": "R05", "text": "Zebra" }] });
    let made = physician.post(&format!("{patient}/encounters"), body).await.expect(201);
    let path = format!("{}/billing", made.header("location"));
    let before = clinic.owner().get(&format!("{patient}/chart-reads")).await.expect(200).items().len();
    for person in [clinic.member().await, clinic.owner().clone()] {
        let shown = person.get(&path).await.expect(200);
        assert_eq!(shown.body["codes"], json!([{ "system": "icd10", "code": "R05" }]));
        assert_eq!(shown.body["started_at"], "2026-01-05T10:00:00Z");
        assert!(!shown.text.contains("Zebra"), "{}", shown.text);
    }
    assert_eq!(clinic.owner().get(&format!("{patient}/chart-reads")).await.expect(200).items().len(), before);
    clinic.viewer().await.get(&path).await.problem(403, "forbidden");
    let other = patient_by(&physician).await;
    physician
        .get(&path.replace(crate::charts::id_of(&patient), crate::charts::id_of(&other)))
        .await
        .problem(404, "not_found");
    physician.get(&format!("{patient}/encounters/{}/billing", Uuid::new_v4())).await.problem(404, "not_found");
}
