//! Refresh tokens: derived from the installation's secret, so that the database holds nothing to steal.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use uuid::Uuid;

/// What a refresh token says: the session, and how often its token was changed before this one.
///
/// As text it is `tnr_` and base64url of the id (16 bytes), the generation (4 bytes) and their HMAC-SHA256 (32 bytes). So
/// everybody who holds one token of a generation gets the same successor, and a forged one costs no look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RefreshToken {
    pub(super) session: Uuid,
    pub(super) generation: i32,
}

const PREFIX: &str = "tnr_";
const SAID: usize = 20;

impl RefreshToken {
    pub(super) fn seal(self, key: &hmac::Key) -> String {
        let said = [self.session.as_bytes().as_slice(), &self.generation.to_be_bytes()].concat();
        let tag = hmac::sign(key, &said);
        format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode([&said, tag.as_ref()].concat()))
    }

    /// The token, if it is one of ours; its session may have ended since.
    pub(super) fn open(key: &hmac::Key, text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let (said, tag) = bytes.split_at_checked(SAID)?;
        hmac::verify(key, said, tag).ok()?;
        let (session, generation) = said.split_at_checked(16)?;
        Some(Self {
            session: Uuid::from_slice(session).ok()?,
            generation: i32::from_be_bytes(generation.try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_no_other_is() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"key");
        let token = RefreshToken { session: Uuid::new_v4(), generation: 7 };
        let text = token.seal(&key);
        assert_eq!(RefreshToken::open(&key, &text), Some(token));
        assert_eq!(RefreshToken::open(&hmac::Key::new(hmac::HMAC_SHA256, b"other"), &text), None);
        for at in PREFIX.len()..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(RefreshToken::open(&key, &String::from_utf8(bytes).unwrap()), None, "byte {at}");
        }
        for text in ["", PREFIX, "tnr_AAAA", &text[4..], &text[..text.len() - 4]] {
            assert_eq!(RefreshToken::open(&key, text), None, "{text}");
        }
    }
}
