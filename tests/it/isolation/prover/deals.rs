//! What schemas do not tell of deals: which stage is of which pipeline, and what has a reason for being lost.

use serde_json::{Value, json};
use tokio_postgres::Client;

use super::call::Call;
use super::document::{Operation, Place};
use super::world::{Tenant, World};

/// There may be a hundred pipelines. What an attack made long ago is in nobody's hands any more.
pub async fn make_room(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let old =
        format!("SELECT id FROM {schema}.pipelines WHERE is_default IS NULL ORDER BY created_at DESC, id OFFSET 95");
    let sql = format!(
        "DELETE FROM {schema}.deals WHERE pipeline_id IN ({old}); DELETE FROM {schema}.pipelines WHERE id IN ({old})"
    );
    superuser.batch_execute(&sql).await.expect("room for pipelines");
}

/// A further move of each deal, what was wrong with each import, everybody at each project: the lists of them have a second page.
pub async fn second_pages(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let sql = format!(
        "INSERT INTO {schema}.deal_moves (deal_id, from_stage_id, to_stage_id) SELECT id, stage_id, stage_id FROM {schema}.deals;
         INSERT INTO {schema}.import_errors (id, import_id, row_number, reason)
         SELECT gen_random_uuid(), i.id, n, 'wrong' FROM {schema}.imports i, generate_series(1, 2) n;
         INSERT INTO {schema}.project_members (id, project_id, user_id)
         SELECT gen_random_uuid(), p.id, m.user_id FROM {schema}.projects p, platform.memberships m
         WHERE m.tenant_id = '{tenant}' ON CONFLICT DO NOTHING",
        tenant = tenant.organization.tenant()
    );
    superuser.batch_execute(&sql).await.expect("rows");
}

/// Makes a request about deals or stages one that its tenant's owner may make.
pub async fn fit(world: &World, tenant: &Tenant, operation: &Operation, call: &mut Call) {
    if operation.path.ends_with("/stages/{stage_id}") {
        let stage = parameter(call, "stage_id");
        let sql = format!(
            "SELECT pipeline_id::text FROM {}.stages WHERE id::text = $1",
            tenant.organization.tenant().schema()
        );
        let pipeline: String = world.superuser.query_one(&sql, &[&stage]).await.expect("the stage").get(0);
        let spot = operation.parameters.iter().find(|spot| spot.name == "id").expect("the pipeline's place");
        call.set(spot, &pipeline);
    }
    if operation.id == "stages_order" {
        let stages = tenant.owner.get(&call.target()).await.expect(200);
        let mut ids = stages.column("id");
        // What changes nothing is in no audit.
        ids.reverse();
        call.body = Some(json!({ "stage_ids": ids }));
    }
    // They stay open.
    if operation.id.starts_with("deals_") {
        for pointer in ["/lost_reason", "/fields/lost_reason", "/create/0/lost_reason", "/update/0/lost_reason"] {
            if let Some(reason) = call.body.as_mut().and_then(|body| body.pointer_mut(pointer)) {
                *reason = Value::Null;
            }
        }
    }
}

fn parameter(call: &Call, name: &str) -> String {
    let known = call.parameters.iter().find(|(place, own, _)| *place == Place::Path && own == name);
    known.expect("a parameter").2.clone()
}
