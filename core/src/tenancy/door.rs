//! The door: the only way for SQL to reach a tenant's tables.
//!
//! A transaction is let in by one message, `BEGIN; EXECUTE admit(…); SET LOCAL ROLE …; SET LOCAL search_path …`, and
//! let out by the *seal*, a statement that fails unless role, path and the schema's fence row are the tenant's own.
//! Both travel in the same flush as the statements between them. A failed entry leaves the rest in an aborted
//! transaction, a failed seal turns `COMMIT` into a rollback: PostgreSQL itself refuses, not a check of ours that
//! could be skipped.

use std::time::Duration;

use deadpool::managed::Object;
use futures_util::TryStreamExt;
use futures_util::future::{join, join3, join4};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::connection::{Connection, Manager};
use super::error::DbError;
use super::id::TenantId;
use super::lanes::Lanes;
use super::logins::Shard;
use super::sql::{Fragment, Sql};
use super::statement::{Param, Statement};

/// Who enters, as far as the database has to know. Made from a verified token, or by a job from its own row.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Whose data.
    pub tenant: TenantId,
    /// Which login serves that tenant.
    pub shard: Shard,
    /// The session that must be live, and still have this role.
    pub session: Uuid,
    /// The role that the token claims.
    pub role: &'static str,
    /// The module whose routes are used, unless it is one that every tenant has.
    pub module: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    Read,
    Write,
}

impl Entry {
    /// All values are hexadecimal, or words that are compiled in, so the text is safe as SQL.
    fn sql(&self, access: Access) -> String {
        let begin = match access {
            Access::Read => "BEGIN READ ONLY",
            Access::Write => "BEGIN",
        };
        let Self { tenant, session, role, .. } = self;
        let module = self.module.unwrap_or_default();
        let schema = tenant.schema();
        format!(
            "{begin};EXECUTE admit('{session}','{tenant}','{role}','{module}');\
             SET LOCAL ROLE {schema};SET LOCAL search_path TO {schema},pg_temp"
        )
    }
}

/// Fails with a division by zero unless the transaction is where it should be.
///
/// A fence of no row is NULL and no tenant's, one of two rows an error. Written without an aggregate, for it runs each
/// time and that costs a third more.
const SEAL: &str = "SELECT 1 / (current_user = $2 AND current_setting('search_path') = $3 \
     AND (SELECT tenant_id FROM fence) IS NOT DISTINCT FROM $1)::int";

/// The seal's text names settings, which [`Fragment`] refuses to everybody else.
fn seal() -> Sql {
    let mut sql = Sql::from(Fragment::new(""));
    sql.push_trusted(SEAL);
    sql
}

fn seal_params(tenant: TenantId) -> Vec<Param> {
    let schema = tenant.schema().to_string();
    let path = format!("{schema}, pg_temp");
    vec![Box::new(tenant), Box::new(schema), Box::new(path)]
}

/// The door of one process, over the lanes of its pool.
pub(crate) struct Door {
    lanes: Lanes,
}

impl Door {
    pub(crate) fn new(lanes: Lanes) -> Self {
        Self { lanes }
    }

    /// Runs one statement as a transaction of its own, in one round trip once the statement is prepared.
    pub(crate) async fn once<T>(&self, entry: Entry, access: Access, statement: Statement<T>) -> Result<T, DbError> {
        let mut borrowed = self.borrow(entry).await?;
        let Statement { sql, params, read, refusals } = statement;
        let rows = match once(borrowed.connection()?, entry, access, &sql, &params).await {
            Err(error) if error.is_stale_plan() => {
                borrowed.recover(entry.tenant).await?;
                once(borrowed.connection()?, entry, access, &sql, &params).await
            }
            other => other,
        };
        if rows.is_ok() {
            borrowed.give_back();
        }
        read(rows.map_err(|error| error.explained(&refusals))?)
    }

