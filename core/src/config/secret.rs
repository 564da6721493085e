//! The installation's secret, from which keys and database passwords are derived.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// At least 32 random bytes. It cannot be printed.
#[derive(Clone)]
pub struct Secret(Arc<[u8]>);

impl Secret {
    /// From `TENANTRY_SECRET`: base64url of at least 32 bytes.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        match BASE64_URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')) {
            Ok(bytes) if bytes.len() >= 32 => Ok(Self(bytes.into())),
            _ => Err("expected base64url of at least 32 random bytes, as `tenantry secret` prints"),
        }
    }

    /// A new one, as text.
    pub fn generate() -> String {
        let mut bytes = [0_u8; 32];
        // Fails only where the operating system has no randomness; then nothing may start.
        if aws_lc_rs::rand::fill(&mut bytes).is_err() {
            std::process::abort();
        }
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }

    /// A key of its own for each purpose.
    pub fn key(&self, purpose: &str) -> hmac::Key {
        let root = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, purpose.as_bytes()).as_ref())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
