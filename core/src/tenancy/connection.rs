//! A pooled connection of a runtime login, with the statements it has prepared for each tenant.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use lru::LruCache;

use super::id::TenantId;
use super::sql::Sql;
use super::wire::{Prepared, Wire, WireError};

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
    pub(super) wire: Wire,
    pub(super) enter: Arc<Prepared>,
    /// The same for a role whose scope is the team.
    pub(super) enter_with_team: Arc<Prepared>,
    /// The same for a worker.
    pub(super) enter_to_work: Arc<Prepared>,
    /// Has the transaction planned by values, before it is entered.
    pub(super) plan_by_values: Arc<Prepared>,
    statements: LruCache<(TenantId, Arc<str>), Arc<Prepared>>,
    tenants: HashSet<TenantId>,
    names: u64,
    born: Instant,
}

impl Connection {
    /// The statement as this tenant's schema has it prepared. Where it is not yet, that is done in the tenant's home,
    /// which what was collected on the wire must have entered; it is then run at once.
    pub(super) async fn prepare(&mut self, tenant: TenantId, sql: &Sql) -> Result<Arc<Prepared>, WireError> {
        if let Some(statement) = self.statements.get(&Key(tenant, sql.as_str()) as &dyn AsKey) {
            return Ok(statement.clone());
        }
        self.names += 1;
        let statement = Arc::new(self.wire.prepare(format!("s{}", self.names), sql.as_str()).await?);
        self.tenants.insert(tenant);
        let forgotten = self.statements.push((tenant, Arc::from(sql.as_str())), statement.clone());
        if let Some((_, forgotten)) = forgotten {
            self.wire.close(&forgotten)?;
        }
        Ok(statement)
    }

    /// Forgets what was prepared for a tenant, because its tables have changed.
    pub(super) fn forget(&mut self, tenant: TenantId) -> Result<(), WireError> {
        let stale: Vec<_> =
            self.statements.iter().filter(|((t, _), _)| *t == tenant).map(|(key, _)| key.clone()).collect();
        for key in stale {
            if let Some(statement) = self.statements.pop(&key as &dyn AsKey) {
                self.wire.close(&statement)?;
            }
        }
        Ok(())
    }
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

/// What lets a request in, and says where it is from now on until the end of its transaction. PostgreSQL evaluates it
/// from left to right, with the rights of the login: whoever is not admitted never gets to be the tenant.
const ENTER: &str = "SELECT platform.admit($1, $2, $3, $4), set_config('role', $5, true), \
     set_config('search_path', $6, true), set_config('transaction_read_only', $7, true), \
     set_config('tenantry.actor', $8, true)";

/// The same where the caller reaches the records of a team: whose they are is read at the same moment, and stands in a
/// setting for as long as the transaction, where statements on such records look (`owned.rs`).
const ENTER_WITH_TEAM: &str = "SELECT set_config('tenantry.owners', platform.admit_with_team($1, $2, $3, $4), true), \
     set_config('role', $5, true), set_config('search_path', $6, true), \
     set_config('transaction_read_only', $7, true), set_config('tenantry.actor', $8, true)";

/// The same for a worker, by what it has claimed, which says in whose name it acts.
const ENTER_TO_WORK: &str = "SELECT set_config('tenantry.actor', platform.admit_work($1, $2, $3), true), \
     set_config('role', $4, true), set_config('search_path', $5, true), \
     set_config('transaction_read_only', $6, true)";

/// Has the statements of the transaction planned by their values. It comes first, while the login has its own rights.
const PLAN_BY_VALUES: &str = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)";

impl managed::Manager for Manager {
    type Type = Connection;
    type Error = WireError;

    async fn create(&self) -> Result<Connection, WireError> {
        let mut wire = Wire::connect(&self.config).await?;
        let enter = Arc::new(wire.prepare("enter".to_owned(), ENTER).await?);
        let enter_with_team = Arc::new(wire.prepare("enter_with_team".to_owned(), ENTER_WITH_TEAM).await?);
        let enter_to_work = Arc::new(wire.prepare("enter_to_work".to_owned(), ENTER_TO_WORK).await?);
        let plan_by_values = Arc::new(wire.prepare("plan_by_values".to_owned(), PLAN_BY_VALUES).await?);
        wire.recover().await?;
        Ok(Connection {
            wire,
            plan_by_values,
            enter,
            enter_with_team,
            enter_to_work,
            statements: LruCache::new(self.limits.statements),
            tenants: HashSet::new(),
            names: 0,
            born: Instant::now(),
        })
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<WireError> {
        if connection.wire.is_closed() {
            return Err(RecycleError::message("closed"));
        }
        if connection.born.elapsed() > self.limits.age || connection.tenants.len() > self.limits.tenants {
            return Err(RecycleError::message("retired"));
        }
        Ok(())
    }
}
