//! Sealing: gives what was written its place in the journals, moments after it was.

use std::time::Duration;

use crate::events::seal;
use crate::platform::Platform;
use crate::tenancy::DbError;

/// How soon a change is told. Asking costs one look at one table, however many tenants there are.
const PAUSE: Duration = Duration::from_millis(200);

/// Seals for as long as the worker lives. Several of them share.
pub(super) async fn keep_sealing(platform: Platform) {
    loop {
        match seal_all(&platform).await {
            Ok(()) => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                tracing::warn!(error = error.diagnosis(), "journals cannot be sealed for now");
                tokio::time::sleep(PAUSE * 10).await;
            }
        }
    }
}

/// Seals all that stands to be sealed.
pub(super) async fn seal_all(platform: &Platform) -> Result<(), DbError> {
    while platform.db().run(seal::seal()).await? {}
    Ok(())
}
