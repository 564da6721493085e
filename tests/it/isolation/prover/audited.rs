//! Every operation that changes something is in the audit, whichever module it is of.

use reqwest::Method;

use super::document::{Operation, Scope};
use super::world::World;

/// Operations that change nothing of the organization's, always or as the prover calls them: a ticket is a token for a
/// moment, the member is a viewer already, the module is enabled, nobody is in the team or the project, the task is open, and no event in the way. What is sent
/// to webhooks is in their log.
const CHANGE_NOTHING: [&str; 14] = [
    "authz_explain",
    "live_tickets_create",
    "members_update",
    "merges_preview",
    "modules_enable",
    "notification_templates_preview",
    "patients_merge_preview",
    "projects_members_remove",
    "rules_try",
    "tasks_reopen",
    "teams_members_remove",
    "webhooks_deliveries_redeliver",
    "webhooks_skip",
    "webhooks_test",
];

/// Each success leaves one entry for each record that it changed, and at least one, under the operation's name, with the person
/// who made the request and the request's id.
#[tokio::test]
async fn every_change_is_in_the_audit() {
    let world = World::start().await;
    let me = world.a.owner.get("/users/me").await.expect(200).id().to_owned();
    let writes = |operation: &&Operation| {
        operation.scope == Scope::Tenant
            && operation.method != Method::GET
            && !CHANGE_NOTHING.contains(&operation.id.as_str())
    };
    let mut faults = Vec::new();
    for operation in world.document.operations.iter().filter(writes) {
        let call = world.valid(&world.a, operation).await;
        let reply = world.send(&world.a, &world.a.owner, &call).await.expect(operation.success);
        let request = reply.header("x-request-id").to_owned();
        let entries = entries(&world, &request).await;
        let is_named = |entry: &Entry| entry.operation == operation.id && entry.user == me;
        let mut records: Vec<_> = entries.iter().map(|entry| (&entry.resource, &entry.record)).collect();
        let written = records.len();
        records.sort();
        records.dedup();
        if entries.is_empty() || !entries.iter().all(is_named) || records.len() < written {
            faults.push(format!("{} ({}): {entries:?}", operation.id, reply.status));
        }
    }
    assert!(faults.is_empty(), "not in the audit, or not as they should be: {faults:#?}");
}

/// Operations that change nothing as the prover calls them: what was not deleted is not restored, who is the last owner stays,
/// and the organization that is left has no schema. A letter to a new address is noted when the worker writes it; the sign-ins of
/// operators are rows that are never deleted.
const SILENT: [&str; 6] = [
    "operator_logout",
    "operator_tenants_restore",
    "organizations_restore",
    "users_me_delete",
    "users_me_email",
    "users_me_organizations_leave",
];

/// What people do with their own accounts is in an organization's audit or in the platform's; what operators do is in the
/// platform's.
#[tokio::test]
async fn what_is_no_organizations_is_audited_too() {
    let world = World::start().await;
    let writes = |operation: &&Operation| {
        matches!(operation.scope, Scope::Person | Scope::Operator)
            && operation.method != Method::GET
            && !SILENT.contains(&operation.id.as_str())
    };
    let mut silent = Vec::new();
    for operation in world.document.operations.iter().filter(writes) {
        let call = world.valid(&world.a, operation).await;
        let client = world.client(&world.a, operation);
        let before = lines(&world).await;
        let reply = world.with_second_factor(&call).await.send(client).await;
        if !reply.status.is_success() {
            silent.push(format!("{} answers {}: {}", operation.id, reply.status, reply.text));
        } else if lines(&world).await == before {
            silent.push(operation.id.clone());
        }
        world.tidy(&world.a, &call).await;
    }
    assert!(silent.is_empty(), "in no audit: {silent:#?}");
}

/// How many lines the platform's audit and all journals have.
async fn lines(world: &World) -> i64 {
    let journals = "SELECT format('%I.journal', nspname) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relname = 'journal' AND nspname LIKE 't\\_%'";
    let mut sum = crate::support::count(&world.superuser, "SELECT count(*) FROM platform.audit_entries").await;
    for row in world.superuser.query(journals, &[]).await.expect("journals") {
        let journal: String = row.get(0);
        sum += crate::support::count(&world.superuser, &format!("SELECT count(*) FROM {journal}")).await;
    }
    sum
}

#[derive(Debug)]
struct Entry {
    operation: String,
    user: String,
    resource: String,
    record: Option<String>,
}

async fn entries(world: &World, request: &str) -> Vec<Entry> {
    let journal = format!("{}.journal", world.a.organization.tenant().schema());
    let sql = format!(
        "SELECT coalesce(operation, ''), coalesce(user_id::text, ''), resource, record FROM {journal}
         WHERE request_id::text = $1 AND change <> 'denied'"
    );
    let rows = world.superuser.query(&sql, &[&request]).await.expect("entries");
    let entry = |row: &tokio_postgres::Row| Entry {
        operation: row.get(0),
        user: row.get(1),
        resource: row.get(2),
        record: row.get(3),
    };
    rows.iter().map(entry).collect()
}
