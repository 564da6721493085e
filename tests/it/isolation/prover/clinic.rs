//! What schemas do not tell of a clinic: whose chart a record stands in, what has happened already, and who is a practitioner.

use serde_json::json;
use tokio_postgres::Client;

use super::call::Call;
use super::document::{Operation, Place};
use super::world::{Tenant, World};

const PATIENTS: &str = "/api/v1/clinic/patients/{id}/";

/// Has the tenant's owner treat patients: those that the owner makes are the owner's to treat.
pub async fn practise(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let there = format!("SELECT to_regclass('{schema}.practitioners') IS NOT NULL");
    if !superuser.query_one(&there, &[]).await.expect("the tables").get::<_, bool>(0) {
        return;
    }
    let sql = format!(
        "INSERT INTO {schema}.practitioners (id, user_id, name, profession)
         SELECT gen_random_uuid(), id, 'Owner', 'physician' FROM platform.users WHERE email = $1
         ON CONFLICT DO NOTHING"
    );
    superuser.execute(&sql, &[&tenant.email]).await.expect("a practitioner");
    // An invoice was issued this year and the next one, so that a further one makes no counter.
    let counters = format!(
        "INSERT INTO {schema}.invoice_counters (id, year, last)
         SELECT gen_random_uuid(), extract(year FROM now())::int + n, 1 FROM generate_series(0, 1) n ON CONFLICT DO NOTHING"
    );
    superuser.batch_execute(&counters).await.expect("counters");
}

/// How many rows more than its status says an operation makes: what it notes beside its record.
pub fn beside(operation: &Operation) -> i64 {
    // Whoever opens a chart is in the log of it.
    let logged = i64::from(["charts.read", "charts.write"].contains(&operation.permission.as_str()));
    logged
        + match operation.id.as_str() {
            // Whoever makes a patient's record treats the patient.
            "patients_create" => 1,
            "patients_delete" => -1,
            // What each stood like before.
            "patients_merge" => 1,
            // The signature, and what was added.
            "encounters_sign" | "encounters_amend" => 1,
            // The charge for what stands on it.
            "invoices_issue" => 1,
            "services_practitioners_set" => 1,
            // What was found is a record of its own.
            "emergency_accesses_review" => 1,
            _ => 0,
        }
}

/// Whether an operation is for practitioners alone, whatever the role.
pub fn is_for_practitioners(operation: &Operation) -> bool {
    ["charts.read", "charts.write", "emergency_access.write"].contains(&operation.permission.as_str())
}

/// Further rows of each chart: the lists of them have a second page.
pub async fn second_pages(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let each =
        format!("FROM {schema}.patients p, {schema}.practitioners d, generate_series(1, 2) n WHERE d.name = 'Owner'");
    let sql = format!(
        "INSERT INTO {schema}.care_relations (id, patient_id, practitioner_id, role, starts_on)
         SELECT gen_random_uuid(), p.id, d.id, 'other', current_date FROM {schema}.patients p, {schema}.practitioners d
         ON CONFLICT DO NOTHING;
         INSERT INTO {schema}.chart_reads (id, patient_id, user_id, practitioner_id, part, operation, care_relation_id)
         SELECT gen_random_uuid(), p.id, d.user_id, d.id, 'vitals', 'vitals_list', gen_random_uuid() {each};
         INSERT INTO {schema}.encounters (id, patient_id, practitioner_id, started_at)
         SELECT gen_random_uuid(), p.id, d.id, now() - n * interval '1 day' {each};
         INSERT INTO {schema}.vitals (id, patient_id, practitioner_id, kind, value, unit, taken_at)
         SELECT gen_random_uuid(), p.id, d.id, 'pain', n, 'points', now() - n * interval '1 day' {each};
         INSERT INTO {schema}.allergies (id, patient_id, practitioner_id, substance, substance_key, severity)
         SELECT gen_random_uuid(), p.id, d.id, 'grass ' || n, 'grass ' || n, 'mild' {each};
         INSERT INTO {schema}.problems (id, patient_id, practitioner_id, text)
         SELECT gen_random_uuid(), p.id, d.id, 'cough' {each};
         INSERT INTO {schema}.prescriptions (id, patient_id, practitioner_id, substance, dose, route, duration_days)
         SELECT gen_random_uuid(), p.id, d.id, 'tea', 'much', 'oral', 3 {each}"
    );
    superuser.batch_execute(&sql).await.expect("rows");
}

