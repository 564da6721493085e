//! The pool: lanes of one connection each, and the order in which a tenant tries them.
//!
//! PostgreSQL caches catalogs and plans per connection, so a tenant that keeps to its home lane is served two to six
//! times cheaper than one that wanders, and a backend's memory holds a share of the tenants instead of all. The
//! order is rendezvous hashing: it needs no table and moves few tenants when the number of lanes changes.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Object, Pool, PoolError, Timeouts};
use futures_util::future::select_all;

use super::connection::{Limits, Manager};
use super::error::DbError;
use super::id::TenantId;
use super::logins::{Logins, Shard};
use super::wire::WireError;

/// How many connections there are and how they are shared.
#[derive(Clone, Copy, Debug)]
pub struct PoolConfig {
    /// Lanes of each runtime login; every 1,000 tenants have a login of their own.
    pub lanes: usize,
    /// Lanes that a tenant may take beyond its home, so that a hot one can spread without evicting everybody's plans.
    pub spread: usize,
    /// How long a request waits for its home lane before it is answered 503.
    pub wait: Duration,
    /// How long a statement may take.
    pub statement_timeout: Duration,
    /// Bounds of each connection.
    pub limits: Limits,
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self {
            lanes: 16,
            spread: 1,
            wait: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(5),
            limits: Limits::default(),
        }
    }
}

type Lane = Pool<Manager>;

/// All lanes of all runtime logins, opened when they are first needed.
pub(crate) struct Lanes {
    logins: Logins,
    config: PoolConfig,
    shards: RwLock<HashMap<Shard, Arc<[Lane]>>>,
}

impl Lanes {
    pub(crate) fn new(logins: Logins, config: PoolConfig) -> Self {
        Self { logins, config, shards: RwLock::new(HashMap::new()) }
    }

    pub(crate) fn config(&self) -> &PoolConfig {
        &self.config
    }

    /// A connection for the tenant: its home lane if idle; where a crowd waits for that, one of the next few that is idle; else
    /// the home lane within a moment, and after the first part of it whichever of these is free first; else one of a few more
    /// that is idle, else the home lane within a longer moment, else any that is idle, else the home lane's queue.
    pub(crate) async fn checkout(&self, shard: Shard, tenant: TenantId) -> Result<Object<Manager>, DbError> {
        let lanes = self.shard(shard)?;
        let order = order(tenant, lanes.len());
        let near = order.iter().filter_map(|index| lanes.get(*index));
        let home = near.clone().next().ok_or_else(|| DbError::Unavailable("no lanes".into()))?;
        if let Some(home) = self.within(home, Duration::ZERO).await? {
            return Ok(home);
        }
        if home.status().waiting >= CROWD
            && let Some(idle) = self.idle(near.clone().skip(1).take(self.config.spread)).await?
        {
            return Ok(idle);
        }
        if let Some(first) = self.queue(home, near.clone().skip(1).take(self.config.spread)).await? {
            return Ok(first);
        }
        if let Some(idle) = self.idle(near).await? {
            return Ok(idle);
        }
        if let Some(home) = self.within(home, PATIENCE * 4).await? {
            return Ok(home);
        }
        // Statements that take long are worth a strange lane: nobody waits for them while any is idle.
        match self.idle(lanes.iter()).await? {
            Some(idle) => Ok(idle),
            None => home.timeout_get(&self.timeouts(self.config.wait)).await.map_err(unavailable),
        }
    }

    /// Waits for the home lane, and once that takes longer than usual for some others too, without losing the place in the
    /// first queue: whoever came first is served first, though the statements before take long.
    async fn queue(
        &self,
        home: &Lane,
        others: impl Iterator<Item = &Lane>,
    ) -> Result<Option<Object<Manager>>, DbError> {
        let mut home = Box::pin(self.within(home, PATIENCE));
        if let Ok(found) = tokio::time::timeout(USUAL, &mut home).await {
            return found;
        }
        let others = others.map(|lane| Box::pin(self.within(lane, PATIENCE - USUAL)));
        select_all(std::iter::once(home).chain(others)).await.0
    }

    /// The first of these lanes that nobody uses.
    async fn idle(&self, lanes: impl Iterator<Item = &Lane>) -> Result<Option<Object<Manager>>, DbError> {
        for lane in lanes {
            if let Some(idle) = self.within(lane, Duration::ZERO).await? {
                return Ok(Some(idle));
            }
        }
        Ok(None)
    }

    /// A lane, if it becomes free in time.
    async fn within(&self, lane: &Lane, wait: Duration) -> Result<Option<Object<Manager>>, DbError> {
        match lane.timeout_get(&self.timeouts(wait)).await {
            Err(PoolError::Timeout(_)) => Ok(None),
            other => other.map(Some).map_err(unavailable),
        }
    }

    fn timeouts(&self, wait: Duration) -> Timeouts {
        Timeouts { wait: Some(wait), create: Some(self.config.wait), recycle: Some(self.config.wait) }
    }

    fn shard(&self, shard: Shard) -> Result<Arc<[Lane]>, DbError> {
        if let Some(lanes) = self.shards.read().unwrap_or_else(|e| e.into_inner()).get(&shard) {
            return Ok(lanes.clone());
        }
        let mut shards = self.shards.write().unwrap_or_else(|e| e.into_inner());
        if let Some(lanes) = shards.get(&shard) {
            return Ok(lanes.clone());
        }
        let opened = (0..self.config.lanes).map(|_| self.open(shard)).collect::<Result<Vec<_>, _>>()?;
        let opened: Arc<[Lane]> = opened.into();
        shards.insert(shard, opened.clone());
        Ok(opened)
    }

    /// A lane that has not connected yet.
    fn open(&self, shard: Shard) -> Result<Lane, DbError> {
        let config = self.logins.runtime(shard, self.config.statement_timeout);
        Pool::builder(Manager { config, limits: self.config.limits })
            .max_size(1)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| DbError::Unavailable(Box::new(error)))
    }
}

/// How many wait for a lane before some of them take the next one. It is for the few tenants that are busier than a
/// connection: if any other wandered, each backend would hold the plans of twice the tenants.
const CROWD: usize = 3;

/// How long a tenant waits for its home alone. Most statements take a fraction of that.
const USUAL: Duration = Duration::from_millis(8);

/// How long a tenant waits for its home before it takes another lane that is idle. Longer than a usual statement, so that
/// under load the lanes keep to their tenants: at 5 ms they did not, and backends grew ninefold.
const PATIENCE: Duration = Duration::from_millis(50);

/// Lanes that a tenant takes before it wanders: whatever happens to its home, few others learn its tables.
const NEAR: usize = 4;

/// The best lanes for a tenant, best first. Where there are fewer, the last ones repeat.
fn order(tenant: TenantId, lanes: usize) -> [usize; NEAR] {
    let mut best = [(0_u64, 0_usize); NEAR];
    for lane in 0..lanes {
        let mut entry = (weight(tenant, lane), lane);
        for place in &mut best {
            if entry.0 >= place.0 {
                std::mem::swap(place, &mut entry);
            }
        }
    }
    best.map(|(_, lane)| lane)
}

/// splitmix64 over the tenant and the lane: even, cheap and the same in every process.
fn weight(tenant: TenantId, lane: usize) -> u64 {
    let (high, low) = tenant.as_uuid().as_u64_pair();
    let mut x = high ^ low.rotate_left(32) ^ (lane as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

fn unavailable(error: PoolError<WireError>) -> DbError {
    match error {
        PoolError::Backend(error) => DbError::Unavailable(Box::new(error)),
        other => DbError::Unavailable(Box::new(other)),
    }
}
