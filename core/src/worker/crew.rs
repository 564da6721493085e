//! A crew: claims work, does several pieces of it beside each other, and notes what became of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use futures_util::{FutureExt as _, Stream};
use tokio::sync::{Notify, watch};

use crate::tenancy::{DbError, TenantId};

/// How soon work is found that was written meanwhile. A look costs one probe of an index, however many tenants there are.
const POLL: Duration = Duration::from_millis(200);

/// A kind of work.
pub(super) trait Trade: Send + Sync {
    /// A piece of it.
    type Piece: Send;
    /// What became of a piece.
    type Outcome: Send;
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
pub(super) async fn run<T: Trade>(trade: T, wake: Arc<Notify>, mut told: watch::Receiver<()>) {
    let mut under_way = FuturesUnordered::new();
    let mut hands: HashMap<TenantId, usize> = HashMap::new();
    let mut pause = Duration::ZERO;
    let mut stopping = false;
    while !stopping || !under_way.is_empty() {
        let outcomes: Vec<(Option<TenantId>, T::Outcome)> = tokio::select! {
            biased;
            _ = told.changed(), if !stopping => {
                stopping = true;
                continue;
            }
            outcomes = ready(&mut under_way), if !under_way.is_empty() => outcomes,
            () = tokio::time::sleep(pause), if !stopping => Vec::new(),
            () = wake.notified(), if !stopping => Vec::new(),
        };
        let mut settled = Vec::with_capacity(outcomes.len());
        for (tenant, outcome) in outcomes {
            if let Some(count) = tenant.and_then(|tenant| hands.get_mut(&tenant)) {
                *count -= 1;
            }
            settled.push(outcome);
        }
        hands.retain(|_, count| *count > 0);
        pause = match hire(&trade, settled, &hands, if stopping { 0 } else { T::HANDS - under_way.len() }).await {
            Ok((pieces, more)) => {
                for piece in pieces {
                    let tenant = T::tenant(&piece);
                    if let Some(tenant) = tenant {
                        *hands.entry(tenant).or_default() += 1;
                    }
                    under_way.push(trade.work(piece).map(move |outcome| (tenant, outcome)));
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

/// Notes what is finished and claims what comes next. Tells whether there may be more than that.
async fn hire<T: Trade>(
    trade: &T,
    settled: Vec<T::Outcome>,
    hands: &HashMap<TenantId, usize>,
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
    let busy = hands.iter().filter(|(_, count)| **count > batch::<T>()).map(|(tenant, _)| *tenant).collect();
    let pieces = trade.claim(limit, busy).await?;
    let more = pieces.len() >= limit;
    Ok((pieces, more))
}

/// Pieces that are claimed at once. A tenant with more than that under way gets no further one for now.
const fn batch<T: Trade>() -> usize {
    T::HANDS.div_ceil(4)
}

/// Waits for one that is finished, and takes all others that are.
async fn ready<S: Stream + Unpin>(under_way: &mut S) -> Vec<S::Item> {
    let mut finished: Vec<S::Item> = under_way.next().await.into_iter().collect();
    while let Some(Some(next)) = under_way.next().now_or_never() {
        finished.push(next);
    }
    finished
}

/// A wait, a fifth more or less, so that what failed together does not come back together.
pub(crate) fn wait(seconds: u64) -> Duration {
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    Duration::from_secs(1).mul_f64(f64::from(seconds) * rand::random_range(0.8..1.2))
}
