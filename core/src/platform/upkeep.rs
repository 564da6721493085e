//! What a process does beside requests for as long as it lives: it learns of new signing keys.

use std::sync::{Arc, Weak};

use super::Inner;

/// Starts it. It ends by itself when the platform is gone.
pub(super) fn begin(platform: &Arc<Inner>) {
    let every = platform.config.identity.key_refresh;
    let platform: Weak<Inner> = Arc::downgrade(platform);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(every).await;
            let Some(platform) = platform.upgrade() else { return };
            if let Err(error) = platform.learn_keys().await {
                tracing::warn!(error = error.diagnosis(), "the signing keys could not be read");
            }
        }
    });
}
