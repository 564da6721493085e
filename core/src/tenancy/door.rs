//! The door: the only way for SQL to reach a tenant's tables.
//!
//! A transaction is let in by one statement, which asks for admission and then takes the tenant's role and path, and
//! let out by the *seal*, a statement that fails unless role, path and the schema's fence row are the tenant's own.
//! Both travel in the same message as the statement between them. After a failed entry PostgreSQL skips the rest, a
//! failed seal undoes it: the database itself refuses, not a check of ours that could be skipped.

use std::time::Duration;

use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::actor::Actor;
use super::borrowed::Borrowed;
use super::connection::Connection;
use super::error::DbError;
use super::id::TenantId;
use super::lanes::Lanes;
use super::logins::Shard;
use super::row::Rows;
use super::seal;
use super::sql::Sql;
use super::statement::{Param, Statement};
use crate::permission::{RecordScope, RoleKey};

/// Who enters, as far as the database has to know.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Whose data.
    pub tenant: TenantId,
    /// Which login serves that tenant.
    pub shard: Shard,
    /// The module whose routes are used, unless it is one that every tenant has.
    pub module: Option<&'static str>,
    /// By what right.
    pub right: Right,
}

/// By what right somebody enters. Made from a verified token, or by a worker from the row that it has claimed.
#[derive(Clone, Copy, Debug)]
pub enum Right {
    /// A session.
    Session {
        /// It must be live, and still have this role.
        id: Uuid,
        /// The role that the token claims.
        role: RoleKey,
        /// How far that role reaches among records that have owners.
        scope: RecordScope,
        /// Who acts, for the journal.
        actor: Actor,
    },
    /// A claim on work that waits. The database knows in whose name it is done.
    Claim(Uuid),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    Read,
    Write,
}

impl Entry {
    /// Has the connection enter, with the next message.
    fn enter(&self, connection: &mut Connection, access: Access) -> Result<(), DbError> {
        let schema = self.tenant.schema().to_string();
        let path = format!("{schema}, pg_temp");
        let module = self.module.unwrap_or_default();
        let tenant = self.tenant.as_uuid();
        let read_only = if access == Access::Read { "on" } else { "off" };
        let (id, role, scope, actor) = match self.right {
            Right::Session { id, role, scope, actor } => (id, role, scope, actor),
            Right::Claim(id) => {
                let values: [&(dyn ToSql + Sync); 6] = [&id, &tenant, &module, &schema, &path, &read_only];
                let way = &connection.enter_to_work;
                return Ok(connection.wire.execute(way, values.into_iter())?);
            }
        };
        let role = role.to_string();
        let actor = if access == Access::Write { actor.to_string() } else { String::new() };
        let values: [&(dyn ToSql + Sync); 8] = [&id, &tenant, &role, &module, &schema, &path, &read_only, &actor];
        let way = match scope {
            RecordScope::Team => &connection.enter_with_team,
            RecordScope::Own | RecordScope::All => &connection.enter,
        };
        Ok(connection.wire.execute(way, values.into_iter())?)
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
                borrowed.connection()?.forget(entry.tenant)?;
                once(borrowed.connection()?, entry, access, &sql, &params).await
            }
            other => other,
        };
        borrowed.note(entry.tenant, &rows);
        drop(borrowed);
        read(rows.map_err(|error| error.explained(&refusals))?)
    }

    /// Runs two statements as a transaction that changes something, in one round trip once they are prepared.
    pub(crate) async fn both<A, B>(
        &self,
        entry: Entry,
        first: Statement<A>,
        second: Statement<B>,
    ) -> Result<(A, B), DbError> {
        let mut borrowed = self.borrow(entry).await?;
        let (a, b) = ((&first.sql, &*first.params), (&second.sql, &*second.params));
        let rows = match both(borrowed.connection()?, entry, a, b).await {
            Err(error) if error.is_stale_plan() => {
                borrowed.connection()?.forget(entry.tenant)?;
                both(borrowed.connection()?, entry, a, b).await
            }
            other => other,
        };
        borrowed.note(entry.tenant, &rows);
        drop(borrowed);
        let (a, b) = rows.map_err(|error| error.explained(&first.refusals).explained(&second.refusals))?;
        Ok(((first.read)(a)?, (second.read)(b)?))
    }

    /// Enters and leaves, for what only needs to know that it may.
    pub(crate) async fn admit(&self, entry: Entry) -> Result<(), DbError> {
        let mut borrowed = self.borrow(entry).await?;
        let connection = borrowed.connection()?;
        entry.enter(connection, Access::Read)?;
        connection.wire.sync().await?;
        connection.wire.catch_up(0).await?;
        Ok(connection.wire.ready().await?)
    }

    /// Opens a transaction of several statements; it is entered together with its first one.
    pub(crate) async fn transaction(&self, entry: Entry, access: Access) -> Result<TenantTx, DbError> {
        let borrowed = self.borrow(entry).await?;
        Ok(TenantTx { borrowed, entry, access, claim: None, entered: false, failed: false, claimed: false })
    }

    async fn borrow(&self, entry: Entry) -> Result<Borrowed, DbError> {
        let object = self.lanes.checkout(entry.shard, entry.tenant).await?;
        let patience = self.lanes.config().statement_timeout + Duration::from_secs(1);
        Ok(Borrowed::new(object, patience))
    }
}

