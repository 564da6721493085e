//! Raising a tenant's schema: role, fence, tables, grants, ledger. Every statement can be repeated.

use tokio_postgres::Transaction;

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
    tx.execute(
        "INSERT INTO platform.tenants (id, slug, name, status, shard) VALUES ($1, $2, $3, 'provisioning', $4)",
        &[&new.id, &new.slug.as_str(), &new.name.as_str(), &shard.0],
    )
    .await
    .map_err(|error| DbError::from(error).explained(&[("tenants_slug_key", SLUG_TAKEN)]))?;
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

/// Makes everything that is missing and activates the tenant, in the caller's transaction.
pub(super) async fn raise(
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
    tx.batch_execute(&format!(
        "CREATE SCHEMA IF NOT EXISTS {schema};
         CREATE TABLE IF NOT EXISTS {schema}.fence (tenant_id uuid PRIMARY KEY);
         INSERT INTO {schema}.fence VALUES ('{tenant}') ON CONFLICT DO NOTHING;
         SET LOCAL search_path TO {schema}"
    ))
    .await?;
    for module in modules.iter().filter(|module| !module.migrations.is_empty()) {
        let history = format!("{schema}.{}", module.history());
        let applied = Modules::migrations(module).apply(tx, &history).await;
        applied.map_err(|source| ProvisionError::Migration { module: module.name, source: Box::new(source) })?;
    }
    tx.batch_execute(&grants(tx, tenant).await?).await?;
    record(tx, tenant, modules).await?;
    Ok(())
}

/// The tenant's role may work with its rows, and with nothing else; not even with the fence and the histories.
/// These are read from the catalog, for a module that is disabled has a history too.
async fn grants(tx: &Transaction<'_>, tenant: TenantId) -> Result<String, DbError> {
    let schema = tenant.schema();
    let histories = tx
        .query_one(
            "SELECT coalesce(string_agg(format(', %I.%I', nspname, relname), ''), '')
             FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
             WHERE nspname = $1 AND relkind = 'r' AND relname LIKE 'history\\_%'",
            &[&schema.to_string()],
        )
        .await?
        .try_get::<_, String>(0)?;
    Ok(format!(
        "REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;
         GRANT USAGE ON SCHEMA {schema} TO {schema};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {schema};
         REVOKE ALL ON {schema}.fence{histories} FROM {schema};
         GRANT SELECT ON {schema}.fence TO {schema}"
    ))
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
    tx.execute(
        "INSERT INTO platform.tenant_modules AS m (tenant_id, module, enabled, version, checksum)
         SELECT $1, module, true, version, checksum
         FROM unnest($2::text[], $3::bigint[], $4::text[]) AS declared (module, version, checksum)
         ON CONFLICT (tenant_id, module) DO UPDATE
         SET enabled = true, version = excluded.version, checksum = excluded.checksum, changed_at = now()
         WHERE NOT m.enabled OR m.checksum <> excluded.checksum",
        &[&tenant, &names, &versions, &checksums],
    )
    .await?;
    tx.execute("UPDATE platform.tenants SET status = 'active' WHERE id = $1 AND status = 'provisioning'", &[&tenant])
        .await?;
    Ok(())
}
