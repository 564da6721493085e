//! A crew: claims work, does several pieces of it beside each other, and notes what became of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{Notify, watch};
use tokio::task::{Id, JoinError, JoinSet};

use crate::tenancy::{DbError, TenantId};

/// How soon work is found that was written meanwhile. A look costs one probe of an index, however many tenants there are.
const POLL: Duration = Duration::from_millis(200);

/// A kind of work.
pub(super) trait Trade: Send + Sync + 'static {
    /// A piece of it.
    type Piece: Send + 'static;
    /// What became of a piece.
    type Outcome: Send + 'static;
    /// Pieces at once.
    const HANDS: usize;
    /// What is said where it cannot be claimed.
    const TROUBLE: &'static str;

    /// Claims up to so many pieces, of none of these tenants.
    fn claim(
        &self,
        limit: usize,
        busy: Vec<TenantId>,
    ) -> impl Future<Output = Result<Vec<Self::Piece>, DbError>> + Send;

    /// Whose it is.
    fn tenant(piece: &Self::Piece) -> Option<TenantId>;

    /// Does a piece. It takes no longer than its lease, and does not panic.
    fn work(&self, piece: Self::Piece) -> impl Future<Output = Self::Outcome> + Send;

    /// Notes what became of pieces.
    fn settle(&self, outcomes: Vec<Self::Outcome>) -> impl Future<Output = Result<(), DbError>> + Send;
}

/// Claims what is due, up to a batch of it, does it, and tells whether there may be more.
pub(super) async fn turn<T: Trade>(trade: &T) -> Result<bool, DbError> {
    let limit = batch::<T>();
    let pieces = trade.claim(limit, Vec::new()).await?;
    let more = pieces.len() >= limit;
    let outcomes = join_all(pieces.into_iter().map(|piece| trade.work(piece))).await;
    if !outcomes.is_empty() {
        trade.settle(outcomes).await?;
    }
    Ok(more)
}

/// Works until it is told to stop, then finishes what it has begun. No tenant has more than half of the hands, so that those
/// of others are not far, however long its work takes.
///
/// Each piece is a task of its own: it goes on while others are claimed and noted.
pub(super) async fn run<T: Trade>(trade: T, wake: Arc<Notify>, mut told: watch::Receiver<()>) {
    let trade = Arc::new(trade);
    let mut under_way = UnderWay::<T> { tasks: JoinSet::new(), tenants: HashMap::new() };
    let mut pause = Duration::ZERO;
    let mut stopping = false;
    while !stopping || !under_way.tasks.is_empty() {
        let outcomes = tokio::select! {
            biased;
            _ = told.changed(), if !stopping => {
                stopping = true;
                continue;
            }
            outcomes = under_way.finished(), if !under_way.tasks.is_empty() => outcomes,
            () = tokio::time::sleep(pause), if !stopping => Vec::new(),
            () = wake.notified(), if !stopping => Vec::new(),
        };
        let free = if stopping { 0 } else { T::HANDS - under_way.tasks.len() };
        pause = match hire(&*trade, outcomes, under_way.busy(), free).await {
            Ok((pieces, more)) => {
                for piece in pieces {
                    under_way.begin(&trade, piece);
                }
                if more { Duration::ZERO } else { POLL }
            }
            Err(error) => {
                tracing::warn!(error = error.diagnosis(), "{}", T::TROUBLE);
                POLL * 10
            }
        };
    }
}

/// The pieces that are being worked on, and whose they are.
struct UnderWay<T: Trade> {
    tasks: JoinSet<T::Outcome>,
    tenants: HashMap<Id, Option<TenantId>>,
}

impl<T: Trade> UnderWay<T> {
    fn begin(&mut self, trade: &Arc<T>, piece: T::Piece) {
        let (trade, tenant) = (Arc::clone(trade), T::tenant(&piece));
        let task = self.tasks.spawn(async move { trade.work(piece).await });
        self.tenants.insert(task.id(), tenant);
    }

    /// Waits for one that is finished, and takes all others that are.
    async fn finished(&mut self) -> Vec<T::Outcome> {
        let mut outcomes = Vec::new();
        let mut next = self.tasks.join_next_with_id().await;
        while let Some(ended) = next {
            outcomes.extend(self.end(ended));
            next = self.tasks.try_join_next_with_id();
        }
        outcomes
    }

    /// One that has panicked leaves nothing to note: it comes again when its lease is over.
    fn end(&mut self, ended: Result<(Id, T::Outcome), JoinError>) -> Option<T::Outcome> {
        match ended {
            Ok((id, outcome)) => {
                self.tenants.remove(&id);
                Some(outcome)
            }
            Err(error) => {
                self.tenants.remove(&error.id());
                tracing::error!(error = &error as &dyn std::error::Error, "a piece of work has panicked");
                None
            }
        }
    }

    /// Tenants that have enough under way for now.
    fn busy(&self) -> Vec<TenantId> {
        let mut hands: HashMap<TenantId, usize> = HashMap::new();
        for tenant in self.tenants.values().flatten() {
            *hands.entry(*tenant).or_default() += 1;
        }
        hands.into_iter().filter(|(_, count)| *count > batch::<T>()).map(|(tenant, _)| tenant).collect()
    }
}

/// Notes what is finished and claims what comes next. Tells whether there may be more than that.
async fn hire<T: Trade>(
    trade: &T,
    settled: Vec<T::Outcome>,
    busy: Vec<TenantId>,
    free: usize,
) -> Result<(Vec<T::Piece>, bool), DbError> {
    if !settled.is_empty() {
        trade.settle(settled).await?;
    }
    let limit = free.min(batch::<T>());
    if limit == 0 {
        // Whoever finishes makes room.
        return Ok((Vec::new(), false));
    }
    let pieces = trade.claim(limit, busy).await?;
    let more = pieces.len() >= limit;
    Ok((pieces, more))
}

/// Pieces that are claimed at once. A tenant with more than that under way gets no further one for now.
const fn batch<T: Trade>() -> usize {
    T::HANDS.div_ceil(4)
}

/// A wait, a fifth more or less, so that what failed together does not come back together.
pub(crate) fn wait(seconds: u64) -> Duration {
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    Duration::from_secs(1).mul_f64(f64::from(seconds) * rand::random_range(0.8..1.2))
}
