//! The seal: a statement that fails unless the transaction is in its tenant.

use super::connection::Connection;
use super::error::DbError;
use super::id::TenantId;
use super::sql::Sql;
use super::statement::Param;
use super::wire::WireError;

/// Fails with a division by zero unless the transaction is where it should be.
///
/// A fence without a row is NULL and so no tenant's; one with two is an error. There is no aggregate in it, for it runs
/// each time and that would cost half as much again.
const SEAL: &str = "SELECT 1 / (current_user = $2 AND current_setting('search_path') = $3 \
     AND (SELECT tenant_id FROM fence) IS NOT DISTINCT FROM $1)::int";

/// Its text names settings, which [`Fragment`](super::sql::Fragment) refuses to everybody else.
pub(super) fn sql() -> Sql {
    Sql::trusted(SEAL)
}

pub(super) fn params(tenant: TenantId) -> [Param; 3] {
    let schema = tenant.schema().to_string();
    let path = format!("{schema}, pg_temp");
    [Box::new(tenant), Box::new(schema), Box::new(path)]
}

/// Whatever the seal's failure says, but a lost connection or a timeout, is a breach: loud, and nothing leaves.
pub(super) fn check(sealed: Result<usize, WireError>, tenant: TenantId) -> Result<(), DbError> {
    let error = match sealed {
        Ok(1) => return Ok(()),
        Ok(_) => DbError::Breach,
        Err(error) => DbError::from(error),
    };
    if matches!(error, DbError::Unavailable(_) | DbError::Timeout(_)) {
        return Err(error);
    }
    metrics::counter!("tenantry_isolation_breaches_total").increment(1);
    tracing::error!(%tenant, "ISOLATION BREACH prevented: a transaction was not in its tenant");
    Err(DbError::Breach)
}

/// Enters a tenant's home to see whether it is one, after a statement found no table there or had no right to it.
///
/// PostgreSQL refuses what is not the role's own before a seal can run, so without this look a home that was
/// swapped would answer 500 and nobody would be told.
pub(super) async fn inspect(connection: &mut Connection, tenant: TenantId) {
    let schema = tenant.schema();
    let enter = format!("BEGIN READ ONLY;SET LOCAL ROLE {schema};SET LOCAL search_path TO {schema},pg_temp");
    let sealed = async {
        connection.wire.batch(&enter).await?;
        let statement = connection.wire.prepare(String::new(), SEAL).await?;
        connection.wire.execute(&statement, params(tenant).iter().map(|param| &**param as _))?;
        connection.wire.sync().await?;
        let rows = connection.wire.rows(&statement).await?;
        connection.wire.ready().await?;
        Ok(rows.len())
    };
    // It tells whom it must tell; the request has its answer.
    let _ = check(sealed.await, tenant);
}
