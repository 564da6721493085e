//! A pooled connection of a runtime login, with the statements it has prepared for each tenant.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use futures_util::TryStreamExt;
use lru::LruCache;
use tokio_postgres::{Client, Row, Statement};

use super::id::TenantId;
use super::sql::Sql;

/// Bounds that keep a backend's memory flat, however many tenants there are.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Prepared statements a connection keeps; the least recently used goes first.
    pub statements: NonZeroUsize,
    /// Tenants whose catalogs a backend may have cached before it is replaced (each costs it some 100 kB for good).
    pub tenants: usize,
    /// Age at which a connection is replaced.
    pub age: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            statements: NonZeroUsize::new(1000).unwrap_or(NonZeroUsize::MIN),
            tenants: 500,
            age: Duration::from_secs(3600),
        }
    }
}

/// One connection; its statements live and end with it.
pub(crate) struct Connection {
    pub(crate) client: Client,
    statements: LruCache<(TenantId, Arc<str>), Statement>,
    tenants: HashSet<TenantId>,
    born: Instant,
}

impl Connection {
    /// The statement as this tenant's schema has prepared it before.
    pub(crate) fn prepared(&mut self, tenant: TenantId, sql: &Sql) -> Option<Statement> {
        self.statements.get(&Key(tenant, sql.as_str()) as &dyn AsKey).cloned()
    }

    fn remember(&mut self, tenant: TenantId, sql: &Sql, statement: Statement) {
        self.tenants.insert(tenant);
        self.statements.push((tenant, Arc::from(sql.as_str())), statement);
    }

    /// Prepares a statement in the tenant's home, where the transaction already is.
    pub(crate) async fn prepare(&mut self, tenant: TenantId, sql: &Sql) -> Result<Statement, tokio_postgres::Error> {
        if let Some(statement) = self.prepared(tenant, sql) {
            return Ok(statement);
        }
        let statement = self.client.prepare(sql.as_str()).await?;
        self.remember(tenant, sql, statement.clone());
        Ok(statement)
    }

    /// Forgets what was prepared for a tenant, because its tables have changed.
    pub(crate) fn forget(&mut self, tenant: TenantId) {
        let stale: Vec<_> =
            self.statements.iter().filter(|((t, _), _)| *t == tenant).map(|(key, _)| key.clone()).collect();
        for key in stale {
            self.statements.pop(&key as &dyn AsKey);
        }
    }
}

/// The future sends its message when it is first polled, so joined futures share a flush and keep their order.
pub(super) async fn rows<P>(
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

/// Lets the cache be asked with a borrowed text, so that a hit allocates nothing.
trait AsKey {
    fn key(&self) -> (TenantId, &str);
}

struct Key<'a>(TenantId, &'a str);

impl AsKey for Key<'_> {
    fn key(&self) -> (TenantId, &str) {
        (self.0, self.1)
    }
}

impl AsKey for (TenantId, Arc<str>) {
    fn key(&self) -> (TenantId, &str) {
        (self.0, &self.1)
    }
}

impl<'a> std::borrow::Borrow<dyn AsKey + 'a> for (TenantId, Arc<str>) {
    fn borrow(&self) -> &(dyn AsKey + 'a) {
        self
    }
}

impl PartialEq for dyn AsKey + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for dyn AsKey + '_ {}

impl std::hash::Hash for dyn AsKey + '_ {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// Opens and replaces connections for deadpool.
#[derive(Debug)]
pub(crate) struct Manager {
    pub(crate) config: tokio_postgres::Config,
    pub(crate) limits: Limits,
}

/// What every new connection of a runtime login prepares: the statement that lets a request in.
///
/// It is an SQL-level statement, so that it can stand in one message with `BEGIN` and the `SET LOCAL`s.
const PREPARE_ADMIT: &str = "PREPARE admit(uuid, uuid, text, text) AS SELECT platform.admit($1, $2, $3, $4)";

impl managed::Manager for Manager {
    type Type = Connection;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Result<Connection, tokio_postgres::Error> {
        let client = super::tls::connect(&self.config).await?;
        client.batch_execute(PREPARE_ADMIT).await?;
        Ok(Connection {
            client,
            statements: LruCache::new(self.limits.statements),
            tenants: HashSet::new(),
            born: Instant::now(),
        })
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<tokio_postgres::Error> {
        if connection.client.is_closed() {
            return Err(RecycleError::message("closed"));
        }
        if connection.born.elapsed() > self.limits.age || connection.tenants.len() > self.limits.tenants {
            return Err(RecycleError::message("retired"));
        }
        Ok(())
    }
}
