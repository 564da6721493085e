//! The schema `platform` as the server reads and writes it, by the same [`Statement`]s that the door runs.

use deadpool_postgres::{GenericClient, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use futures_util::TryStreamExt;
use futures_util::future::join4;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::permission::RoleKey;
use crate::sql;
use crate::tenancy::{DbError, Rows, Statement, TenantId, statement, tls};

/// Connections of the platform login. No tenant's table can be reached through them.
pub struct PlatformDb {
    pool: Pool,
    keepers: Arc<Semaphore>,
    config: tokio_postgres::Config,
}

impl PlatformDb {
    /// A pool that connects when it is first used.
    ///
    /// # Errors
    /// Where the pool cannot be built.
    pub fn new(config: tokio_postgres::Config, size: usize) -> Result<Self, DbError> {
        Ok(Self { pool: pool(config.clone(), size)?, keepers: Arc::new(Semaphore::new(size.div_ceil(2))), config })
    }

    /// How it connects, for what needs a connection of its own.
    pub(crate) fn config(&self) -> &tokio_postgres::Config {
        &self.config
    }

    /// A connection for a transaction that outlives the work in it. Half of them are, at most: whoever holds one may ask
    /// for another beside it, and all would wait for each other otherwise.
    pub(super) async fn keep(&self) -> Result<(deadpool_postgres::Object, OwnedSemaphorePermit), DbError> {
        let place = Arc::clone(&self.keepers).acquire_owned().await;
        let place = place.map_err(|closed| DbError::Unavailable(Box::new(closed)))?;
        Ok((self.pool.get().await.map_err(unavailable)?, place))
    }

    /// Runs a statement.
    ///
    /// # Errors
    /// Those of [`DbError`].
    pub async fn run<T>(&self, statement: Statement<T>) -> Result<T, DbError> {
        run(&self.pool.get().await.map_err(unavailable)?, statement).await
    }

    /// Runs a statement if somebody is present, in one round trip.
    ///
    /// # Errors
    /// Those of [`DbError`]; where nobody is, [`DbError::SessionEnded`], and nothing has been done.
    pub(crate) async fn run_if<T>(&self, present: Present, statement: Statement<T>) -> Result<T, DbError> {
        let client = self.pool.get().await.map_err(unavailable)?;
        let (guard, sql) = (present.statement(), statement.sql.clone());
        // Prepared before, so that what follows is one flush.
        client.prepare_cached(guard.sql.as_str()).await?;
        client.prepare_cached(sql.as_str()).await?;
        let (begun, here, done, committed) = join4(
            client.batch_execute("BEGIN"),
            run(&client, guard),
            run(&client, statement),
            client.batch_execute("COMMIT"),
        )
        .await;
        // In this order: what comes later only says that the transaction was aborted.
        begun?;
        here.map_err(Present::explain)?;
        let done = done?;
        committed?;
        Ok(done)
    }

    /// Runs several statements as one transaction; it is committed where `work` ends well, and only then.
    ///
    /// # Errors
    /// Those of `work` and of [`DbError`].
    pub async fn transaction<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<DbError>,
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, E>,
    {
        let mut client = self.pool.get().await.map_err(unavailable)?;
        let tx = client.transaction().await.map_err(DbError::from)?;
        let done = work(&PlatformTx::of(&tx)).await?;
        tx.commit().await.map_err(DbError::from)?;
        Ok(done)
    }
}

/// What a token claims, and what must still be so when it is used outside of a tenant's door.
#[derive(Clone, Copy)]
pub(crate) struct Present {
    /// The session, which must be live and a person's.
    pub(crate) session: Uuid,
    /// Whose session it is.
    pub(crate) user: Uuid,
    /// The organization that it is for.
    pub(crate) tenant: Option<TenantId>,
    /// What the person is there.
    pub(crate) role: Option<RoleKey>,
}

impl Present {
    /// Fails where nobody is there, as the door's seal does, so that what follows in the same flush fails too.
    pub(super) fn statement(self) -> Statement<()> {
        statement(sql!(
            "SELECT 1 / count(id) FROM sessions WHERE id = $1 AND user_id = $2 ",
            "AND tenant_id IS NOT DISTINCT FROM $3 AND role IS NOT DISTINCT FROM $4 ",
            "AND kind = 'person' AND ended_at IS NULL AND expires_at > now()"
        ))
        .bind(self.session)
        .bind(self.user)
        .bind(self.tenant)
        .bind(self.role)
        .done()
    }

    pub(super) fn explain(error: DbError) -> DbError {
        match error {
            DbError::InvalidValue(_) => DbError::SessionEnded,
            other => other,
        }
    }
}

/// A pool of deadpool's own kind, for logins that serve no tenant.
pub(crate) fn pool(config: tokio_postgres::Config, size: usize) -> Result<Pool, DbError> {
    let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = deadpool_postgres::Manager::from_config(config, tls(), manager_config);
    let wait = Some(Duration::from_secs(2));
    Pool::builder(manager)
        .max_size(size)
        .timeouts(Timeouts { wait: Some(Duration::from_secs(10)), create: wait, recycle: wait })
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| DbError::Unavailable(Box::new(error)))
}

pub(crate) fn unavailable(error: deadpool_postgres::PoolError) -> DbError {
    DbError::Unavailable(Box::new(error))
}

pub(super) async fn run<T>(client: &impl GenericClient, statement: Statement<T>) -> Result<T, DbError> {
    let Statement { sql, params, read, refusals } = statement;
    let prepared = client.prepare_cached(sql.as_str()).await?;
    let rows = async { client.query_raw(&prepared, params).await?.try_collect().await }.await;
    let rows = rows.map_err(|error: tokio_postgres::Error| DbError::from(error).explained(&refusals))?;
    read(Rows::Platform(rows))
}

/// A transaction on the schema `platform`, also of the admin while a tenant is made: what belongs together is stored
/// together, or not at all.
pub struct PlatformTx<'a>(Within<'a>);

/// By whom it was begun.
enum Within<'a> {
    /// By the driver.
    Driver(&'a deadpool_postgres::Transaction<'a>),
    /// By a statement on a connection that is kept until the answer stands.
    Kept(&'a deadpool_postgres::Object),
}

impl<'a> PlatformTx<'a> {
    pub(crate) fn of(tx: &'a deadpool_postgres::Transaction<'a>) -> Self {
        Self(Within::Driver(tx))
    }

    pub(super) fn kept(client: &'a deadpool_postgres::Object) -> Self {
        Self(Within::Kept(client))
    }

    /// Runs a statement on the schema `platform`.
    ///
    /// # Errors
    /// Those of [`DbError`].
    pub async fn run<T>(&self, statement: Statement<T>) -> Result<T, DbError> {
        match self.0 {
            Within::Driver(tx) => run(tx, statement).await,
            Within::Kept(client) => run(client, statement).await,
        }
    }

    /// Goes on only if somebody is present.
    ///
    /// # Errors
    /// [`DbError::SessionEnded`] where nobody is.
    pub(crate) async fn require(&self, present: Present) -> Result<(), DbError> {
        self.run(present.statement()).await.map_err(Present::explain)
    }
}
