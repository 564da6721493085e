//! The schema `platform` as the server reads and writes it, by the same [`Statement`]s that the door runs.

use deadpool_postgres::{GenericClient, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use futures_util::TryStreamExt;
use std::time::Duration;

use crate::tenancy::{DbError, Statement, tls};

/// Connections of the platform login. No tenant's table can be reached through them.
pub struct PlatformDb {
    pool: Pool,
    config: tokio_postgres::Config,
}

impl PlatformDb {
    /// A pool that connects when it is first used.
    ///
    /// # Errors
    /// Where the pool cannot be built.
    pub fn new(config: tokio_postgres::Config, size: usize) -> Result<Self, DbError> {
        Ok(Self { pool: pool(config.clone(), size)?, config })
    }

    /// How it connects, for what needs a connection of its own.
    pub(crate) fn config(&self) -> &tokio_postgres::Config {
        &self.config
    }

    /// Runs a statement.
    ///
    /// # Errors
    /// Those of [`DbError`].
    pub async fn run<T>(&self, statement: Statement<T>) -> Result<T, DbError> {
        run(&self.pool.get().await.map_err(unavailable)?, statement).await
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
        let tx = PlatformTx(client.transaction().await.map_err(DbError::from)?);
        let done = work(&tx).await?;
        tx.0.commit().await.map_err(DbError::from)?;
        Ok(done)
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

async fn run<T>(client: &impl GenericClient, statement: Statement<T>) -> Result<T, DbError> {
    let Statement { sql, params, read, refusals } = statement;
    let prepared = client.prepare_cached(sql.as_str()).await?;
    let rows = async { client.query_raw(&prepared, params).await?.try_collect().await }.await;
    read(rows.map_err(|error: tokio_postgres::Error| DbError::from(error).explained(&refusals))?)
}

/// A transaction on the schema `platform`, also of the admin while a tenant is made: what belongs together is stored
/// together, or not at all.
pub struct PlatformTx<'a>(pub(crate) deadpool_postgres::Transaction<'a>);

impl PlatformTx<'_> {
    /// Runs a statement on the schema `platform`.
    ///
    /// # Errors
    /// Those of [`DbError`].
    pub async fn run<T>(&self, statement: Statement<T>) -> Result<T, DbError> {
        run(&self.0, statement).await
    }
}
