//! Every operation that changes something is in the audit, whichever module it is of.

use reqwest::Method;

use super::document::{Operation, Scope};
use super::world::World;

/// Operations that change nothing, always or as the prover calls them: the member is a viewer already, the module is
/// enabled, and nobody is in the team.
const CHANGE_NOTHING: [&str; 5] =
    ["authz_explain", "members_update", "modules_enable", "notification_templates_preview", "teams_members_remove"];

/// A success leaves an entry under the operation's name, with the person who made the request.
#[tokio::test]
async fn every_change_is_in_the_audit() {
    let world = World::start().await;
    let me = world.a.owner.get("/users/me").await.expect(200).id().to_owned();
    let writes = |operation: &&Operation| {
        operation.scope == Scope::Tenant
            && operation.method != Method::GET
            && !CHANGE_NOTHING.contains(&operation.id.as_str())
    };
    let mut silent = Vec::new();
    for operation in world.document.operations.iter().filter(writes) {
        let call = world.valid(&world.a, operation).await;
        let before = count(&world, operation, &me).await;
        let reply = world.send(&world.a, &world.a.owner, &call).await.expect(operation.success);
        if count(&world, operation, &me).await == before {
            silent.push(format!("{} ({})", operation.id, reply.status));
        }
    }
    assert!(silent.is_empty(), "not in the audit: {silent:?}");
}

async fn count(world: &World, operation: &Operation, user: &str) -> i64 {
    let journal = format!("{}.journal", world.a.organization.tenant().schema());
    let sql =
        format!("SELECT count(*) FROM {journal} WHERE operation = $1 AND user_id::text = $2 AND change <> 'denied'");
    world.superuser.query_one(&sql, &[&operation.id, &user]).await.expect("a count").get(0)
}
