//! What comes up by time alone: what waited too long is set aside or forgotten, and deleted tenants are purged.

use std::time::Duration;

use crate::custom::FieldUses;
use crate::events;
use crate::http::forget_denied_tries;
use crate::identity;
use crate::notify;
use crate::platform::Platform;
use crate::tenancy::{DbError, ProvisionError, TenantId, ending};

const EVERY: Duration = Duration::from_secs(3600);

/// Sweeps for as long as the worker lives. A purge that is cut off has changed nothing, and stays due.
pub(super) async fn now_and_then(platform: Platform) {
    loop {
        if let Err(error) = sweep(&platform).await {
            tracing::warn!(error = error.diagnosis(), "what is over could not be swept");
        }
        tokio::time::sleep(EVERY).await;
    }
}

pub(super) async fn sweep(platform: &Platform) -> Result<(), DbError> {
    platform.db().run(events::sweep()).await?;
    platform.db().run(forget_denied_tries()).await?;
    platform.db().run(identity::sweep()).await?;
    platform.db().run(notify::sweep()).await?;
    FieldUses::keep_indexes(platform.db()).await?;
    let note = |tenant: TenantId, outcome: Result<(), ProvisionError>| match outcome {
        Ok(()) => tracing::info!(%tenant, "a deleted tenant was purged"),
        Err(error) => {
            tracing::error!(%tenant, error = &error as &dyn std::error::Error, "a deleted tenant could not be purged");
        }
    };
    ending::purge_due(platform.tenants(), note).await?;
    platform.files().purge(platform.db()).await
}