/// Entry, statement and seal, in one message once the statement is prepared. There is no `BEGIN`: PostgreSQL makes one
/// transaction of what stands before a `Sync`, commits it there, and undoes it where anything in it failed.
async fn once(
    connection: &mut Connection,
    entry: Entry,
    access: Access,
    sql: &Sql,
    params: &[Param],
) -> Result<Rows, DbError> {
    if sql.is_planned_by_values() {
        connection.wire.execute(&connection.plan_by_values, std::iter::empty())?;
    }
    entry.enter(connection, access)?;
    let statement = connection.prepare(entry.tenant, sql).await?;
    let sealing = connection.prepare(entry.tenant, &seal::sql()).await?;
    let wire = &mut connection.wire;
    wire.execute(&statement, values(params))?;
    wire.execute(&sealing, values(&seal::params(entry.tenant)))?;
    wire.sync().await?;
    // In this order: what comes first says why the rest was skipped.
    wire.catch_up(2).await?;
    let rows = wire.rows(&statement).await?;
    seal::check(wire.rows(&sealing).await.map(|rows| rows.len()), entry.tenant)?;
    wire.ready().await?;
    Ok(Rows::Lane(rows))
}

/// Entry, two statements and seal, as [`once`] has them.
async fn both(
    connection: &mut Connection,
    entry: Entry,
    (first, first_params): (&Sql, &[Param]),
    (second, second_params): (&Sql, &[Param]),
) -> Result<(Rows, Rows), DbError> {
    if first.is_planned_by_values() || second.is_planned_by_values() {
        connection.wire.execute(&connection.plan_by_values, std::iter::empty())?;
    }
    entry.enter(connection, Access::Write)?;
    let first = connection.prepare(entry.tenant, first).await?;
    let second = connection.prepare(entry.tenant, second).await?;
    let sealing = connection.prepare(entry.tenant, &seal::sql()).await?;
    let wire = &mut connection.wire;
    wire.execute(&first, values(first_params))?;
    wire.execute(&second, values(second_params))?;
    wire.execute(&sealing, values(&seal::params(entry.tenant)))?;
    wire.sync().await?;
    wire.catch_up(3).await?;
    let rows = (wire.rows(&first).await?, wire.rows(&second).await?);
    seal::check(wire.rows(&sealing).await.map(|rows| rows.len()), entry.tenant)?;
    wire.ready().await?;
    Ok((Rows::Lane(rows.0), Rows::Lane(rows.1)))
}

fn values(params: &[Param]) -> impl ExactSizeIterator<Item = &(dyn ToSql + Sync)> {
    params.iter().map(|param| &**param as &(dyn ToSql + Sync))
}

/// A transaction inside one tenant. It can run [`Statement`]s and nothing else.
pub struct TenantTx {
    borrowed: Borrowed,
    entry: Entry,
    access: Access,
    claim: Option<Statement<()>>,
    entered: bool,
    failed: bool,
    claimed: bool,
}

impl TenantTx {
    /// Has the transaction go on only if it gets a key, which it asks for together with its first statement.
    pub(crate) fn claiming(self, claim: Statement<()>) -> Self {
        Self { claim: Some(claim), ..self }
    }

