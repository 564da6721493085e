//! An operator's token: the id of a session and a tag that only this installation can make.
//!
//! It is no JWT, so no member's token is ever taken for one, nor it for a member's; the tag is made with a key of its
//! own purpose. A forged one costs no look-up, and a dump of the database holds nothing to make one of.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::config::Secret;

/// What tokens of operators start with, for people and scanners that find one where it should not be.
const PREFIX: &str = "tno_";

/// Makes and reads the tokens of operators.
pub(crate) struct OperatorTokens {
    key: hmac::Key,
}

impl OperatorTokens {
    pub(crate) fn new(secret: &Secret) -> Self {
        Self { key: secret.key("operator tokens") }
    }

    /// The token of a session.
    pub(crate) fn seal(&self, session: Uuid) -> String {
        let tag = hmac::sign(&self.key, session.as_bytes());
        format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode([session.as_bytes(), tag.as_ref()].concat()))
    }

    /// The session of a token that is ours. Whether it is live, only the database knows.
    pub(crate) fn open(&self, token: &str) -> Option<Uuid> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
        let (session, tag) = bytes.split_at_checked(16)?;
        hmac::verify(&self.key, session, tag).ok()?;
        Uuid::from_slice(session).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_a_touched_one_is_none() {
        let ours = OperatorTokens::new(&Secret::parse(&Secret::generate()).unwrap());
        let session = Uuid::now_v7();
        let token = ours.seal(session);
        assert_eq!(ours.open(&token), Some(session));
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(ours.open(&String::from_utf8(bytes).unwrap()), None, "{at}");
        }
        for other in ["", "tno_", "tno_AAAA", &token[4..], &format!("{token}A")] {
            assert_eq!(ours.open(other), None, "{other}");
        }
        let theirs = OperatorTokens::new(&Secret::parse(&Secret::generate()).unwrap());
        assert_eq!(theirs.open(&token), None);
    }
}
