//! What schemas do not tell of keys, documents, tenancies and progressions: what stands before what, and which is a part of which.

use reqwest::Method;
use serde_json::Value;
use tokio_postgres::Client;

use super::call::Call;
use super::document::{Operation, Place};
use super::world::{Tenant, World};

/// A further movement, tenant, charge, payment and party of each: the lists of them have a second page.
pub async fn second_pages(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let sql = format!(
        "INSERT INTO {schema}.key_movements (id, key_set_id, user_id, returned_at)
         SELECT gen_random_uuid(), k.id, gen_random_uuid(), now() FROM {schema}.key_sets k, generate_series(1, 2);
         INSERT INTO {schema}.tenancy_tenants (id, tenancy_id, contact_id)
         SELECT gen_random_uuid(), t.id, c.id FROM {schema}.tenancies t,
         (SELECT id FROM {schema}.contacts ORDER BY id LIMIT 2) c ON CONFLICT DO NOTHING;
         INSERT INTO {schema}.tenancy_charges (id, tenancy_id, kind, due_on, amount)
         SELECT gen_random_uuid(), t.id, 'other', '2026-01-01', 9 FROM {schema}.tenancies t, generate_series(1, 2);
         INSERT INTO {schema}.tenancy_payments (id, charge_id, amount, received_on)
         SELECT gen_random_uuid(), c.id, 1, '2026-01-01' FROM {schema}.tenancy_charges c, generate_series(1, 2);
         INSERT INTO {schema}.progression_parties (id, progression_id, contact_id, role)
         SELECT gen_random_uuid(), p.id, c.id, r FROM {schema}.progressions p, (SELECT id FROM {schema}.contacts LIMIT 1) c,
         unnest(ARRAY['lender', 'buyer_solicitor']) r ON CONFLICT DO NOTHING"
    );
    superuser.batch_execute(&sql).await.expect("rows");
}

/// Makes a request one that its tenant's owner may make.
pub async fn fit(world: &World, tenant: &Tenant, operation: &Operation, call: &mut Call) {
    if let Some((parameter, table, column)) = part(operation) {
        whole(world, tenant, operation, call, parameter, table, column).await;
    }
    if operation.id == "key_sets_check_out" {
        // Either a contact takes them or a member.
        *call.body.as_mut().and_then(|body| body.pointer_mut("/user_id")).expect("a place") = Value::Null;
    }
    if ["commissions_create", "commissions_update"].contains(&operation.id.as_str()) {
        // Either a part of the base or a fixed amount.
        *call.body.as_mut().and_then(|body| body.pointer_mut("/amount")).expect("a place") = Value::Null;
        // Of all of it, for there is one part.
        *call.body.as_mut().and_then(|body| body.pointer_mut("/splits/0/percent")).expect("a place") = "100".into();
    }
    if operation.id == "progressions_update" {
        // What changes nothing is in no audit.
        *call.body.as_mut().and_then(|body| body.pointer_mut("/survey_state")).expect("a place") = "done".into();
    }
    if operation.id == "documents_content_get" {
        let put = tenant.owner.request(Method::PUT, &call.target()).header("content-type", "application/pdf");
        tenant.owner.send(put.body(tenant.sampler.canary.clone())).await.expect(200);
    }
    if let Some(sql) = before(tenant, operation, call) {
        world.superuser.batch_execute(&sql).await.expect("a state");
    }
}

/// What must have happened before.
fn before(tenant: &Tenant, operation: &Operation, call: &Call) -> Option<String> {
    let schema = tenant.organization.tenant().schema();
    let id = || path(call, "id");
    Some(match operation.id.as_str() {
        "key_sets_return" => format!(
            "INSERT INTO {schema}.key_movements (id, key_set_id, user_id) VALUES (gen_random_uuid(), '{id}', gen_random_uuid());
             UPDATE {schema}.key_sets SET out_since = now() WHERE id = '{id}'",
            id = id()
        ),
        "tenancies_end" => {
            format!("UPDATE {schema}.tenancies SET status = 'running', charged_from = starts_on WHERE id = '{}'", id())
        }
        "commissions_pay" => format!("UPDATE {schema}.commissions SET status = 'due' WHERE id = '{}'", id()),
        "progressions_create" => {
            let offer = call.body.as_ref().and_then(|body| body["offer_id"].as_str()).expect("an offer");
            format!("UPDATE {schema}.offers SET status = 'accepted' WHERE id = '{offer}'")
        }
        "progressions_complete" => {
            let of = format!("FROM {schema}.progressions p JOIN {schema}.offers o ON o.id = p.offer_id WHERE p.id = '{}'", id());
            format!(
                "INSERT INTO {schema}.progression_milestones (id, progression_id, name, done_on)
                 SELECT gen_random_uuid(), p.id, 'exchanged', '2026-01-01' {of};
                 INSERT INTO {schema}.listing_parties (id, listing_id, contact_id, role)
                 SELECT gen_random_uuid(), o.listing_id, o.applicant_id, 'vendor' {of};
                 INSERT INTO {schema}.identity_checks (id, contact_id, status, method, checked_at)
                 SELECT gen_random_uuid(), o.applicant_id, 'passed', 'video', now() {of};
                 UPDATE {schema}.listings SET status = 'active_under_contract' WHERE id = (SELECT o.listing_id {of})"
            )
        }
        _ => return None,
    })
}

/// The parameter of a part, its table, and the column that names what it is a part of.
fn part(operation: &Operation) -> Option<(&'static str, &'static str, &'static str)> {
    let parts = [
        ("/tenants/{tenant_id}", "tenant_id", "tenancy_tenants", "tenancy_id"),
        ("/charges/{charge_id}/payments", "charge_id", "tenancy_charges", "tenancy_id"),
        ("/progressions/{id}/parties/{party_id}", "party_id", "progression_parties", "progression_id"),
    ];
    let found = parts.into_iter().find(|(path, ..)| operation.path.ends_with(path));
    found.map(|(_, parameter, table, column)| (parameter, table, column))
}

/// Has the path name what its part is a part of.
async fn whole(
    world: &World,
    tenant: &Tenant,
    operation: &Operation,
    call: &mut Call,
    parameter: &str,
    table: &str,
    column: &str,
) {
    let schema = tenant.organization.tenant().schema();
    let sql = format!("SELECT {column}::text FROM {schema}.{table} WHERE id::text = $1");
    let whole: String = world.superuser.query_one(&sql, &[&path(call, parameter)]).await.expect("the part").get(0);
    let spot = operation.parameters.iter().find(|spot| spot.name == "id").expect("the place of the whole");
    call.set(spot, &whole);
}

/// How many rows more than its status says an operation makes: what it notes beside its record.
pub fn beside(operation: &Operation) -> i64 {
    match operation.id.as_str() {
        "progression_milestones_put" => 1,
        // A step of the listing, and the last milestone.
        "progressions_complete" => 2,
        _ => 0,
    }
}

fn path(call: &Call, name: &str) -> String {
    let known = call.parameters.iter().find(|(place, own, _)| *place == Place::Path && own == name);
    known.expect("a parameter").2.clone()
}
