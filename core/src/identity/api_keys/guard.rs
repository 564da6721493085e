//! Reading API keys that requests bear, and noting that they were used.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::hmac;
use moka::sync::Cache;
use uuid::Uuid;

use super::secret::KeyText;
use super::store;
use crate::config::Secret;
use crate::identity::Claims;
use crate::platform::PlatformDb;
use crate::tenancy::DbError;

/// Keys in use to remember, and for how long at most. What is remembered only saves a look-up: whether the key is live and
/// its creator's role unchanged, the door asks the database at each request.
const REMEMBERED: u64 = 10_000;
const FRESH: Duration = Duration::from_secs(60);
/// Keys whose use waits to be written down. More are not noted until these are written.
const NOTED: usize = 10_000;

/// Turns the text of a key into what its bearer may claim.
pub(crate) struct KeyGuard {
    key: hmac::Key,
    known: Cache<Uuid, Arc<Known>>,
    used: Mutex<HashSet<Uuid>>,
}

struct Known {
    hash: Vec<u8>,
    claims: Arc<Claims>,
}

impl KeyGuard {
    pub(crate) fn new(secret: &Secret) -> Self {
        let known = Cache::builder().max_capacity(REMEMBERED).time_to_live(FRESH).build();
        Self { key: secret.key("API keys"), known, used: Mutex::default() }
    }

    pub(super) fn key(&self) -> &hmac::Key {
        &self.key
    }

    /// What a key may claim, if it is live.
    pub(crate) async fn claims(&self, db: &PlatformDb, text: &str) -> Result<Option<Arc<Claims>>, DbError> {
        let Some(text) = KeyText::open(&self.key, text) else { return Ok(None) };
        let (id, hash) = (text.id, text.hash());
        let known = self.known.get(&id).filter(|known| known.hash == hash);
        let claims = match known {
            Some(known) => known.claims.clone(),
            None => {
                let Some(claims) = db.run(store::claims(id, hash.clone())).await? else { return Ok(None) };
                let claims = Arc::new(claims);
                self.known.insert(id, Arc::new(Known { hash, claims: claims.clone() }));
                claims
            }
        };
        self.note(id);
        Ok(Some(claims))
    }

    /// Learns anew what a key may claim, for the database has said that it is not so any more; tells whether the key lives.
    pub(crate) async fn look_again(&self, db: &PlatformDb, id: Uuid) -> Result<bool, DbError> {
        // Where another request was quicker, this one learnt what it knew before that.
        let Some(known) = self.known.remove(&id) else { return Ok(true) };
        Ok(db.run(store::claims(id, known.hash.clone())).await?.is_some())
    }

    fn note(&self, id: Uuid) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() < NOTED {
            used.insert(id);
        }
    }

    /// Writes down which keys were used since this was last called.
    pub(crate) async fn write_down(&self, db: &PlatformDb) -> Result<(), DbError> {
        let used = std::mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        if used.is_empty() {
            return Ok(());
        }
        db.run(store::used(used.into_iter().collect())).await
    }
}
