//! What stands in a chart stands nowhere else

use serde_json::json;

use super::{doctor, id_of, parts, patient_by};
use crate::clinic;

/// Columns of a chart that tell nothing of the patient but that there is something.
const PLAIN: [&str; 13] = [
    "id",
    "patient_id",
    "practitioner_id",
    "appointment_id",
    "encounter_id",
    "status",
    "version",
    "created_at",
    "updated_at",
    "started_at",
    "ended_at",
    "signed_at",
    "stopped_at",
];

/// A word of a chart is in no audit, no event, no search, no timeline, no export and no journal, though the chart has it.
#[tokio::test]
async fn a_canary_sings_in_the_chart_alone() {
    let (platform, clinic) = clinic().await;
    let (doctor, _) = doctor(&clinic, "physician").await;
    let patient = patient_by(&doctor).await;
    for (part, body) in parts("Zqcanary") {
        let record = doctor.post(&format!("{patient}/{part}"), body).await.expect(201);
        let path = record.header("location").to_owned();
        if part == "encounters" {
            let note = json!({ "note": "Zqcanary once more" });
            doctor.patch(&path, "\"1\"", note).await.expect(200);
            doctor.post(&format!("{path}/sign"), json!({})).await.expect(200);
            doctor.post(&format!("{path}/addenda"), json!({ "text": "Zqcanary" })).await.expect(200);
        }
        if part == "prescriptions" {
            doctor.post(&format!("{path}/stop"), json!({ "reason": "Zqcanary" })).await.expect(200);
        }
        let shown = doctor.get(&path).await.expect(200);
        assert!(part == "vitals" || shown.text.contains("Zqcanary"), "{}", shown.text);
    }
    let (rescuer, _) = super::doctor(&clinic, "nurse").await;
    let glass = json!({ "patient_id": id_of(&patient), "reason": "Zqcanary in the hall" });
    let access = rescuer.post("/clinic/emergency-accesses", glass).await.expect(201);
    let review = json!({ "finding": "justified", "note": "Zqcanary" });
    clinic.owner().post(&format!("{}/review", access.header("location")), review).await.expect(200);
    platform.seal().await;
    let contact = clinic.owner().get(&patient).await.expect(200).body["contact_id"].as_str().unwrap().to_owned();
    for path in [
        "/audit?limit=200",
        "/events?limit=200",
        "/search?q=Zqcanary",
        "/contacts/export",
        "/clinic/patients?limit=200",
        "/trash",
        &format!("/contacts/{contact}/timeline"),
        &format!("{patient}/chart-reads"),
    ] {
        for person in [clinic.owner(), &doctor] {
            let reply = person.get(path).await;
            assert!(!reply.text.to_lowercase().contains("zqcanary"), "{path}: {}", reply.text);
        }
        clinic.owner().get(path).await.expect(200);
    }
    let audit = clinic.owner().get("/audit?resource=encounters&change=updated&limit=200").await.expect(200);
    let noted = audit.items().iter().find(|entry| entry["operation"] == "encounters_update").expect("the change");
    assert_eq!((&noted["before"]["note"], &noted["after"]["note"]), (&json!("confidential"), &json!("confidential")));

    let superuser = platform.database().superuser().await;
    let schema = clinic.tenant().schema();
    for table in ["journal", "notices", "idempotency"] {
        let sql = format!("SELECT count(*) FROM {schema}.{table} t WHERE lower(t::text) LIKE '%zqcanary%'");
        assert_eq!(superuser.query_one(&sql, &[]).await.unwrap().get::<_, i64>(0), 0, "{table}");
    }
    let sql = "SELECT count(*) FROM platform.outbox o WHERE lower(o::text) LIKE '%zqcanary%'";
    assert_eq!(superuser.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), 0);
}

/// Each column of a chart is confidential, but for those that only tell that there is something: nobody forgets a new one.
#[tokio::test]
async fn every_column_says_that_it_is() {
    let (platform, clinic) = clinic().await;
    let superuser = platform.database().superuser().await;
    let tables = "encounters encounter_signatures encounter_addenda vitals allergies problems prescriptions";
    let sql = "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = $1::text::regnamespace AND c.relname = ANY (string_to_array($2, ' ')) AND a.attnum > 0
            AND NOT a.attisdropped AND a.attgenerated = '' AND a.attname <> ALL (string_to_array($3, ' '))
            AND coalesce(col_description(c.oid, a.attnum), '') NOT LIKE 'confidential: %'";
    let schema = clinic.tenant().schema().to_string();
    let rows = superuser.query(sql, &[&schema, &tables, &PLAIN.join(" ")]).await.unwrap();
    let open: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(open.is_empty(), "without a comment `confidential: …`: {open:?}");
}
