//! Webhooks and rules in the prover's world.

use tokio_postgres::Client;

use super::world::Tenant;

/// There may be twenty endpoints, and those that hear on all the time would only be in the way.
pub async fn make_room(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let sql = format!(
        "ALTER TABLE {schema}.webhooks DROP CONSTRAINT IF EXISTS webhooks_place_check,
            DROP CONSTRAINT IF EXISTS webhooks_place_key;
         DELETE FROM platform.listeners"
    );
    superuser.batch_execute(&sql).await.expect("room for webhooks");
}

/// There may be a hundred rules.
pub async fn make_room_for_rules(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let sql = format!(
        "ALTER TABLE {schema}.rules DROP CONSTRAINT IF EXISTS rules_place_check, DROP CONSTRAINT IF EXISTS rules_place_key;
         DELETE FROM platform.listeners"
    );
    superuser.batch_execute(&sql).await.expect("room for rules");
}

/// Two runs of each rule.
pub async fn runs(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let sql = format!(
        "INSERT INTO {schema}.rule_runs (id, rule_id, event_id, event, resource, record, state, actions, letters)
         SELECT gen_random_uuid(), r.id, gen_random_uuid(), 'contact.created', 'contacts', $1, 'done',
            array[jsonb_build_object('action', r.actions[1], 'state', 'done')], 0
         FROM {schema}.rules r, generate_series(1, 2)"
    );
    superuser.execute(&sql, &[&tenant.sampler.canary]).await.expect("runs");
}

/// What was sent to the tenant's latest endpoint.
pub async fn delivery(superuser: &Client, tenant: &Tenant) -> String {
    let schema = tenant.organization.tenant().schema();
    let sql = format!(
        "INSERT INTO {schema}.webhook_deliveries (id, webhook_id, kind, event_id, event, resource, attempt, at, took_ms,
            status, given_up, request, answer)
         SELECT gen_random_uuid(), id, 'event', gen_random_uuid(), 'contact.created', 'contacts', 1, now(), 1, 200, false,
            $1, $1
         FROM {schema}.webhooks ORDER BY created_at DESC, id DESC LIMIT 1 RETURNING id::text"
    );
    superuser.query_one(&sql, &[&tenant.sampler.canary]).await.expect("a webhook").get(0)
}
