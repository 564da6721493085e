//! What a process does beside requests for as long as it lives: it learns of new signing keys, writes down which API keys
//! were used and which fields lists were asked by, and deletes sessions that are long over.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::Inner;
use crate::identity::sweep_sessions;
use crate::tenancy::DbError;

/// Starts it. It ends by itself when the platform is gone.
pub(super) fn begin(platform: &Arc<Inner>) {
    let config = &platform.config.identity;
    tokio::spawn(learn(Arc::downgrade(platform), config.key_refresh));
    tokio::spawn(sweep(Arc::downgrade(platform), config.session_sweep));
    tokio::spawn(write_down(Arc::downgrade(platform), config.key_use_delay));
}

async fn learn(platform: Weak<Inner>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let Some(platform) = platform.upgrade() else { return };
        tell(platform.learn_keys().await, "the signing keys could not be read");
    }
}

async fn write_down(platform: Weak<Inner>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let Some(platform) = platform.upgrade() else { return };
        tell(platform.key_guard.write_down(&platform.db).await, "the use of API keys could not be written down");
        tell(
            platform.field_uses.write_down(&platform.db).await,
            "indexes of organizations' own fields could not be kept",
        );
    }
}

async fn sweep(platform: Weak<Inner>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let Some(platform) = platform.upgrade() else { return };
        tell(platform.db.run(sweep_sessions()).await, "old sessions could not be deleted");
    }
}

fn tell(done: Result<(), DbError>, what: &'static str) {
    if let Err(error) = done {
        tracing::warn!(error = error.diagnosis(), "{what}");
    }
}