    /// Enters and leaves, for what only needs to know that it may.
    pub(crate) async fn admit(&self, entry: Entry) -> Result<(), DbError> {
        let mut borrowed = self.borrow(entry).await?;
        let client = &borrowed.connection()?.client;
        let enter = entry.sql(Access::Read);
        let (entered, left) = join(client.batch_execute(&enter), client.batch_execute("COMMIT")).await;
        entered?;
        left?;
        borrowed.give_back();
        Ok(())
    }

    /// Opens a transaction of several statements; it is entered together with its first one.
    pub(crate) async fn transaction(&self, entry: Entry, access: Access) -> Result<TenantTx, DbError> {
        Ok(TenantTx { borrowed: self.borrow(entry).await?, entry, access, entered: false, failed: false })
    }

    async fn borrow(&self, entry: Entry) -> Result<Borrowed, DbError> {
        let object = self.lanes.checkout(entry.shard, entry.tenant).await?;
        let patience = self.lanes.config().statement_timeout + Duration::from_secs(1);
        Ok(Borrowed { object: Some(object), clean: false, patience })
    }
}

async fn once(
    connection: &mut Connection,
    entry: Entry,
    access: Access,
    sql: &Sql,
    params: &[Param],
) -> Result<Vec<Row>, DbError> {
    let enter = entry.sql(access);
    let seal = seal();
    let cached = (connection.prepared(entry.tenant, sql), connection.prepared(entry.tenant, &seal));
    let (entered, rows, sealed, committed) = if let (Some(statement), Some(sealing)) = cached {
        let client = &connection.client;
        join4(
            client.batch_execute(&enter),
            rows(client, &statement, borrowed(params)),
            rows(client, &sealing, seal_params(entry.tenant)),
            client.batch_execute("COMMIT"),
        )
        .await
    } else {
        connection.client.batch_execute(&enter).await?;
        let statement = prepare(connection, entry.tenant, sql).await?;
        let sealing = prepare(connection, entry.tenant, &seal).await?;
        let client = &connection.client;
        let (rows, sealed, committed) = join3(
            rows(client, &statement, borrowed(params)),
            rows(client, &sealing, seal_params(entry.tenant)),
            client.batch_execute("COMMIT"),
        )
        .await;
        (Ok(()), rows, sealed, committed)
    };
    // In this order: what comes later only says that the transaction was aborted.
    entered?;
    let rows = rows?;
    check_seal(sealed, entry)?;
    committed?;
    Ok(rows)
}

fn borrowed(params: &[Param]) -> impl ExactSizeIterator<Item = &(dyn ToSql + Sync)> {
    params.iter().map(|param| &**param as &(dyn ToSql + Sync))
}

/// The future sends its message when it is first polled, so joined futures share a flush and keep their order.
async fn rows<P>(
    client: &tokio_postgres::Client,
    statement: &tokio_postgres::Statement,
    params: P,
) -> Result<Vec<Row>, tokio_postgres::Error>
where
    P: IntoIterator,
    P::Item: tokio_postgres::types::BorrowToSql,
    P::IntoIter: ExactSizeIterator,
{
    client.query_raw(statement, params).await?.try_collect().await
}

async fn prepare(
    connection: &mut Connection,
    tenant: TenantId,
    sql: &Sql,
) -> Result<tokio_postgres::Statement, DbError> {
    if let Some(statement) = connection.prepared(tenant, sql) {
        return Ok(statement);
    }
    let statement = connection.client.prepare(sql.as_str()).await?;
    connection.remember(tenant, sql, statement.clone());
    Ok(statement)
}

/// Whatever the seal's failure says, but a lost connection or a timeout, is a breach: loud, and nothing leaves.
fn check_seal(sealed: Result<Vec<Row>, tokio_postgres::Error>, entry: Entry) -> Result<(), DbError> {
    let error = match sealed {
        Ok(rows) if rows.len() == 1 => return Ok(()),
        Ok(_) => DbError::Breach,
        Err(error) => DbError::from(error),
    };
    if matches!(error, DbError::Unavailable(_) | DbError::Timeout(_)) {
        return Err(error);
    }
    metrics::counter!("tenantry_isolation_breaches_total").increment(1);
    tracing::error!(tenant = %entry.tenant, "ISOLATION BREACH prevented: a transaction was not in its tenant");
    Err(DbError::Breach)
}

