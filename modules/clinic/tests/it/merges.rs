//! `/api/v1/clinic/patients/{id}/merge`, `/api/v1/clinic/patient-merges`

use std::collections::BTreeSet;

use serde_json::json;
use tenantry_core::testing::{Reply, TestOrganization};
use tokio::task::JoinSet;

use crate::charts::{doctor, id_of, patient_by, practitioner};
use crate::clinic;
use crate::patients::made;

/// A patient with an invoice, a consent and an identifier.
async fn full(clinic: &TestOrganization, number: &str) -> Reply {
    let (owner, patient) = (clinic.owner(), made(clinic, number).await);
    let item = json!({ "text": "A visit", "quantity": "1", "unit_price": "10" });
    let invoice = json!({ "patient_id": patient.id(), "currency": "EUR", "items": [item] });
    owner.post("/clinic/invoices", invoice).await.expect(201);
    let consent = json!({ "patient_id": patient.id(), "purpose": "treatment", "grantee": "Us" });
    owner.post("/clinic/consents", consent).await.expect(201);
    let identifier = json!({ "patient_id": patient.id(), "system": "card", "value": number });
    owner.post("/clinic/patient-identifiers", identifier).await.expect(201);
    patient
}

/// How many records of each kind refer to a patient.
async fn held(clinic: &TestOrganization, patient: &Reply) -> [usize; 3] {
    let mut counts = [0; 3];
    for (n, path) in ["invoices", "consents", "patient-identifiers"].into_iter().enumerate() {
        let list = clinic.owner().get(&format!("/clinic/{path}?filter[patient_id]={}", patient.id())).await;
        counts[n] = list.expect(200).items().len();
    }
    counts
}

/// Everything of the one is the other's; undoing it moves exactly that back.
#[tokio::test]
async fn a_merge_moves_and_can_be_taken_back() {
    let (_platform, clinic) = clinic().await;
    let (owner, admin) = (clinic.owner(), clinic.admin().await);
    let (one, other) = (full(&clinic, "P-1").await, full(&clinic, "P-2").await);
    let into = json!({ "into": other.id() });
    let (merge, preview) =
        (format!("{}/merge", one.header("location")), format!("{}/merge-preview", one.header("location")));
    clinic.member().await.post(&merge, into.clone()).await.problem(403, "forbidden");
    let looked = admin.post(&preview, into.clone()).await.expect(200);
    let moved = json!([
        { "resource": "patient_identifiers", "count": 1 }, { "resource": "treatment_consents", "count": 1 },
        { "resource": "invoices", "count": 1 },
    ]);
    assert_eq!(looked.body["moved"], moved);
    assert_eq!((&looked.body["from"]["number"], &looked.body["into"]["number"]), (&json!("P-1"), &json!("P-2")));
    assert_eq!(held(&clinic, &one).await, [1, 1, 1]);

    let merged = admin.post(&merge, into.clone()).await.expect(200);
    assert_eq!((held(&clinic, &one).await, held(&clinic, &other).await), ([0; 3], [2; 3]));
    assert_eq!(admin.post(&merge, into.clone()).await.expect(200).body, merged.body);
    let gone = owner.get(one.header("location")).await.expect(200);
    assert_eq!((gone.body["status"].as_str(), gone.body["merged_into"].as_str()), (Some("merged"), Some(other.id())));
    let etag = gone.header("etag");
    owner.patch(one.header("location"), etag, json!({ "insurer": "X" })).await.problem(409, "patient_merged");
    owner.delete(one.header("location")).await.problem(409, "patient_merged");
    owner.post(&format!("{}/archive", one.header("location")), json!({})).await.problem(409, "patient_merged");
    let consent = json!({ "patient_id": one.id(), "purpose": "treatment", "grantee": "Us" });
    let refused = owner.post("/clinic/consents", consent).await.problem(409, "patient_merged");
    assert_eq!(refused.pointers(), ["/patient_id"]);

    // What comes later is the kept one's.
    let later = json!({ "patient_id": other.id(), "purpose": "research", "grantee": "Us" });
    owner.post("/clinic/consents", later).await.expect(201);
    let undo = format!("/clinic/patient-merges/{}/undo", merged.id());
    clinic.member().await.post(&undo, json!({})).await.problem(403, "forbidden");
    let undone = admin.post(&undo, json!({})).await.expect(200);
    assert!(undone.body["undone_at"].is_string());
    assert_eq!(admin.post(&undo, json!({})).await.expect(200).body, undone.body);
    assert_eq!((held(&clinic, &one).await, held(&clinic, &other).await), ([1; 3], [1, 2, 1]));
    let back = owner.get(one.header("location")).await.expect(200);
    assert_eq!((back.body["status"].as_str(), &back.body["merged_into"]), (Some("active"), &json!(null)));
    assert_eq!(admin.get("/clinic/patient-merges").await.expect(200).column("id"), [merged.id()]);
    // And again.
    admin.post(&merge, into).await.expect(200);
}

