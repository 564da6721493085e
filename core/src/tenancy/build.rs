//! Raising a tenant's schema: role, fence, tables, grants, ledger. Every statement can be repeated.

use deadpool_postgres::Transaction;

use super::error::DbError;
use super::id::TenantId;
use super::logins::{Logins, Shard};
use super::refusal::Refusal;
use super::tenants::{NewTenant, ProvisionError};
use crate::module::{Module, Modules};

const SLUG_TAKEN: Refusal = Refusal::Taken {
    pointer: "/organization/slug",
    code: "slug_taken",
    detail: "Another organization has this short name. Choose another one.",
};

/// Writes the registry's row. The slug is settled here, before any table is made.
pub(super) async fn register(tx: &Transaction<'_>, new: &NewTenant, shard: Shard) -> Result<(), DbError> {
    tx.batch_execute("SET LOCAL search_path TO platform").await?;
    let insert = "INSERT INTO platform.tenants (id, slug, name, status, shard) VALUES ($1, $2, $3, 'provisioning', $4)";
    let insert = tx.prepare_cached(insert).await?;
    let inserted = tx.execute(&insert, &[&new.id, &new.slug.as_str(), &new.name.as_str(), &shard.0]).await;
    inserted.map_err(|error| DbError::from(error).explained(&[("tenants_slug_key", SLUG_TAKEN)]))?;
    Ok(())
}

/// Locks an existing tenant and says what it should have.
pub(super) async fn lock(
    tx: &Transaction<'_>,
    tenant: TenantId,
    modules: &Modules,
) -> Result<(Shard, Vec<&'static Module>), ProvisionError> {
    tx.batch_execute("SET LOCAL lock_timeout = '10s'").await?;
    let row = tx.query_opt("SELECT shard FROM platform.tenants WHERE id = $1 FOR UPDATE", &[&tenant]).await?;
    let shard = Shard(row.ok_or(ProvisionError::Unknown)?.try_get(0)?);
    let enabled: Vec<String> = tx
        .query("SELECT module FROM platform.tenant_modules WHERE tenant_id = $1 AND enabled", &[&tenant])
        .await?
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    let wanted = modules.iter().filter(|module| module.required || enabled.iter().any(|name| name == module.name));
    Ok((shard, wanted.collect()))
}

