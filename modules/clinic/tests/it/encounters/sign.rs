//! Signing, and what follows

use serde_json::json;

use super::{draft, verb};
use crate::charts::{doctor, patient_by, take_in};
use crate::clinic;

/// Draft, signed, amended: the note stays as it was signed, and addenda follow in their order.
#[tokio::test]
async fn what_is_signed_does_not_change() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    let encounter = draft(&physician, &patient).await;
    let addendum = json!({ "text": "The laboratory called" });
    let path = format!("{encounter}/addenda");
    physician.post(&path, addendum.clone()).await.problem(409, "encounter_not_signed");

    let signed = verb(&physician, &encounter, "sign").await.expect(200);
    assert_eq!((&signed.body["status"], &signed.body["note"]), (&json!("signed"), &json!("Lungs are clear")));
    assert!(signed.body["signed_at"].is_string());
    assert_eq!(verb(&physician, &encounter, "sign").await.expect(200).body, signed.body);
    physician.patch(&encounter, "\"2\"", json!({ "note": "x" })).await.problem(409, "encounter_signed");
    verb(&physician, &encounter, "retract").await.problem(409, "encounter_signed");

    let (nurse, id) = doctor(&clinic, "nurse").await;
    nurse.post(&path, addendum.clone()).await.problem(403, "no_care_relation");
    take_in(&clinic, &patient, &id).await;
    let amended = nurse.post(&path, addendum).await.expect(200);
    assert_eq!(amended.body["status"], "amended");
    let last = physician.post(&path, json!({ "text": "And again" })).await.expect(200);
    let words: Vec<_> = last.body["addenda"].as_array().unwrap().iter().map(|addendum| &addendum["text"]).collect();
    assert_eq!(words, ["The laboratory called", "And again"]);
    assert_eq!(last.body["addenda"][0]["practitioner_id"], json!(id));
    assert_eq!((&last.body["note"], &last.body["signed_at"]), (&signed.body["note"], &signed.body["signed_at"]));
    assert_eq!(physician.get(&encounter).await.expect(200).body, last.body);
}

/// Nurses write, and do not sign; therapists and dentists do.
#[tokio::test]
async fn not_everybody_signs() {
    let (_platform, clinic) = clinic().await;
    for (profession, may) in
        [("physician", true), ("dentist", true), ("therapist", true), ("nurse", false), ("other", false)]
    {
        let (person, _) = doctor(&clinic, profession).await;
        let encounter = draft(&person, &patient_by(&person).await).await;
        let signed = verb(&person, &encounter, "sign").await;
        if may {
            signed.expect(200);
        } else {
            signed.problem(403, "may_not_sign");
        }
    }
}

/// The database itself refuses to change what is signed, for the organization's own role and for the owner of the table.
#[tokio::test]
async fn the_database_holds_it_in_place() {
    let (platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    let encounter = draft(&physician, &patient).await;
    verb(&physician, &encounter, "sign").await.expect(200);
    let superuser = platform.database().superuser().await;
    let schema = clinic.tenant().schema();
    for role in ["", &format!("SET ROLE {schema};")] {
        superuser.batch_execute(&format!("SET search_path TO {schema}; {role}")).await.unwrap();
        for change in [
            "note = 'x'",
            "reason = NULL",
            "codes = '[{}]'",
            "started_at = now()",
            "ended_at = now()",
            "status = 'draft'",
        ] {
            let refused = superuser.batch_execute(&format!("UPDATE encounters SET {change}")).await.expect_err(change);
            let code = refused.code().map(|code| code.code());
            assert!(matches!(code, Some("23503" | "23514")), "{change}: {refused:?}");
        }
    }
}

/// Of a change and a signature at once, what is signed is what was there: before the change or after it, and never between.
#[tokio::test]
async fn signing_and_changing_stand_in_a_line() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&physician).await;
    for _ in 0..5 {
        let encounter = draft(&physician, &patient).await;
        let sign = verb(&physician, &encounter, "sign");
        let change = physician.patch(&encounter, "\"1\"", json!({ "note": "Changed" }));
        let twice = verb(&physician, &encounter, "sign");
        let (signed, changed, twice) = tokio::join!(sign, change, twice);
        let (signed, twice) = (signed.expect(200), twice.expect(200));
        assert_eq!(signed.body["signed_at"], twice.body["signed_at"]);
        let note = if changed.status == 200 { "Changed" } else { "Lungs are clear" };
        let now = physician.get(&encounter).await.expect(200);
        assert_eq!((&now.body["note"], &now.body["status"]), (&json!(note), &json!("signed")));
        assert!([200, 409, 412].contains(&changed.status.as_u16()), "{}", changed.text);
    }
}

/// There is an end to addenda.
#[tokio::test]
async fn there_are_twenty_addenda() {
    let (_platform, clinic) = clinic().await;
    let (physician, _) = doctor(&clinic, "physician").await;
    let encounter = draft(&physician, &patient_by(&physician).await).await;
    verb(&physician, &encounter, "sign").await.expect(200);
    let path = format!("{encounter}/addenda");
    for n in 0..20 {
        physician.post(&path, json!({ "text": n.to_string() })).await.expect(200);
    }
    physician.post(&path, json!({ "text": "20" })).await.problem(409, "too_many_addenda");
}
