//! Passwords: argon2id, no more at once than there are cores, so that sign-ins never starve the rest.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::http::ApiError;

/// Hashes that may wait for a core before the answer is 503.
const QUEUE: usize = 64;
/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords {
    cores: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// Of a password that nobody has: an unknown address costs the same time as a known one.
    dummy: Arc<str>,
}

impl Passwords {
    /// One hash per core at a time.
    ///
    /// # Errors
    /// Where argon2 refuses its own parameters.
    pub fn new() -> Result<Self, ApiError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            cores: Arc::new(Semaphore::new(cores)),
            queue: Arc::new(Semaphore::new(cores + QUEUE)),
            dummy: hash(b"nobody has this password")?.into(),
        })
    }

    /// The hash to store.
    ///
    /// # Errors
    /// 503 where too many are waiting already.
    pub async fn hash(&self, password: String) -> Result<String, ApiError> {
        self.on_a_core(move || hash(password.as_bytes())).await?
    }

    /// Whether the password is the one of the hash; without a hash the answer is no, after the same time.
    ///
    /// # Errors
    /// 503 where too many are waiting already.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, ApiError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.dummy.as_ref().to_owned());
        let matches = self.on_a_core(move || verify(password.as_bytes(), &stored)).await?;
        Ok(known && matches)
    }

    async fn on_a_core<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let busy = || ApiError::unavailable(Duration::from_secs(1));
        let _place = self.queue.clone().try_acquire_owned().map_err(|_| busy())?;
        let core = self.cores.clone().acquire_owned().await.map_err(|_| busy())?;
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: a client that goes away does not make room for another hash.
            let _core = core;
            work()
        });
        done.await.map_err(|_| ApiError::internal())
    }
}

fn argon2() -> Result<Argon2<'static>, ApiError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|_| ApiError::internal())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &[u8]) -> Result<String, ApiError> {
    argon2()?.hash_password(password).map(|hash| hash.to_string()).map_err(|_| ApiError::internal())
}

fn verify(password: &[u8], stored: &str) -> bool {
    let Ok(stored) = PasswordHash::new(stored) else { return false };
    argon2().is_ok_and(|argon2| argon2.verify_password(password, &stored).is_ok())
}