/// Makes a request about a patient one that its tenant's owner may make.
pub async fn fit(world: &World, tenant: &Tenant, operation: &Operation, call: &mut Call) {
    let schema = tenant.organization.tenant().schema();
    if operation.path.starts_with(PATIENTS) {
        of_its_patient(world, tenant, operation, call).await;
        // What has been measured was measured before.
        for field in ["taken_at", "started_at", "ended_at"] {
            if let Some(at) = call.body.as_mut().and_then(|body| body.get_mut(field)).filter(|at| at.is_string()) {
                *at = json!("2026-01-05T10:00:00Z");
            }
        }
    }
    // What is paid for was issued, and what is brought back was put away.
    let before = [("invoices_pay", "/pay", "/issue"), ("patients_restore", "/restore", "/archive")];
    if let Some((_, verb, before)) = before.iter().find(|(id, _, _)| *id == operation.id) {
        let target = format!("{}{before}", call.target().strip_suffix(verb).expect("a verb"));
        let now = tenant.owner.send(tenant.owner.request(reqwest::Method::POST, &target)).await.expect(200);
        let spot = operation.parameters.iter().find(|spot| spot.name == "If-Match").expect("a version");
        call.set(spot, now.header("etag"));
    }
    // A role in a care team is none of members.
    if operation.id == "care_relations_create"
        && let Some(body) = call.body.as_mut()
    {
        body["role"] = json!("attending");
    }
    if operation.id == "encounters_amend" {
        let target = call.target();
        let sign = format!("{}/sign", target.strip_suffix("/addenda").expect("an encounter"));
        tenant.owner.send(tenant.owner.request(reqwest::Method::POST, &sign)).await.expect(200);
    }
    if operation.id == "emergency_accesses_review" {
        // Somebody else's.
        let sql = format!("UPDATE {schema}.emergency_accesses SET user_id = gen_random_uuid() WHERE id::text = $1");
        world.superuser.execute(&sql, &[&parameter(call, "id")]).await.expect("an access");
    }
}

/// Merges a patient into another.
pub async fn merged(world: &World, tenant: &Tenant) -> String {
    let post = world.document.find(&reqwest::Method::POST, "/api/v1/clinic/patients").expect("patients");
    let (one, other) = (world.make(tenant, post).await, world.make(tenant, post).await);
    let merge = format!("/clinic/patients/{}/merge", one.id);
    tenant.owner.post(&merge, json!({ "into": other.id })).await.expect(200).id().to_owned()
}

/// Names the patient whose record a path names.
async fn of_its_patient(world: &World, tenant: &Tenant, operation: &Operation, call: &mut Call) {
    let mut parts = operation.path[PATIENTS.len()..].split('/');
    let (collection, record) = (parts.next().expect("a collection"), parts.next());
    let Some(name) = record.and_then(|record| record.strip_prefix('{')?.strip_suffix('}')) else { return };
    let table = if collection == "care-team" { "care_relations".to_owned() } else { collection.replace('-', "_") };
    let schema = tenant.organization.tenant().schema();
    let column = format!(
        "SELECT 1 FROM information_schema.columns WHERE table_schema = '{schema}' AND table_name = '{table}'
        AND column_name = 'patient_id'"
    );
    if world.superuser.query_opt(&column, &[]).await.expect("the tables").is_none() {
        return;
    }
    let sql = format!("SELECT patient_id::text FROM {schema}.{table} WHERE id::text = $1");
    let row = world.superuser.query_opt(&sql, &[&parameter(call, name)]).await.expect("the record");
    if let Some(patient) = row.map(|row| row.get::<_, String>(0)) {
        let spot = operation.parameters.iter().find(|spot| spot.name == "id").expect("the patient's place");
        call.set(spot, &patient);
    }
}

fn parameter(call: &Call, name: &str) -> String {
    let known = call.parameters.iter().find(|(place, own, _)| *place == Place::Path && own == name);
    known.expect("a parameter").2.clone()
}
