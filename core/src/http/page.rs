//! Lists: keyset pages with signed cursors, which cost the same on the first page and on the thousandth.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use uuid::Uuid;

use super::problem::ApiError;
use crate::tenancy::{Fragment, FromRow, List, Statement};

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// The records.
    pub items: Vec<T>,
    /// Send it as `cursor` to get the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// How many records a page may have: 1 to 200, 50 where nothing is said.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub struct Limit(u32);

impl Limit {
    const MAX: u32 = 200;
    /// As many as there can be.
    pub(crate) const MOST: Self = Self(Self::MAX);

    /// Reads a number.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(limit @ 1..=Self::MAX) => Ok(Self(limit)),
            _ => Err(format!("expected a number from 1 to {}", Self::MAX)),
        }
    }
}

impl Limit {
    /// The number.
    pub fn get(self) -> i64 {
        i64::from(self.0)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

crate::scalar!(Limit, "limit", {
    MetaSchema {
        minimum: Some(1.0),
        maximum: Some(f64::from(Limit::MAX)),
        default: Some(Value::from(50)),
        ..MetaSchema::new_with_format("integer", "int32")
    }
});

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
}

crate::scalar!(Cursor, "cursor", MetaSchema { max_length: Some(2000), ..MetaSchema::new("string") });

/// How a list is sorted; made by [`sorts!`](crate::sorts).
pub trait Sort: Copy + Send + 'static {
    /// The records of the list.
    type Record;

    /// The name that the client uses; it is part of the cursor.
    fn name(self) -> &'static str;

    /// The SQL of this order.
    fn order(self) -> Order;

    /// The value that a record is sorted by, as PostgreSQL reads it, and its id.
    fn position(self, record: &Self::Record) -> (String, Uuid);
}

/// The SQL of one order.
pub struct Order {
    /// The condition for what comes after a value `$1` and an id `$2`.
    pub after: Fragment,
    /// The sorting.
    pub by: Fragment,
}

/// Says in which ways a list can be sorted. Each needs an index over (column, id).
///
/// ```text
/// sorts! {
///     /// How contacts can be sorted.
///     pub enum ContactSort of Contact {
///         CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |contact| contact.created_at,
///     }
/// }
/// ```
#[macro_export]
macro_rules! sorts {
    (
        $(#[$doc:meta])*
        pub enum $name:ident of $record:ty {
            $($up:ident | $down:ident: $up_name:literal | $down_name:literal
                = $type:ident $column:ident => |$own:ident| $value:expr),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, $crate::__private::poem_openapi::Enum)]
        pub enum $name {
            $(
                #[doc = concat!("By ", stringify!($column), ", smallest first.")]
                #[oai(rename = $up_name)]
                $up,
                #[doc = concat!("By ", stringify!($column), ", greatest first.")]
                #[oai(rename = $down_name)]
                $down,
            )+
        }

        impl $crate::http::Sort for $name {
            type Record = $record;

            fn name(self) -> &'static str {
                match self {
                    $(Self::$up => $up_name, Self::$down => $down_name,)+
                }
            }

            fn order(self) -> $crate::http::Order {
                let (after, by) = match self {
                    $(
                        Self::$up => (
                            $crate::sql!("(", stringify!($column), ", id) > ($1::text::", stringify!($type), ", $2)"),
                            $crate::sql!("ORDER BY ", stringify!($column), ", id"),
                        ),
                        Self::$down => (
                            $crate::sql!("(", stringify!($column), ", id) < ($1::text::", stringify!($type), ", $2)"),
                            $crate::sql!("ORDER BY ", stringify!($column), " DESC, id DESC"),
                        ),
                    )+
                };
                $crate::http::Order { after, by }
            }

            fn position(self, record: &$record) -> (String, $crate::__private::uuid::Uuid) {
                let value = match self {
                    $(Self::$up | Self::$down => { let $own = record; $crate::value::SortValue::text(&$value) })+
                };
                (value, record.id.as_uuid())
            }
        }
    };
}

/// Who asks for a list: a cursor is of use to the same one only.
pub trait Lister {
    /// The key that signs cursors.
    fn cursor_key(&self) -> &hmac::Key;

    /// Whose list it is.
    fn list_owner(&self) -> Uuid;
}

/// One request for a page: where to go on, in which order, how far.
pub struct Paging<S> {
    sort: S,
    limit: Limit,
    after: Option<(String, Uuid)>,
    signer: Signer,
}

impl<S: Sort> Paging<S> {
    /// Checks the cursor.
    ///
    /// # Errors
    /// 400 where the cursor is not one of this list, this order and this lister.
    pub fn new(
        caller: &impl Lister,
        list: &'static str,
        sort: S,
        limit: Option<Limit>,
        cursor: Option<Cursor>,
    ) -> Result<Self, ApiError> {
        let signer = Signer { key: caller.cursor_key().clone(), owner: caller.list_owner(), list, sort: sort.name() };
        let after = match cursor {
            None => None,
            Some(Cursor(cursor)) => Some(signer.open(&cursor).ok_or_else(|| {
                ApiError::malformed("The cursor is not one of this list and sort order. Start again without it.")
            })?),
        };
        Ok(Self { sort, limit: limit.unwrap_or_default(), after, signer })
    }

    /// Makes a page of a list.
    pub fn page(self, list: List<S::Record>) -> Statement<Page<S::Record>>
    where
        S::Record: FromRow + Send,
    {
        let order = self.sort.order();
        let list = match self.after {
            None => list,
            Some((value, id)) => list.only(order.after, vec![Box::new(value), Box::new(id)]),
        };
        let limit = self.limit.0 as usize;
        // One more than asked for tells whether there is a next page.
        let records = list.first(order.by, i64::from(self.limit.0) + 1);
        let (sort, signer) = (self.sort, self.signer);
        records.map(move |mut items| {
            let more = items.len() > limit;
            items.truncate(limit);
            let last = items.last().filter(|_| more).map(|last| sort.position(last));
            Page { next_cursor: last.map(|(value, id)| signer.seal(&value, id)), items }
        })
    }
}

/// Signs cursors for one list of one owner in one order.
struct Signer {
    key: hmac::Key,
    owner: Uuid,
    list: &'static str,
    sort: &'static str,
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
        context.update(payload);
        context.sign()
    }

    fn seal(&self, value: &str, id: Uuid) -> String {
        let mut bytes = [id.as_bytes(), value.as_bytes()].concat();
        let tag = self.tag(&bytes);
        bytes.extend(tag.as_ref().iter().take(Self::TAG));
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    fn open(&self, cursor: &str) -> Option<(String, Uuid)> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (payload, tag) = bytes.split_at_checked(bytes.len().checked_sub(Self::TAG)?)?;
        let expected = self.tag(payload);
        aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_ref().get(..Self::TAG)?, tag).ok()?;
        let (id, value) = payload.split_at_checked(16)?;
        Some((String::from_utf8(value.to_vec()).ok()?, Uuid::from_slice(id).ok()?))
    }
}

impl<T> Page<T> {
    /// Changes the records.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next_cursor: self.next_cursor }
    }
}

impl<T: Type> Type for Page<T> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference(Self::name().into_owned())
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
        registry.create_schema::<Self, _>(Self::name().into_owned(), |_| MetaSchema {
            required: vec!["items"],
            properties: vec![("items", Vec::<T>::schema_ref()), ("next_cursor", String::schema_ref())],
            ..MetaSchema::new("object")
        });
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

/// A pattern for `LIKE` that finds a text anywhere; `%` and `_` stand for themselves.
pub fn contains(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}