/// Nobody is merged with themselves, into a merged patient, or into one who is put away; a chain is undone from its end.
#[tokio::test]
async fn what_cannot_be_merged_is_told() {
    let (_platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let (a, b, c) = (full(&clinic, "A").await, full(&clinic, "B").await, full(&clinic, "C").await);
    let merge = async |from: &Reply, into: &str| {
        let preview = format!("{}/merge-preview", from.header("location"));
        let looked = owner.post(&preview, json!({ "into": into })).await;
        let done = owner.post(&format!("{}/merge", from.header("location")), json!({ "into": into })).await;
        assert_eq!(looked.status, done.status, "{} {}", looked.text, done.text);
        done
    };
    assert_eq!(merge(&a, a.id()).await.problem(422, "invalid").pointers(), ["/into"]);
    let nobody = uuid::Uuid::new_v4().to_string();
    assert_eq!(merge(&a, &nobody).await.problem(404, "not_found").pointers(), ["/into"]);
    owner.post(&format!("{}/archive", b.header("location")), json!({})).await.expect(200);
    assert_eq!(merge(&a, b.id()).await.problem(409, "patient_archived").pointers(), ["/into"]);
    // One who is put away is merged all the same, and is put away when that is undone.
    let first = merge(&b, c.id()).await.expect(200);
    assert_eq!(merge(&a, b.id()).await.problem(409, "patient_merged").pointers(), ["/into"]);
    merge(&b, a.id()).await.problem(409, "patient_merged");
    let second = merge(&c, a.id()).await.expect(200);
    assert_eq!(held(&clinic, &a).await, [3; 3]);
    let undo = |merge: &Reply| format!("/clinic/patient-merges/{}/undo", merge.id());
    owner.post(&undo(&first), json!({})).await.problem(409, "merged_further");
    owner.post(&undo(&second), json!({})).await.expect(200);
    owner.post(&undo(&first), json!({})).await.expect(200);
    for patient in [&a, &b, &c] {
        assert_eq!(held(&clinic, patient).await, [1; 3]);
    }
    assert_eq!(owner.get(b.header("location")).await.expect(200).body["status"], "archived");
}

/// Two who merge in opposite directions at once: one of them does.
#[tokio::test]
async fn one_of_two_opposite_merges_wins() {
    let (_platform, clinic) = clinic().await;
    let (a, b) = (full(&clinic, "A").await, full(&clinic, "B").await);
    let mut tries = JoinSet::new();
    for (from, into) in [(&a, &b), (&b, &a)] {
        let (owner, path) = (clinic.owner().clone(), format!("{}/merge", from.header("location")));
        let body = json!({ "into": into.id() });
        tries.spawn(async move { owner.post(&path, body).await.status.as_u16() });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    let mut held = [held(&clinic, &a).await, held(&clinic, &b).await];
    held.sort_unstable();
    assert_eq!(held, [[0; 3], [2; 3]]);
}

/// The audit's undo does not take back half of a merge.
#[tokio::test]
async fn a_merge_is_undone_as_a_whole() {
    let (platform, clinic) = clinic().await;
    let (a, b) = (full(&clinic, "A").await, full(&clinic, "B").await);
    clinic.owner().post(&format!("{}/merge", a.header("location")), json!({ "into": b.id() })).await.expect(200);
    let schema = clinic.tenant().schema();
    let half = format!("UPDATE {schema}.patients SET status = 'active', merged_into = NULL WHERE id = '{}'", a.id());
    let refused = platform.database().superuser().await.batch_execute(&half).await.expect_err("the merge stands");
    assert_eq!(refused.as_db_error().unwrap().constraint(), Some("patient_merges_standing_fkey"));
}

/// To merge a patient whom one treats with one whom one does not is no way to a chart, whichever way round.
#[tokio::test]
async fn a_merge_opens_no_chart_to_who_merges() {
    let (_platform, clinic) = clinic().await;
    let (owner, admin) = (clinic.owner(), clinic.admin().await);
    let own = practitioner(&clinic, owner, "physician").await;
    let (doctor, _) = doctor(&clinic, "physician").await;
    let (mine, theirs) = (patient_by(owner).await, patient_by(&doctor).await);
    owner.get(&format!("{theirs}/vitals")).await.problem(403, "no_care_relation");
    for (from, into) in [(&theirs, &mine), (&mine, &theirs)] {
        let into = json!({ "into": id_of(into) });
        owner.post(&format!("{from}/merge"), into).await.problem(403, "not_yourself");
    }
    owner.get(&format!("{theirs}/vitals")).await.problem(403, "no_care_relation");
    admin.post(&format!("{theirs}/merge"), json!({ "into": id_of(&mine) })).await.expect(200);
    // Who treats both may, too.
    let (one, other) = (patient_by(owner).await, patient_by(&doctor).await);
    let team = json!({ "practitioner_id": own, "role": "attending" });
    admin.post(&format!("{other}/care-team"), team).await.expect(201);
    owner.post(&format!("{one}/merge"), json!({ "into": id_of(&other) })).await.expect(200);
}

/// Every table with a column `patient_id` is one that merges move, or a log, which stays.
#[tokio::test]
async fn merges_know_all_that_refers_to_patients() {
    let (platform, clinic) = clinic().await;
    let sql = "SELECT table_name::text FROM information_schema.columns WHERE table_schema = $1 AND column_name = 'patient_id'
        UNION SELECT c.conrelid::regclass::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.confrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = $1 AND t.relname = 'patients' AND c.contype = 'f'";
    let superuser = platform.database().superuser().await;
    let schema = clinic.tenant().schema().to_string();
    let rows = superuser.query(sql, &[&schema]).await.unwrap();
    let mut known: BTreeSet<String> = rows.iter().map(|row| row.get::<_, String>(0)).collect();
    known = known.iter().map(|table| table.rsplit('.').next().unwrap().to_owned()).collect();
    let moved = include_str!("../../src/merges/tables.rs").split("moving! {").nth(1).unwrap();
    // Themselves, and the logs: nobody can change what they say of the record that was read.
    for table in ["patients", "patient_merges", "chart_reads", "emergency_accesses"] {
        assert!(known.remove(table), "{table} is gone: take it off this list");
    }
    assert!(known.len() >= 4, "{known:?}");
    let forgotten: Vec<_> = known.iter().filter(|table| !moved.contains(&format!("\"{table}\""))).collect();
    assert!(forgotten.is_empty(), "name them in merges/tables.rs: {forgotten:?}");
}
