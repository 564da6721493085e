//! Reading what is new of a tenant, once for all who listen to it.

use std::sync::Arc;
use std::time::Duration;

use super::{Batch, Ending, watch};
use crate::events::feed;
use crate::http::Limit;
use crate::platform::Platform;
use crate::tenancy::{Access, DbError, TenantId};

/// Has somebody read, where there may be something to read and nobody does yet.
pub(super) fn begin(platform: &Platform, tenant: TenantId) {
    if platform.live().seats().must_be_read(tenant) {
        tokio::spawn(read(platform.clone(), tenant));
    }
}

/// Reads and tells until there is nothing new. It enters as one of those who listen, and where that one is not let in any
/// more, as the next one.
async fn read(platform: Platform, tenant: TenantId) {
    let live = platform.live();
    let Ok(_turn) = live.turns.acquire().await else { return };
    let resources: Vec<&'static str> = platform.modules().events().map(|source| source.resource).collect();
    loop {
        let Some(next) = live.seats().next(tenant) else { return };
        let news = feed::after(next.after, resources.clone(), Limit::MOST);
        match platform.door().once(next.entry, Access::Read, news).await {
            Ok(heard) => {
                let batch = Arc::new(Batch::new(heard, platform.modules(), Limit::MOST.get()));
                watch::settled(&platform).await;
                live.seats().tell(&next, &batch);
            }
            Err(DbError::SessionEnded | DbError::TenantInactive | DbError::SecondFactorMissing) => {
                let mut seats = live.seats();
                seats.end(tenant, next.seat, Ending::Access);
                seats.unread(tenant);
            }
            Err(error) => {
                tracing::warn!(%tenant, error = error.diagnosis(), "news cannot be read for now");
                live.seats().unread(tenant);
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}
