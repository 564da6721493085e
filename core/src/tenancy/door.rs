//! The door: the only way for SQL to reach a tenant's tables.
//!
//! A transaction is let in by one message, `BEGIN; EXECUTE admit(…); SET LOCAL ROLE …; SET LOCAL search_path …`, and
//! let out by the *seal*, a statement that fails unless role, path and the schema's fence row are the tenant's own.
//! Both travel in the same flush as the statements between them. A failed entry leaves the rest in an aborted
//! transaction, a failed seal turns `COMMIT` into a rollback: PostgreSQL itself refuses, not a check of ours that
//! could be skipped.

use std::time::Duration;

use futures_util::future::{join, join3, join4};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::borrowed::Borrowed;
use super::connection::{Connection, rows};
use super::error::DbError;
use super::id::TenantId;
use super::lanes::Lanes;
use super::logins::Shard;
use super::seal;
use super::sql::Sql;
use super::statement::{Param, Statement};
use crate::permission::RoleKey;

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
    pub role: RoleKey,
    /// The module whose routes are used, unless it is one that every tenant has.
    pub module: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    Read,
    Write,
}

impl Entry {
    /// All values are hexadecimal, numbers, or words that are compiled in, so the text is safe as SQL.
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
        borrowed.note(entry.tenant, &rows);
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
        Ok(Borrowed::new(object, patience))
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
    let text = seal::seal();
    let cached = (connection.prepared(entry.tenant, sql), connection.prepared(entry.tenant, &text));
    let (entered, rows, sealed, committed) = if let (Some(statement), Some(sealing)) = cached {
        let client = &connection.client;
        join4(
            client.batch_execute(&enter),
            rows(client, &statement, by_reference(params)),
            rows(client, &sealing, seal::seal_params(entry.tenant)),
            client.batch_execute("COMMIT"),
        )
        .await
    } else {
        connection.client.batch_execute(&enter).await?;
        let statement = connection.prepare(entry.tenant, sql).await?;
        let sealing = connection.prepare(entry.tenant, &text).await?;
        let client = &connection.client;
        let (rows, sealed, committed) = join3(
            rows(client, &statement, by_reference(params)),
            rows(client, &sealing, seal::seal_params(entry.tenant)),
            client.batch_execute("COMMIT"),
        )
        .await;
        (Ok(()), rows, sealed, committed)
    };
    // In this order: what comes later only says that the transaction was aborted.
    entered?;
    let rows = rows?;
    seal::check(sealed, entry.tenant)?;
    committed?;
    Ok(rows)
}

fn by_reference(params: &[Param]) -> impl ExactSizeIterator<Item = &(dyn ToSql + Sync)> {
    params.iter().map(|param| &**param as &(dyn ToSql + Sync))
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
        self.borrowed.note(self.entry.tenant, &rows);
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
            let prepared = connection.prepare(self.entry.tenant, sql).await?;
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
            let sealing = connection.prepare(self.entry.tenant, &seal::seal()).await?;
            let client = &connection.client;
            let (sealed, ended) =
                join(rows(client, &sealing, seal::seal_params(self.entry.tenant)), client.batch_execute(end)).await;
            seal::check(sealed, self.entry.tenant)?;
            ended?;
        }
        self.borrowed.give_back();
        Ok(())
    }
}
