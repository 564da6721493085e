//! Sealing: what has to be read again, and may not stand in the database in clear.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;

use super::Secret;

/// Encrypts and decrypts with a key that is derived from the installation's secret, one for each purpose.
#[derive(Clone)]
pub struct Seal(Arc<RandomizedNonceKey>);

impl Secret {
    /// A seal of its own for each purpose.
    ///
    /// # Errors
    /// Where the algorithm refuses the key, which a key of this size does not cause.
    pub fn seal(&self, purpose: &str) -> Result<Seal, Unspecified> {
        let root = self.key("seals");
        let key = hmac::sign(&root, purpose.as_bytes());
        RandomizedNonceKey::new(&AES_256_GCM, key.as_ref()).map(|key| Seal(Arc::new(key)))
    }
}

impl Seal {
    /// Nonce, cipher and tag. `place` is the row that it stands in: it opens nowhere else.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn close(&self, place: &[u8], clear: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let mut cipher = clear.to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(place), &mut cipher)?;
        Ok([nonce.as_ref().as_slice(), cipher.as_slice()].concat())
    }

    /// What was closed for this place with this secret.
    ///
    /// # Errors
    /// Where it was closed with another secret, or for another place, or has been touched.
    pub fn open(&self, place: &[u8], closed: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let (nonce, cipher) = closed.split_at_checked(NONCE_LEN).ok_or(Unspecified)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce)?;
        let mut clear = cipher.to_vec();
        Ok(self.0.open_in_place(nonce, Aad::from(place), &mut clear)?.to_vec())
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn it_opens_only_with_its_secret_and_in_its_place() {
        let secret = Secret::parse(&Secret::generate()).unwrap();
        let seal = secret.seal("letters").unwrap();
        let closed = seal.close(b"row 1", b"clear").unwrap();
        assert_eq!(seal.open(b"row 1", &closed).unwrap(), b"clear");
        assert_ne!(seal.close(b"row 1", b"clear").unwrap(), closed, "each time another cipher");
        assert!(!closed.windows(5).any(|part| part == b"clear"));

        let other = Secret::parse(&Secret::generate()).unwrap();
        assert!(other.seal("letters").unwrap().open(b"row 1", &closed).is_err());
        assert!(secret.seal("seeds").unwrap().open(b"row 1", &closed).is_err());
        assert!(seal.open(b"row 2", &closed).is_err());
        let mut touched = closed.clone();
        touched[14] ^= 1;
        assert!(seal.open(b"row 1", &touched).is_err());
        assert!(seal.open(b"row 1", &closed[..5]).is_err());
    }
}
