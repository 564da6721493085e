//! Cursors: where a list goes on, signed, of use in that list alone.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use poem_openapi::registry::MetaSchema;
use serde::Serialize;
use uuid::Uuid;

/// Where a list goes on: `next_cursor` of the page before. It is signed, and of use in that list alone.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// Takes any short text: whether it is one of ours is found when it is opened.
    ///
    /// # Errors
    /// Where it is too long to be one.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() <= 2000 { Ok(Self(text.to_owned())) } else { Err("not a cursor".to_owned()) }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

crate::scalar!(Cursor, "cursor", MetaSchema { max_length: Some(2000), ..MetaSchema::new("string") });

/// Who asks for a list: a cursor is of use to the same one only.
pub trait Lister {
    /// The key that signs cursors.
    fn cursor_key(&self) -> &hmac::Key;

    /// Whose list it is.
    fn list_owner(&self) -> Uuid;
}

/// The place of a record in a list: the value that it is sorted by, if it has one, and its id.
pub(crate) type Place = (Option<String>, Uuid);

/// Signs cursors for one list of one owner in one order, narrowed by the same criteria.
pub(super) struct Signer {
    pub(super) key: hmac::Key,
    pub(super) owner: Uuid,
    pub(super) list: &'static str,
    pub(super) sort: &'static str,
    /// The criteria, in a form that no others have.
    pub(super) criteria: Vec<u8>,
}

impl Signer {
    const TAG: usize = 16;

    fn tag(&self, payload: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(self.owner.as_bytes());
        context.update(self.list.as_bytes());
        context.update(b"\0");
        context.update(self.sort.as_bytes());
        context.update(b"\0");
        context.update(&(self.criteria.len() as u64).to_be_bytes());
        context.update(&self.criteria);
        context.update(payload);
        context.sign()
    }

    pub(super) fn seal(&self, (value, id): &Place) -> String {
        let mut bytes = id.as_bytes().to_vec();
        bytes.push(u8::from(value.is_some()));
        bytes.extend(value.iter().flat_map(|value| value.bytes()));
        let tag = self.tag(&bytes);
        bytes.extend(tag.as_ref().iter().take(Self::TAG));
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(super) fn open(&self, cursor: &str) -> Option<Place> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (payload, tag) = bytes.split_at_checked(bytes.len().checked_sub(Self::TAG)?)?;
        let expected = self.tag(payload);
        aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_ref().get(..Self::TAG)?, tag).ok()?;
        let (id, value) = payload.split_at_checked(16)?;
        let value = match value.split_first()? {
            (0, []) => None,
            (1, text) => Some(String::from_utf8(text.to_vec()).ok()?),
            _ => return None,
        };
        Some((value, Uuid::from_slice(id).ok()?))
    }
}
