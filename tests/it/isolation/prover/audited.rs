//! Every operation that changes something is in the audit, whichever module it is of.

use reqwest::Method;

use super::document::{Operation, Scope};
use super::world::World;

/// Operations that change nothing, always or as the prover calls them: the member is a viewer already, the module is
/// enabled, and nobody is in the team.
const CHANGE_NOTHING: [&str; 4] = ["authz_explain", "members_update", "modules_enable", "teams_members_remove"];

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
