//! Drafts

use serde_json::json;

use super::{draft, verb};
use crate::charts::{doctor, patient_by, take_in};
use crate::clinic;

/// A draft is its writer's: what is sent replaces, null clears, what is left out stays.
#[tokio::test]
async fn a_draft_is_changed_by_who_wrote_it() {
    let (_platform, clinic) = clinic().await;
    let (physician, id) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    let encounter = draft(&physician, &patient).await;
    let made = physician.get(&encounter).await.expect(200);
    assert_eq!((&made.body["status"], &made.body["practitioner_id"]), (&json!("draft"), &json!(id)));
    assert_eq!(
        (&made.body["codes"], &made.body["addenda"], &made.body["signed_at"]),
        (&json!([]), &json!([]), &json!(null))
    );
    let change = json!({ "codes": [{ "system": "icd10", "code": "R05", "text": "Cough" }], "reason": null,
        "started_at": "2026-01-05T10:00:00Z", "ended_at": "2026-01-05T10:20:00Z" });
    let changed = physician.patch(&encounter, "\"1\"", change).await.expect(200);
    assert_eq!((&changed.body["reason"], &changed.body["note"]), (&json!(null), &json!("Lungs are clear")));
    assert_eq!((&changed.body["codes"][0]["code"], changed.header("etag")), (&json!("R05"), "\"2\""));
    physician.patch(&encounter, "\"1\"", json!({ "note": "x" })).await.problem(412, "stale_version");

    let (colleague, other) = doctor(&clinic, "physician").await;
    take_in(&clinic, &patient, &other).await;
    assert_eq!(colleague.get(&encounter).await.expect(200).body, changed.body);
    colleague.patch(&encounter, "\"2\"", json!({ "note": "x" })).await.problem(403, "not_your_encounter");
    verb(&colleague, &encounter, "retract").await.problem(403, "not_your_encounter");
    verb(&colleague, &encounter, "sign").await.problem(403, "not_your_encounter");
    assert_eq!(physician.get(&encounter).await.expect(200).body, changed.body);
}

/// Times go forwards and are not in the future; what is too long or unknown is pointed at.
#[tokio::test]
async fn what_cannot_be_is_refused() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    let codes = vec![json!({ "system": "icd10", "code": "R05", "text": null }); 21];
    for (body, pointer) in [
        (json!({ "started_at": "2199-01-01T00:00:00Z" }), "/started_at"),
        (json!({ "started_at": "2026-01-05T10:00:00Z", "ended_at": "2026-01-05T09:00:00Z" }), "/ended_at"),
        (json!({ "started_at": "2026-01-05T10:00:00Z", "ended_at": "2199-01-05T09:00:00Z" }), "/ended_at"),
        (json!({ "note": "x".repeat(20_001) }), "/note"),
        (json!({ "reason": "" }), "/reason"),
        (json!({ "codes": codes }), "/codes"),
        (json!({ "practitioner_id": "x" }), "/practitioner_id"),
        (json!({ "status": "signed" }), "/status"),
    ] {
        let refused = physician.post(&format!("{patient}/encounters"), body).await.problem(422, "invalid");
        assert!(refused.pointers()[0].starts_with(pointer), "{}", refused.text);
    }
    assert!(physician.get(&format!("{patient}/encounters")).await.expect(200).items().is_empty());
}

/// A draft that was written by mistake stays, and does not change any more.
#[tokio::test]
async fn a_mistake_stays_as_one() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    let encounter = draft(&physician, &patient).await;
    let retracted = verb(&physician, &encounter, "retract").await.expect(200);
    assert_eq!(retracted.body["status"], "entered_in_error");
    assert_eq!(verb(&physician, &encounter, "retract").await.expect(200).body, retracted.body);
    physician.patch(&encounter, "\"2\"", json!({ "note": "x" })).await.problem(409, "entered_in_error");
    verb(&physician, &encounter, "sign").await.problem(409, "entered_in_error");
    let list = |status: &str| format!("{patient}/encounters?filter[status]={status}");
    assert_eq!(physician.get(&list("entered_in_error")).await.expect(200).items().len(), 1);
    assert_eq!(physician.get(&list("draft")).await.expect(200).items().len(), 0);
    physician.delete(&encounter).await.problem(405, "method_not_allowed");
}
