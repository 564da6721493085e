//! The end of a module in one tenant: all of its rows are written to a file, then its tables go.
//!
//! Both happen in one transaction, which holds the tables: what is in the file is what goes. Whatever ends it before leaves the tables
//! as they were, and it is done again.

use std::path::{Path, PathBuf};

use deadpool_postgres::Transaction;
use futures_util::TryStreamExt as _;
use serde_json::json;
use tokio::fs::File;
use tokio::io::{AsyncWriteExt as _, BufWriter};

use super::error::DbError;
use super::id::TenantId;
use super::tenants::Tenants;
use crate::module::Module;

/// What went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurgedModule {
    /// How many tables.
    pub tables: usize,
    /// How many rows, all of which are in the file.
    pub rows: u64,
}

/// Why a module stays.
#[derive(Debug, thiserror::Error)]
pub enum ModulePurgeError {
    /// It is in use.
    #[error(
        "the module is enabled. Disable it first: its routes answer 404 from then on, and its data stays until the purge"
    )]
    Enabled,
    /// There is nothing of it.
    #[error("the tenant has no tables of this module")]
    NotThere,
    /// Every tenant has it.
    #[error("every organization has this module")]
    Required,
    /// The file.
    #[error("{path} cannot be written: the tables are as they were")]
    File {
        /// Where the rows should have gone.
        path: PathBuf,
        /// Why they did not.
        #[source]
        source: std::io::Error,
    },
    /// The database.
    #[error("the database refused: the tables are as they were")]
    Db(#[from] DbError),
}

