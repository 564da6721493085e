//! What a tenant has, row by row, to see that nothing of it has changed.

use tenantry_core::tenancy::TenantId;
use tokio_postgres::Client;

/// All rows of a tenant's schema and of what the platform knows of it, as text in a fixed order. Not `notices`, which tells of
/// letters and what became of them, moments later. Not the journal: in it a denied try is noted, and what was written gets its
/// place; nor what the platform notes of its own doings.
pub async fn snapshot(superuser: &Client, tenant: TenantId) -> Vec<String> {
    let mut rows = Vec::new();
    for table in &tables(superuser, tenant).await {
        rows.extend(read(superuser, table, &format!("SELECT * FROM {}.{table}", tenant.schema())).await);
    }
    let platform = [
        "tenant_modules",
        "memberships",
        "sessions",
        "api_keys",
        "custom_roles",
        "invitations",
        "support_accesses",
        "teams",
        "team_members",
    ];
    for table in platform {
        rows.extend(
            read(superuser, table, &format!("SELECT * FROM platform.{table} WHERE tenant_id = '{tenant}'")).await,
        );
    }
    rows.extend(read(superuser, "tenants", &format!("SELECT * FROM platform.tenants WHERE id = '{tenant}'")).await);
    rows
}

/// How many rows a tenant's schema holds, without the journal and the log of notices.
pub async fn count(superuser: &Client, tenant: TenantId) -> i64 {
    let tables = tables(superuser, tenant).await;
    let counts: Vec<String> =
        tables.iter().map(|table| format!("(SELECT count(*) FROM {}.{table})", tenant.schema())).collect();
    let row = superuser.query_one(&format!("SELECT {}", counts.join(" + ")), &[]).await;
    row.expect("a count").get(0)
}

async fn tables(superuser: &Client, tenant: TenantId) -> Vec<String> {
    let sql = "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname NOT IN ('journal', 'notices')
            AND coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE 'unjournaled: %' ORDER BY 1";
    let rows = superuser.query(sql, &[&tenant.schema().to_string()]).await.expect("the tables");
    assert!(!rows.is_empty(), "tenant {tenant} has no tables");
    rows.iter().map(|row| row.get(0)).collect()
}

async fn read(superuser: &Client, table: &str, sql: &str) -> Vec<String> {
    // When a key was last used is noted once in a while.
    let noted = if table == "api_keys" { " - 'last_used_at'" } else { "" };
    let sql = format!("SELECT '{table} ' || (to_jsonb(rows){noted})::text FROM ({sql}) rows ORDER BY 1");
    superuser.query(&sql, &[]).await.expect("the rows").iter().map(|row| row.get(0)).collect()
}
