//! The text of an API key.

use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::http::ApiError;

/// What keys start with, for people and scanners that find one where it should not be.
pub(crate) const PREFIX: &str = "tnk_";

const SECRET: usize = 24;
const TAG: usize = 16;

/// The id of a key and its secret.
///
/// As text it is `tnk_` and base64url of the id (16 bytes), the secret (24 random bytes) and a checksum of both (16 bytes
/// of an HMAC with a key of this installation), so that a made-up key costs no look-up.
pub(crate) struct KeyText {
    pub(super) id: Uuid,
    secret: [u8; SECRET],
}

impl KeyText {
    pub(super) fn generate() -> Result<Self, ApiError> {
        let mut secret = [0; SECRET];
        aws_lc_rs::rand::fill(&mut secret).map_err(|_| ApiError::internal())?;
        Ok(Self { id: Uuid::now_v7(), secret })
    }

    pub(super) fn seal(&self, key: &hmac::Key) -> String {
        let said = [self.id.as_bytes().as_slice(), &self.secret].concat();
        let tag = hmac::sign(key, &said);
        let tag = tag.as_ref().iter().take(TAG).copied();
        format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(said.iter().copied().chain(tag).collect::<Vec<u8>>()))
    }

    /// The key, if it is one of ours; it may have been revoked since.
    pub(super) fn open(key: &hmac::Key, text: &str) -> Option<Self> {
        if text.len() > 100 {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let (said, tag) = bytes.split_at_checked(16 + SECRET)?;
        let expected = hmac::sign(key, said);
        aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_ref().get(..TAG)?, tag).ok()?;
        let (id, secret) = said.split_at_checked(16)?;
        Some(Self { id: Uuid::from_slice(id).ok()?, secret: secret.try_into().ok()? })
    }

    /// What the database keeps of the secret.
    pub(super) fn hash(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, &self.secret).as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_and_a_touched_one_is_none() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"key");
        let made = KeyText::generate().unwrap();
        let text = made.seal(&key);
        let read = KeyText::open(&key, &text).unwrap();
        assert_eq!((read.id, read.hash()), (made.id, made.hash()));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert!(KeyText::open(&key, &String::from_utf8(bytes).unwrap()).is_none(), "{at}");
        }
        for other in ["", PREFIX, "tnk_AAAA", &text[4..], &text[..text.len() - 4], &format!("{text}AAAA")] {
            assert!(KeyText::open(&key, other).is_none(), "{other}");
        }
        assert!(KeyText::open(&hmac::Key::new(hmac::HMAC_SHA256, b"other"), &text).is_none());
    }
}