impl From<tokio_postgres::Error> for ModulePurgeError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Writes all rows of a disabled module to a new file, a JSON object a line, and takes its tables away. Enabled again, it begins
/// anew. `written` hears of each table with its rows.
///
/// # Errors
/// See [`ModulePurgeError`]; nothing is changed then.
pub async fn purge_module(
    tenants: &Tenants,
    tenant: TenantId,
    module: &'static Module,
    file: &Path,
    mut written: impl FnMut(&str, u64),
) -> Result<PurgedModule, ModulePurgeError> {
    if module.required {
        return Err(ModulePurgeError::Required);
    }
    let mut client = tenants.admin().await?;
    let tx = client.transaction().await?;
    let version = lock(&tx, tenant, module).await?;
    let tables = tables(&tx, tenant, module).await?;
    let schema = tenant.schema();
    let all: Vec<String> = tables.iter().map(|table| format!("{schema}.{table}")).collect();
    let history = format!("{schema}.{}", module.history());
    if !all.is_empty() {
        tx.batch_execute(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", all.join(", "))).await?;
    }

    let unwritten = |source| ModulePurgeError::File { path: file.to_owned(), source };
    if tokio::fs::try_exists(file).await.map_err(unwritten)? {
        return Err(unwritten(std::io::ErrorKind::AlreadyExists.into()));
    }
    // What an interrupted purge has left of its file is written anew.
    let part = file.with_added_extension("part");
    let mut out = BufWriter::new(File::create(&part).await.map_err(unwritten)?);
    let head = json!({ "tenant": tenant.to_string(), "module": module.name, "version": version, "tables": tables });
    line(&mut out, &head.to_string()).await.map_err(unwritten)?;
    let mut rows = 0;
    for table in &tables {
        let count = export(&tx, tenant, table, &mut out, file).await?;
        written(table, count);
        rows += count;
    }
    line(&mut out, &json!({ "end": true, "rows": rows }).to_string()).await.map_err(unwritten)?;
    settle(out, &part, file).await.map_err(unwritten)?;

    let drop = [all.join(", "), history].into_iter().filter(|names| !names.is_empty());
    let drop: Vec<String> = drop.map(|names| format!("DROP TABLE IF EXISTS {names}")).collect();
    tx.batch_execute(&drop.join(";")).await?;
    forget(&tx, tenant, module).await?;
    tx.commit().await?;
    Ok(PurgedModule { tables: tables.len(), rows })
}

/// Locks the tenant, sees that the module is disabled, and says of which version its tables are.
async fn lock(tx: &Transaction<'_>, tenant: TenantId, module: &Module) -> Result<i64, ModulePurgeError> {
    tx.batch_execute("SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = 0").await?;
    tx.query_opt("SELECT 1 FROM platform.tenants WHERE id = $1 FOR UPDATE", &[&tenant]).await?;
    let state = "SELECT enabled, version FROM platform.tenant_modules WHERE tenant_id = $1 AND module = $2 FOR UPDATE";
    let state = tx.query_opt(state, &[&tenant, &module.name]).await?.ok_or(ModulePurgeError::NotThere)?;
    if state.try_get(0)? { Err(ModulePurgeError::Enabled) } else { Ok(state.try_get(1)?) }
}

/// The tables that the module's migrations make, of which there are any.
async fn tables(tx: &Transaction<'_>, tenant: TenantId, module: &Module) -> Result<Vec<String>, ModulePurgeError> {
    let made: Vec<&str> = module.migrations.iter().flat_map(|(_, sql)| made_by(sql)).collect();
    let known = "SELECT c.relname::text FROM unnest($2::text[]) WITH ORDINALITY AS made (name, n)
        JOIN pg_class c ON c.relname = made.name AND c.relkind = 'r'
        JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = $1 ORDER BY made.n";
    let known = tx.query(known, &[&tenant.schema().to_string(), &made]).await?;
    known.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The names of the tables that a migration makes.
fn made_by(sql: &str) -> impl Iterator<Item = &str> {
    sql.split("CREATE TABLE ").skip(1).filter_map(|rest| {
        let rest = rest.trim_start().trim_start_matches("IF NOT EXISTS ");
        rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().filter(|name| !name.is_empty())
    })
}

async fn export(
    tx: &Transaction<'_>,
    tenant: TenantId,
    table: &str,
    out: &mut BufWriter<File>,
    file: &Path,
) -> Result<u64, ModulePurgeError> {
    let sql = format!(
        "SELECT json_build_object('table', '{table}', 'row', row_to_json(t))::text FROM {}.{table} t",
        tenant.schema()
    );
    let rows = tx.query_raw(&sql, std::iter::empty::<&str>()).await?;
    futures_util::pin_mut!(rows);
    let mut count = 0;
    while let Some(row) = rows.try_next().await? {
        let unwritten = |source| ModulePurgeError::File { path: file.to_owned(), source };
        line(out, row.try_get(0)?).await.map_err(unwritten)?;
        count += 1;
    }
    Ok(count)
}

async fn line(out: &mut BufWriter<File>, text: &str) -> std::io::Result<()> {
    out.write_all(text.as_bytes()).await?;
    out.write_all(b"\n").await
}

/// Has the file on the disk, under its name, before anything goes.
async fn settle(mut out: BufWriter<File>, part: &Path, file: &Path) -> std::io::Result<()> {
    out.flush().await?;
    out.into_inner().sync_all().await?;
    // Another file of this name stays what it is.
    tokio::fs::hard_link(part, file).await?;
    tokio::fs::remove_file(part).await
}

/// Takes the module out of the ledger. What it had booked takes no time any more.
async fn forget(tx: &Transaction<'_>, tenant: TenantId, module: &Module) -> Result<(), ModulePurgeError> {
    let schema = tenant.schema();
    let name = module.name;
    tx.batch_execute(&format!(
        "SET LOCAL tenantry.journal TO 'off';
         UPDATE {schema}.booking_parts SET blocking = false FROM {schema}.bookings b
            WHERE b.id = booking_id AND b.module = '{name}' AND blocking;
         UPDATE {schema}.bookings SET status = 'cancelled', version = version + 1, updated_at = now()
            WHERE module = '{name}' AND status IN ('held', 'booked');
         UPDATE {schema}.calendar_resources SET active = false, version = version + 1, updated_at = now()
            WHERE module = '{name}' AND active"
    ))
    .await?;
    let delete = "DELETE FROM platform.tenant_modules WHERE tenant_id = $1 AND module = $2";
    tx.execute(delete, &[&tenant, &module.name]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_in_migrations() {
        let sql = "-- Chairs.\n\nCREATE TABLE chairs (\n id uuid);\nCREATE TABLE IF NOT EXISTS chair_moves(id uuid);\nCREATE INDEX x ON chairs (id);";
        assert_eq!(made_by(sql).collect::<Vec<_>>(), ["chairs", "chair_moves"]);
    }
}
