//! Signing keys: which there are, a new one, and how a running server learns of it.
//!
//! A table lists their ids; what they are is derived from the installation's secret (see [`Tokens`](super::Tokens)). A
//! server reads the table at its start, every minute, and when it meets a token of a key that it does not know.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::sync::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

use crate::platform::PlatformDb;
use crate::tenancy::{DbError, Statement, select, statement};
use crate::{row, sql};

/// A key, as the table has it.
#[derive(Debug)]
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    pub(crate) created_at: OffsetDateTime,
    /// Until when it verifies; none for the one that signs.
    pub(crate) retires_at: Option<OffsetDateTime>,
}
row!(SigningKey { kid, created_at, retires_at });

/// The keys that sign or verify, the newest first.
pub(crate) fn live() -> Statement<Vec<SigningKey>> {
    select::<SigningKey>(sql!(
        "FROM signing_keys WHERE retires_at IS NULL OR retires_at > now() ORDER BY created_at DESC, kid"
    ))
    .many()
}

/// Puts a new key before the others. These verify until the last token that a server signs with them, before it learns
/// of the new one, has expired.
pub(crate) fn rotate(ttl: Duration) -> (String, Statement<()>) {
    let kid = Uuid::new_v4().simple().to_string();
    let rotate = statement(sql!(
        "WITH retired AS (UPDATE signing_keys SET retires_at = now() + $2 * interval '1 second' ",
        "WHERE retires_at IS NULL) INSERT INTO signing_keys (kid, created_at) VALUES ($1, clock_timestamp())"
    ));
    (kid.clone(), rotate.bind(kid).bind((ttl.max(SUPPORT) + LEARNING).as_secs_f64()).done())
}

/// The tokens of operators in an organization live for up to an hour, whatever those of its people do.
const SUPPORT: Duration = Duration::from_secs(3600);
/// Far more than the minute after which every running server has read the table.
const LEARNING: Duration = Duration::from_secs(10 * 60);
/// Whoever sends tokens of made-up keys makes a server read the table this often, and no more.
const PAUSE: Duration = Duration::from_secs(1);

/// When a process last read the table.
#[derive(Default)]
pub(crate) struct Learned(Mutex<Option<Instant>>);

impl Learned {
    /// Reads the table, unless somebody else begins to while this waits for its turn.
    pub(crate) async fn again<F>(&self, read: F) -> Result<(), DbError>
    where
        F: AsyncFnOnce() -> Result<(), DbError>,
    {
        let asked = Instant::now();
        let mut last = self.0.lock().await;
        if last.is_some_and(|last| last >= asked) {
            return Ok(());
        }
        if let Some(last) = *last {
            tokio::time::sleep_until(last + PAUSE).await;
        }
        *last = Some(Instant::now());
        read().await
    }
}

/// The ids of the live keys.
pub(crate) async fn ids(db: &PlatformDb) -> Result<Vec<String>, DbError> {
    Ok(db.run(live()).await?.into_iter().map(|key| key.kid).collect())
}