    /// Whether it did not get the key.
    pub(crate) fn is_claimed(&self) -> bool {
        self.claimed
    }

    /// Runs a statement.
    ///
    /// # Errors
    /// Those of [`DbError`]; the transaction can only be rolled back then.
    pub async fn run<T>(&mut self, statement: Statement<T>) -> Result<T, DbError> {
        let Statement { sql, params, read, refusals } = statement;
        let mut rows = self.rows(&sql, &params).await;
        self.failed |= rows.is_err();
        if rows.as_ref().is_err_and(DbError::is_stale_plan) {
            // What came before in this transaction cannot be done again here; the client's next try can.
            self.borrowed.connection()?.forget(self.entry.tenant)?;
            rows = Err(DbError::Unavailable("the tables have just changed".into()));
        }
        self.claimed |= matches!(rows, Err(DbError::Claimed));
        self.borrowed.note(self.entry.tenant, &rows);
        read(rows.map_err(|error| error.explained(&refusals))?)
    }

    async fn rows(&mut self, sql: &Sql, params: &[Param]) -> Result<Rows, DbError> {
        let connection = self.borrowed.connection()?;
        if !std::mem::replace(&mut self.entered, true) {
            connection.wire.command("BEGIN")?;
            self.entry.enter(connection, self.access)?;
        }
        let claim = match self.claim.take() {
            Some(claim) => Some((connection.prepare(self.entry.tenant, &claim.sql).await?, claim.params)),
            None => None,
        };
        let statement = connection.prepare(self.entry.tenant, sql).await?;
        let wire = &mut connection.wire;
        if let Some((claim, params)) = &claim {
            wire.execute(claim, values(params))?;
        }
        wire.execute(&statement, values(params))?;
        wire.sync().await?;
        wire.catch_up(1 + usize::from(claim.is_some())).await?;
        if let Some((claim, _)) = &claim {
            wire.rows(claim).await.map_err(|error| DbError::from(error).of_claim())?;
        }
        let rows = wire.rows(&statement).await?;
        wire.ready().await?;
        Ok(Rows::Lane(rows))
    }

    /// Checks that the transaction is still in its tenant, and commits.
    pub(crate) async fn commit(self) -> Result<(), DbError> {
        if self.failed { Err(DbError::Failed) } else { self.leave(None, "COMMIT").await }
    }

    /// Commits together with the record that it was made: both, or neither.
    pub(crate) async fn commit_with(mut self, record: Statement<()>) -> Result<(), DbError> {
        if self.failed {
            return Err(DbError::Failed);
        }
        if self.entered {
            return self.leave(Some(record), "COMMIT").await;
        }
        self.run(record).await.map_err(DbError::of_claim)?;
        self.leave(None, "COMMIT").await
    }

    /// Checks that the transaction was in its tenant, and undoes it: a refusal too tells of the rows it was made on.
    pub(crate) async fn roll_back(self) -> Result<(), DbError> {
        // After an error of the database no check can run, and nothing of any row was seen.
        if self.failed { Ok(()) } else { self.leave(None, "ROLLBACK").await }
    }

    async fn leave(mut self, record: Option<Statement<()>>, end: &'static str) -> Result<(), DbError> {
        if !self.entered {
            return Ok(());
        }
        let tenant = self.entry.tenant;
        let connection = self.borrowed.connection()?;
        let record = match record {
            Some(record) => Some((connection.prepare(tenant, &record.sql).await?, record.params)),
            None => None,
        };
        let sealing = connection.prepare(tenant, &seal::sql()).await?;
        let wire = &mut connection.wire;
        if let Some((record, params)) = &record {
            wire.execute(record, values(params))?;
        }
        wire.execute(&sealing, values(&seal::params(tenant)))?;
        wire.command(end)?;
        wire.sync().await?;
        if let Some((record, _)) = &record {
            wire.rows(record).await.map_err(|error| DbError::from(error).of_claim())?;
        }
        seal::check(wire.rows(&sealing).await.map(|rows| rows.len()), tenant)?;
        wire.catch_up(0).await?;
        Ok(wire.ready().await?)
    }
}
