//! `DELETE /api/v1/organization`, and what `tenantry tenant purge` makes of it.

use serde_json::{Value, json};
use tenantry_core::tenancy::ending;
use tenantry_core::worker::Worker;

use crate::platform;
use crate::support::count;

/// Everybody is out with the next request, and nobody gets in.
#[tokio::test]
async fn everybody_is_out_at_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let members = [acme.admin().await, acme.viewer().await];
    acme.owner().delete("/organization?name=Acme").await.expect(204);
    for client in members.iter().chain([acme.owner()]) {
        client.get("/contacts").await.problem(401, "unauthenticated");
        client.get("/organization").await.problem(401, "unauthenticated");
    }
    acme.try_sign_in(Some(acme.slug())).await.problem(409, "organization_inactive");
}

/// It takes an owner, the name as typed, and a fresh sign-in.
#[tokio::test]
async fn it_is_not_done_by_accident() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.admin().await.delete("/organization?name=Acme").await.problem(403, "forbidden");
    acme.owner().delete("/organization").await.problem(422, "invalid");
    let wrong = acme.owner().delete("/organization?name=acme").await.problem(422, "invalid");
    assert_eq!(wrong.pointers(), ["name"]);
    let database = platform.database().superuser().await;
    database.batch_execute("UPDATE platform.sessions SET signed_in_at = now() - interval '16 minutes'").await.unwrap();
    acme.owner().delete("/organization?name=Acme").await.problem(403, "fresh_sign_in_needed");
    acme.owner().get("/contacts").await.expect(200);
}

/// After its grace a deleted tenant leaves a tombstone and a frozen short name, and nothing else.
#[tokio::test]
async fn after_the_grace_nothing_but_a_tombstone_is_left() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let (slug, tenant) = (acme.slug().to_owned(), acme.tenant());
    acme.enable("clinic").await;
    acme.admin().await.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    acme.owner().post("/api-keys", json!({ "name": "Key", "scopes": ["contacts.read"] })).await.expect(201);
    acme.owner().delete("/organization?name=Acme").await.expect(204);

    assert_eq!(purged(&platform).await, Vec::<String>::new(), "the grace is not over");
    let database = platform.database().superuser().await;
    let left = "SELECT extract(day FROM purge_at - now())::bigint FROM platform.tenants WHERE purge_at IS NOT NULL";
    assert_eq!(count(&database, left).await, 29);
    let over = "UPDATE platform.tenants SET purge_at = now() WHERE purge_at IS NOT NULL";
    database.batch_execute(over).await.unwrap();
    assert_eq!(purged(&platform).await, [tenant.to_string()]);
    assert_eq!(purged(&platform).await, Vec::<String>::new(), "twice");

    let schema = tenant.schema();
    let named = format!(
        "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = '{schema}')
            + (SELECT count(*) FROM pg_roles WHERE rolname = '{schema}')"
    );
    assert_eq!(count(&database, &named).await, 0);
    let tables = "SELECT table_name::text FROM information_schema.columns
        WHERE table_schema = 'platform' AND column_name = 'tenant_id' AND table_name NOT IN ('slugs', 'audit_entries')";
    for row in database.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        let rows = format!("SELECT count(*) FROM platform.{table} WHERE tenant_id = '{tenant}'");
        assert_eq!(count(&database, &rows).await, 0, "{table}");
    }
    let tombstone = "SELECT to_jsonb(t) FROM platform.tenants t WHERE id = $1";
    let tombstone: Value = database.query_one(tombstone, &[&tenant]).await.unwrap().get(0);
    assert_eq!((&tombstone["status"], &tombstone["name"]), (&json!("purged"), &json!("purged")));
    assert!(!tombstone.to_string().contains("acme"), "{tombstone}");

    other.owner().post("/organizations", json!({ "name": "X", "slug": slug })).await.problem(409, "slug_taken");
    other.owner().get("/contacts").await.expect(200);
    let findings = tenantry_core::tenancy::audit(platform.platform().tenants(), platform.database().logins()).await;
    assert_eq!(findings.unwrap(), Vec::<String>::new());
}

/// The worker purges by itself what is due, and nothing else.
#[tokio::test]
async fn the_worker_purges_what_is_due() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    acme.owner().delete("/organization?name=Acme").await.expect(204);
    let worker = Worker::new(platform.platform().clone());
    let database = platform.database().superuser().await;
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^t_[0-9a-f]{32}$'";
    worker.sweep().await.unwrap();
    assert_eq!(count(&database, schemas).await, 2);
    database.execute("UPDATE platform.tenants SET purge_at = now() WHERE purge_at IS NOT NULL", &[]).await.unwrap();
    worker.sweep().await.unwrap();
    assert_eq!(count(&database, schemas).await, 1);
    let tenant = acme.tenant();
    let left = format!(
        "SELECT (SELECT count(*) FROM pg_roles WHERE rolname = '{}')
            + (SELECT count(*) FROM platform.sessions WHERE tenant_id = '{tenant}')
            + (SELECT count(*) FROM platform.memberships WHERE tenant_id = '{tenant}')",
        tenant.schema()
    );
    assert_eq!(count(&database, &left).await, 0);
    let tombstone = format!("SELECT count(*) FROM platform.tenants WHERE id = '{tenant}' AND status = 'purged'");
    assert_eq!(count(&database, &tombstone).await, 1);
    other.owner().get("/contacts").await.expect(200);
}

async fn purged(platform: &tenantry_core::testing::TestPlatform) -> Vec<String> {
    let mut purged = Vec::new();
    let note = |tenant: tenantry_core::tenancy::TenantId, outcome: Result<(), _>| {
        outcome.expect("a purge");
        purged.push(tenant.to_string());
    };
    ending::purge_due(platform.platform().tenants(), note).await.expect("those that are due");
    purged
}
