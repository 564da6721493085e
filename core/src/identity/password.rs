//! Passwords: none that is easily guessed; argon2id, no more at once than there are cores and behind everything else, so
//! that sign-ins never starve the rest.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::{Semaphore, oneshot};

use super::auth::AnyPassword;
use crate::http::ApiError;

/// Hashes that may wait for a core before the answer is 503.
const QUEUE: usize = 64;
/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// A tenth of the share of what runs at 0.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords {
    cores: Arc<ThreadPool>,
    queue: Arc<Semaphore>,
    /// Of a password that nobody has: an unknown address costs the same time as a known one.
    dummy: Arc<str>,
}

impl Passwords {
    /// One hash per core at a time.
    ///
    /// # Errors
    /// Where argon2 refuses its own parameters, or no threads are to be had.
    pub fn new() -> Result<Self, ApiError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = ThreadPoolBuilder::new().num_threads(cores).thread_name(|n| format!("password {n}"));
        let threads =
            threads.start_handler(|_| stand_back()).panic_handler(drop).build().map_err(|_| ApiError::internal())?;
        Ok(Self {
            cores: Arc::new(threads),
            queue: Arc::new(Semaphore::new(cores + QUEUE)),
            dummy: hash(b"nobody has this password")?.into(),
        })
    }

    /// The hash to store of a password that somebody chooses. `about` is what everybody knows of the person.
    ///
    /// # Errors
    /// See [`ChoiceError`].
    pub async fn choose(&self, password: &AnyPassword, about: &[&str]) -> Result<String, ChoiceError> {
        let least = if password.is_long() { ALONE } else { BESIDE_A_SECOND_FACTOR };
        let (password, about) = (password.reveal(), words(about));
        let chosen =
            self.on_a_core(
                move || {
                    if is_guessable(&password, &about, least) { None } else { Some(hash(password.as_bytes())) }
                },
            );
        match chosen.await {
            Ok(None) => Err(ChoiceError::Guessable),
            Ok(Some(Ok(hash))) => Ok(hash),
            Ok(Some(Err(error))) | Err(error) => Err(ChoiceError::Hash(error)),
        }
    }

    /// Whether a stored hash was made with other parameters than those of today.
    pub fn is_outdated(stored: &str) -> bool {
        let current = || {
            let stored = PasswordHash::new(stored).ok()?;
            let params = Params::try_from(&stored).ok()?;
            Some(
                stored.algorithm == Algorithm::Argon2id.ident()
                    && (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, 1),
            )
        };
        !current().unwrap_or(false)
    }

    /// The hash to store, of a password that was chosen.
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
        let place = self.queue.clone().try_acquire_owned().map_err(|_| busy())?;
        let (tell, told) = oneshot::channel();
        self.cores.spawn_fifo(move || {
            // Held by the work itself: a client that goes away does not make room for another hash.
            let _place = place;
            drop(tell.send(work()));
        });
        told.await.map_err(|_| ApiError::internal())
    }
}

/// Gives way to other threads: a hash takes as long as a hundred requests, and nobody minds if it takes longer. It goes on
/// beside them all the same, at a tenth of their share: at the least one (a seventieth) nobody could sign in to a machine
/// that is full, because the request's time was over before.
fn stand_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS) {
        tracing::debug!(error = &error as &dyn std::error::Error, "passwords are hashed at the usual priority");
    }
}

/// Why a password cannot be chosen.
#[derive(Debug, thiserror::Error)]
pub enum ChoiceError {
    /// It is among the first that somebody would try.
    #[error("easily guessed: a common password, a pattern, or made of your own name or organization")]
    Guessable,
    /// It could not be hashed.
    #[error(transparent)]
    Hash(ApiError),
}

impl ChoiceError {
    /// The problem, where the password stood at this place of the body.
    pub fn at(self, pointer: &str) -> ApiError {
        match self {
            Self::Guessable => ApiError::invalid().at(pointer, self.to_string()),
            Self::Hash(error) => error,
        }
    }
}

/// What is known of somebody, as a whole and word by word.
fn words(about: &[&str]) -> Vec<String> {
    let parts = about.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2));
    about.iter().copied().chain(parts).map(str::to_lowercase).collect()
}

/// More than 10⁸ guesses.
const ALONE: zxcvbn::Score = zxcvbn::Score::Three;
/// More than 10⁶ guesses: eight characters are at most worth 10⁸.
const BESIDE_A_SECOND_FACTOR: zxcvbn::Score = zxcvbn::Score::Two;

/// Whether fewer guesses find it, by zxcvbn's lists of common passwords, words, names, patterns and repetitions.
/// There is no rule of how a password is to be composed.
fn is_guessable(password: &str, about: &[String], least: zxcvbn::Score) -> bool {
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    zxcvbn::zxcvbn(password, &about).score() < least
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_would_try_first_is_guessable() {
        let about = words(&["ada@example.com", "Ada Lovelace", "Analytical Engines"]);
        for bad in [
            "passwordpassword",
            "123456789012345",
            "qwertyuiopasdfgh",
            "Password12345678",
            "letmeinletmein123",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "ada@example.com",
            "analytical engines 2024",
            "Ada Lovelace 1815",
        ] {
            assert!(is_guessable(bad, &about, ALONE), "{bad}");
        }
        for good in ["correct horse battery staple", "a long sentence is a good one", "Zoë likes long sentences"] {
            assert!(!is_guessable(good, &about, ALONE), "{good}");
        }
        for bad in ["password", "12345678", "qwertyui", "lovelace", "Password1"] {
            assert!(is_guessable(bad, &about, BESIDE_A_SECOND_FACTOR), "{bad}");
        }
        assert!(!is_guessable("Kx7#vq!m", &about, BESIDE_A_SECOND_FACTOR));
    }

    #[test]
    fn a_hash_of_other_parameters_is_outdated() {
        let of = |memory, passes| {
            let argon2 =
                Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(memory, passes, 1, None).unwrap());
            argon2.hash_password(b"x").unwrap().to_string()
        };
        assert!(!Passwords::is_outdated(&hash(b"x").unwrap()));
        assert!(Passwords::is_outdated(&of(1024, PASSES)) && Passwords::is_outdated(&of(MEMORY_KIB, 1)));
        assert!(Passwords::is_outdated("-"));
    }
}