/// A transaction inside one tenant. It can run [`Statement`]s and nothing else.
pub struct TenantTx {
    borrowed: Borrowed,
    entry: Entry,
    access: Access,
    entered: bool,
    failed: bool,
}

impl TenantTx {
    /// Runs a statement.
    ///
    /// # Errors
    /// Those of [`DbError`]; the transaction can only be rolled back then.
    pub async fn run<T>(&mut self, statement: Statement<T>) -> Result<T, DbError> {
        let Statement { sql, params, read, refusals } = statement;
        let rows = self.rows(&sql, params).await;
        self.failed |= rows.is_err();
        read(rows.map_err(|error| error.explained(&refusals))?)
    }

    async fn rows(&mut self, sql: &Sql, params: Vec<Param>) -> Result<Vec<Row>, DbError> {
        let entered = std::mem::replace(&mut self.entered, true);
        let connection = self.borrowed.connection()?;
        let enter = if entered { None } else { Some(self.entry.sql(self.access)) };
        let Some(prepared) = connection.prepared(self.entry.tenant, sql) else {
            if let Some(enter) = enter {
                connection.client.batch_execute(&enter).await?;
            }
            let prepared = prepare(connection, self.entry.tenant, sql).await?;
            return Ok(rows(&connection.client, &prepared, params).await?);
        };
        let rows = rows(&connection.client, &prepared, params);
        match enter {
            None => Ok(rows.await?),
            Some(enter) => {
                let (entered, rows) = join(connection.client.batch_execute(&enter), rows).await;
                entered?;
                Ok(rows?)
            }
        }
    }

    /// Checks that the transaction is still in its tenant, and commits.
    pub(crate) async fn commit(self) -> Result<(), DbError> {
        if self.failed { Err(DbError::Failed) } else { self.leave("COMMIT").await }
    }

    /// Checks that the transaction was in its tenant, and undoes it: a refusal too tells of the rows it was made on.
    pub(crate) async fn roll_back(self) -> Result<(), DbError> {
        // After an error of the database no check can run, and nothing of any row was seen.
        if self.failed { Ok(()) } else { self.leave("ROLLBACK").await }
    }

    async fn leave(mut self, end: &'static str) -> Result<(), DbError> {
        if self.entered {
            let connection = self.borrowed.connection()?;
            let sealing = prepare(connection, self.entry.tenant, &seal()).await?;
            let client = &connection.client;
            let (sealed, ended) =
                join(rows(client, &sealing, seal_params(self.entry.tenant)), client.batch_execute(end)).await;
            check_seal(sealed, self.entry)?;
            ended?;
        }
        self.borrowed.give_back();
        Ok(())
    }
}

/// A connection out of its lane. Unless it is given back clean it is rolled back first, also when a request is
/// dropped in the middle of a statement; if that takes too long it is closed.
struct Borrowed {
    object: Option<Object<Manager>>,
    clean: bool,
    patience: Duration,
}

impl Borrowed {
    fn connection(&mut self) -> Result<&mut Connection, DbError> {
        self.object.as_deref_mut().ok_or_else(|| DbError::Unavailable("the connection was given back".into()))
    }

    fn give_back(mut self) {
        self.clean = true;
    }

    /// Leaves the failed transaction and forgets the tenant's statements, so that they are prepared anew.
    async fn recover(&mut self, tenant: TenantId) -> Result<(), DbError> {
        let connection = self.connection()?;
        connection.forget(tenant);
        Ok(connection.client.batch_execute("ROLLBACK").await?)
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let Some(object) = self.object.take().filter(|_| !self.clean) else { return };
        let patience = self.patience;
        tokio::spawn(async move {
            let rolled_back = tokio::time::timeout(patience, object.client.batch_execute("ROLLBACK")).await;
            if !matches!(rolled_back, Ok(Ok(()))) {
                drop(Object::take(object));
            }
        });
    }
}
