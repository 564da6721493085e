//! Listeners hear on: each kind hears a few events of its tenant a turn.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use uuid::Uuid;

use super::crew::{Trade, wait};
use super::tenant::TenantWork;
use crate::events::listen::{self, Heard, Listener};
use crate::events::{rules, webhooks};
use crate::platform::Platform;
use crate::tenancy::{DbError, TenantId};

/// Time for a turn, within which each kind ends by itself; well within the lease.
const PATIENCE: Duration = Duration::from_secs(90);
const LEASE: Duration = Duration::from_secs(120);
/// How long a listener rests that failed by a fault of ours, or whose tenant is not active.
const REST: u64 = 60;

pub(super) struct Listeners {
    platform: Platform,
}

impl Listeners {
    pub(super) fn new(platform: Platform) -> Self {
        Self { platform }
    }

    async fn hear(&self, listener: &Listener) -> Result<Heard, DbError> {
        let Listener { tenant_id, shard, claim, .. } = *listener;
        let work = TenantWork::new(self.platform.clone(), tenant_id, shard, claim, None);
        match listener.kind.as_str() {
            "webhooks" => webhooks::hear(&work, listener).await,
            "rules" => rules::hear(&work, listener).await,
            // A kind that this version does not know is left to a newer one.
            _ => Ok(Heard::Rest(wait(REST))),
        }
    }
}

impl Trade for Listeners {
    type Piece = Listener;
    type Outcome = (Uuid, Heard);
    const HANDS: usize = 256;
    const TROUBLE: &'static str = "the listeners cannot be read for now";

    async fn claim(&self, limit: usize, busy: Vec<TenantId>) -> Result<Vec<Listener>, DbError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.platform.work_db().run(listen::claim(limit, LEASE, busy)).await
    }

    fn tenant(listener: &Listener) -> Option<TenantId> {
        Some(listener.tenant_id)
    }

    async fn work(&self, listener: Listener) -> Self::Outcome {
        // One listener that panics must not take the worker with it.
        let heard = AssertUnwindSafe(self.hear(&listener)).catch_unwind();
        let heard = match tokio::time::timeout(PATIENCE, heard).await {
            Ok(Ok(Ok(heard))) => heard,
            // As it hears nothing for as long as its organization is not active.
            Ok(Ok(Err(error))) => {
                tracing::debug!(error = error.diagnosis(), kind = listener.kind, "a listener could not hear");
                Heard::Rest(wait(REST))
            }
            Ok(Err(_)) | Err(_) => {
                tracing::error!(kind = listener.kind, id = %listener.id, "a listener failed by a fault of ours");
                Heard::Rest(wait(REST))
            }
        };
        (listener.claim, heard)
    }

    async fn settle(&self, outcomes: Vec<Self::Outcome>) -> Result<(), DbError> {
        self.platform.work_db().run(listen::settle(outcomes)).await
    }
}