/// Makes everything of a tenant that was just registered, and activates it, in the caller's transaction. What is known
/// to be missing need not be looked for: it is a third of the time of [`mend`].
pub(super) async fn raise(
    tx: &Transaction<'_>,
    logins: &Logins,
    tenant: TenantId,
    shard: Shard,
    modules: &[&'static Module],
) -> Result<(), ProvisionError> {
    let schema = tenant.schema();
    tx.batch_execute(&format!("{}; {}", logins.role_sql(schema, shard), home(tenant))).await?;
    let mut histories = String::new();
    for module in modules.iter().filter(|module| !module.migrations.is_empty()) {
        let history = format!("{schema}.{}", module.history());
        let failed = |source| ProvisionError::Migration { module: module.name, source };
        let script = Modules::migrations(module).script(&history).await.map_err(|error| failed(error.into()))?;
        tx.batch_execute(&script).await.map_err(|error| failed(error.into()))?;
        histories.push_str(", ");
        histories.push_str(&history);
    }
    tx.batch_execute(&grants(tenant, &histories)).await?;
    record(tx, tenant, modules).await?;
    Ok(())
}

/// Makes everything of a tenant that is missing, and activates it, in the caller's transaction.
pub(super) async fn mend(
    tx: &Transaction<'_>,
    logins: &Logins,
    tenant: TenantId,
    shard: Shard,
    modules: &[&'static Module],
) -> Result<(), ProvisionError> {
    let schema = tenant.schema();
    let name = schema.to_string();
    let exists = tx.query_one("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)", &[&name]).await?;
    if !exists.try_get::<_, bool>(0)? {
        tx.batch_execute(&logins.role_sql(schema, shard)).await?;
    }
    tx.batch_execute(&home(tenant)).await?;
    for module in modules.iter().filter(|module| !module.migrations.is_empty()) {
        let history = format!("{schema}.{}", module.history());
        let applied = Modules::migrations(module).apply(tx, &history).await;
        applied.map_err(|source| ProvisionError::Migration { module: module.name, source: source.into() })?;
    }
    let histories = histories(tx, tenant).await?;
    tx.batch_execute(&grants(tenant, &histories)).await?;
    record(tx, tenant, modules).await?;
    Ok(())
}

/// The schema and its fence; what follows in the transaction is made in it, and is no news to anybody.
fn home(tenant: TenantId) -> String {
    let schema = tenant.schema();
    format!(
        "CREATE SCHEMA IF NOT EXISTS {schema};
         CREATE TABLE IF NOT EXISTS {schema}.fence (tenant_id uuid PRIMARY KEY);
         INSERT INTO {schema}.fence VALUES ('{tenant}') ON CONFLICT DO NOTHING;
         SET LOCAL search_path TO {schema};
         SET LOCAL tenantry.journal TO 'off'"
    )
}

/// The tables in which migrations are noted, each behind a comma. They are read from the catalog, for a module that is
/// disabled has one too.
async fn histories(tx: &Transaction<'_>, tenant: TenantId) -> Result<String, DbError> {
    let sql = "SELECT coalesce(string_agg(format(', %I.%I', nspname, relname), ''), '')
         FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
         WHERE nspname = $1 AND relkind = 'r' AND relname LIKE 'history\\_%'";
    Ok(tx.query_one(sql, &[&tenant.schema().to_string()]).await?.try_get(0)?)
}

/// The tenant's role may work with its rows, and with nothing else; not even with the fence and the histories. What it
/// changes is noted in the journal, which it can only read.
fn grants(tenant: TenantId, histories: &str) -> String {
    let schema = tenant.schema();
    format!(
        "REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;
         GRANT USAGE ON SCHEMA {schema} TO {schema};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {schema};
         REVOKE ALL ON {schema}.fence{histories} FROM {schema};
         GRANT SELECT ON {schema}.fence TO {schema};
         REVOKE INSERT, UPDATE, DELETE ON {schema}.journal, {schema}.journal_seals FROM {schema};
         SELECT platform.keep_rows('{schema}');
         SELECT platform.keep_journal('{schema}');
         SELECT platform.keep_links('{schema}');
         SELECT platform.keep_notices('{schema}');
         SELECT platform.keep_rules('{schema}');
         SELECT platform.keep_reminders('{schema}');
         SELECT platform.keep_imports('{schema}')"
    )
}

/// Writes the ledger and activates a tenant that was being made.
async fn record(tx: &Transaction<'_>, tenant: TenantId, modules: &[&'static Module]) -> Result<(), DbError> {
    let (mut names, mut versions, mut checksums) = (Vec::new(), Vec::new(), Vec::new());
    for module in modules {
        let migrations = Modules::migrations(module);
        names.push(module.name);
        versions.push(migrations.version());
        checksums.push(migrations.checksum());
    }
    let sql = "WITH ledger AS (
            INSERT INTO platform.tenant_modules AS m (tenant_id, module, enabled, version, checksum)
            SELECT $1, module, true, version, checksum
            FROM unnest($2::text[], $3::bigint[], $4::text[]) AS declared (module, version, checksum)
            ON CONFLICT (tenant_id, module) DO UPDATE
            SET enabled = true, version = excluded.version, checksum = excluded.checksum, changed_at = now()
            WHERE NOT m.enabled OR m.checksum <> excluded.checksum)
         UPDATE platform.tenants SET status = 'active' WHERE id = $1 AND status = 'provisioning'";
    let sql = tx.prepare_cached(sql).await?;
    tx.execute(&sql, &[&tenant, &names, &versions, &checksums]).await?;
    Ok(())
}
