//! The end of a tenant: deletion with a grace, restoration, and the purge that leaves nothing but a tombstone.

use tokio_postgres::Transaction;

use super::error::DbError;
use super::id::TenantId;
use super::statement::{Statement, statement};
use super::tenants::{ProvisionError, Tenants};
use crate::sql;

/// Who deletes a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletedBy {
    /// An owner, who can restore it.
    Owner,
    /// An operator: only an operator can restore it, even if an owner has deleted it before.
    Operator,
}

/// Starts a tenant's deletion: from now on nobody enters it, and in 30 days it is due to be purged. False where it is
/// being deleted already by somebody who may. [`end_sessions`] belongs into the same transaction.
pub fn delete(tenant: TenantId, by: DeletedBy) -> Statement<bool> {
    statement(sql!(
        "UPDATE tenants SET status = 'deleting', purge_at = coalesce(purge_at, now() + interval '30 days'), ",
        "deleted_by_operator = $2, version = version + 1 WHERE id = $1 ",
        "AND (status IN ('active', 'suspended') OR status = 'deleting' AND $2 AND NOT deleted_by_operator) RETURNING 1"
    ))
    .bind(tenant)
    .bind(by == DeletedBy::Operator)
    .any()
}

/// Ends every session in a tenant, for good: a restoration does not bring them back.
pub fn end_sessions(tenant: TenantId) -> Statement<()> {
    statement(sql!("UPDATE sessions SET ended_at = now() WHERE tenant_id = $1 AND ended_at IS NULL"))
        .bind(tenant)
        .done()
}

/// Makes a tenant that is being deleted what it was before: active, or suspended. False where it is not being deleted.
pub fn restore(tenant: TenantId) -> Statement<bool> {
    statement(sql!(
        "UPDATE tenants SET status = CASE WHEN suspended_at IS NULL THEN 'active' ELSE 'suspended' END, ",
        "purge_at = NULL, deleted_by_operator = false, version = version + 1 WHERE id = $1 AND status = 'deleting' RETURNING 1"
    ))
    .bind(tenant)
    .any()
}

/// Purges the tenants whose grace is over, a transaction each: one that fails is only that one, and stays due.
/// `done` hears of each.
///
/// # Errors
/// Where it cannot be told who is due.
pub async fn purge_due(
    tenants: &Tenants,
    mut done: impl FnMut(TenantId, Result<(), ProvisionError>),
) -> Result<(), DbError> {
    let due = "SELECT id FROM platform.tenants WHERE purge_at <= now() ORDER BY purge_at";
    let rows = tenants.admin().await?.query(due, &[]).await?;
    for row in rows {
        let tenant = row.try_get(0)?;
        done(tenant, persistently(tenants, tenant).await);
    }
    Ok(())
}

/// A purge takes the tenant's tables and its rows of the platform; work that is just being done in the tenant holds some
/// of both, in its own order. Where PostgreSQL ends the purge for that, the work is over by the next try.
async fn persistently(tenants: &Tenants, tenant: TenantId) -> Result<(), ProvisionError> {
    let mut tries = 1;
    loop {
        match purge(tenants, tenant).await {
            Err(ProvisionError::Db(DbError::Unavailable(_))) if tries < 5 => tries += 1,
            purged => return purged,
        }
    }
}

async fn purge(tenants: &Tenants, tenant: TenantId) -> Result<(), ProvisionError> {
    let mut client = tenants.admin().await?;
    let tx = client.transaction().await?;
    tx.batch_execute("SET LOCAL lock_timeout = '10s'").await?;
    let due = "SELECT shard FROM platform.tenants WHERE id = $1 AND purge_at <= now() FOR UPDATE";
    let shard: i16 = match tx.query_opt(due, &[&tenant]).await? {
        Some(row) => row.try_get(0)?,
        // Somebody else was quicker, or it has been restored.
        None => return Ok(()),
    };
    let schema = tenant.schema();
    tx.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE; DROP ROLE IF EXISTS {schema}")).await?;
    bury(&tx, tenant).await?;
    for delete in belongings(&tx).await? {
        tx.execute(&delete, &[&tenant.as_uuid()]).await?;
    }
    tx.execute("UPDATE platform.shards SET tenants = tenants - 1 WHERE id = $1 AND tenants > 0", &[&shard]).await?;
    tx.commit().await?;
    Ok(())
}

/// What stays: that there was a tenant of this id, and for 90 days its short names, which nobody else gets.
async fn bury(tx: &Transaction<'_>, tenant: TenantId) -> Result<(), DbError> {
    tx.execute(
        "UPDATE platform.tenants SET status = 'purged', purge_at = NULL, name = 'purged',
            suspended_reason = NULL, slug = 'purged-' || replace(id::text, '-', '') WHERE id = $1",
        &[&tenant],
    )
    .await?;
    Ok(())
}

/// A statement for each table of the platform that has rows of a tenant; those that refer to others come first. The
/// audit stays, for nobody can take an entry out of it.
async fn belongings(tx: &Transaction<'_>) -> Result<Vec<String>, DbError> {
    let tables = tx
        .query(
            "WITH RECURSIVE homes AS (
                SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relnamespace = 'platform'::regnamespace AND c.relkind = 'r'
                    AND a.attname = 'tenant_id' AND NOT a.attisdropped AND c.relname NOT IN ('slugs', 'audit_entries')
             ), depths AS (
                SELECT oid, 0 AS depth FROM homes
                UNION SELECT f.confrelid, depth + 1 FROM depths
                JOIN pg_constraint f ON f.contype = 'f' AND f.conrelid = depths.oid AND f.confrelid <> f.conrelid
                JOIN homes h ON h.oid = f.confrelid WHERE depth < 20
             )
             SELECT format('DELETE FROM %s WHERE tenant_id = $1', oid::regclass)
             FROM depths GROUP BY oid ORDER BY max(depth), oid",
            &[],
        )
        .await?;
    tables.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
