//! Lists: keyset pages with signed cursors, which cost the same on the first page and on the thousandth.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

use super::cursor::{Cursor, Lister, Place, Signer};
use super::order::{Arranged, Sort};
use super::problem::ApiError;
use crate::tenancy::{FromRow, List, Statement};

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

/// One request for a page: where to go on, in which order, how far.
pub struct Paging<S> {
    sort: S,
    limit: Limit,
    after: Option<Place>,
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
        Self::narrowed(caller, list, sort, limit, cursor, Vec::new())
    }

    /// The same for a list that criteria narrow; a cursor is of use with the same ones.
    pub(super) fn narrowed(
        caller: &impl Lister,
        list: &'static str,
        sort: S,
        limit: Option<Limit>,
        cursor: Option<Cursor>,
        criteria: Vec<u8>,
    ) -> Result<Self, ApiError> {
        let (key, owner) = (caller.cursor_key().clone(), caller.list_owner());
        let signer = Signer { key, owner, list, sort: sort.order().name, criteria };
        let after = match cursor {
            None => None,
            Some(cursor) => Some(signer.open(cursor.as_str()).ok_or_else(|| {
                ApiError::malformed(
                    "The cursor is not one of this list with this order and these filters. Start again without it.",
                )
            })?),
        };
        Ok(Self { sort, limit: limit.unwrap_or_default(), after, signer })
    }

    /// Makes a page of a list.
    pub fn page(self, list: List<S::Record>) -> Statement<Page<S::Record>>
    where
        S::Record: FromRow + Send,
    {
        let order = self.sort.order().into();
        self.page_in(list, order)
    }

    /// Makes a page of a list in another order than that of the request, whose cursors tell it apart.
    pub(super) fn page_in(self, list: List<S::Record>, order: Arranged<S::Record>) -> Statement<Page<S::Record>>
    where
        S::Record: FromRow + Send,
    {
        let limit = self.limit.0 as usize;
        // One more than asked for tells whether there is a next page.
        let records = part(list, &order, self.after, i64::from(self.limit.0) + 1);
        let (position, signer) = (order.position, self.signer);
        records.map(move |items| cut(items, limit, position, &signer))
    }

    /// Makes a page of what comes after a place and is no plain list, up to a number of records; none where there is nothing to
    /// make a page of.
    pub(crate) fn page_of(
        self,
        read: impl FnOnce(Option<Place>, i64) -> Statement<Option<Vec<S::Record>>>,
    ) -> Statement<Option<Page<S::Record>>>
    where
        S::Record: Send,
    {
        let records = read(self.after, i64::from(self.limit.0) + 1);
        let (limit, position, signer) = (self.limit.0 as usize, self.sort.order().position, self.signer);
        records.map(move |items| items.map(|items| cut(items, limit, position, &signer)))
    }
}

/// A page of one record more than it has, if there are that many.
fn cut<R>(mut items: Vec<R>, limit: usize, position: impl Fn(&R) -> Place, signer: &Signer) -> Page<R> {
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more).map(position);
    Page { next_cursor: last.map(|place| signer.seal(&place)), items }
}

impl<S: Sort> Paging<S> {
    /// Makes a page of a list whose statement is written out: of what comes after a value, one more than the page holds. No two
    /// of its records are sorted by the same value, and none by no value.
    pub(crate) fn page_after(
        self,
        list: impl FnOnce(Option<String>, i64) -> Statement<Vec<S::Record>>,
    ) -> Statement<Page<S::Record>>
    where
        S::Record: Send + 'static,
    {
        let (limit, position, signer) = (self.limit.0 as usize, self.sort.order().position, self.signer);
        let records = list(self.after.and_then(|(value, _)| value), i64::from(self.limit.0) + 1);
        records.map(move |items| cut(items, limit, position, &signer))
    }
}

/// The records of a list that come after a place, in an order.
pub(super) fn part<R: FromRow>(
    list: List<R>,
    order: &Arranged<R>,
    after: Option<Place>,
    most: i64,
) -> Statement<Vec<R>> {
    match (after, order.last) {
        (None, None) => list.first(order.by, most),
        (None, Some(last)) => list.first_of_two(last.with, Vec::new(), last.without, order.by, most),
        (Some((Some(value), id)), None) => {
            list.only(order.after, vec![Box::new(value), Box::new(id)]).first(order.by, most)
        }
        (Some((Some(value), id)), Some(last)) => {
            list.first_of_two(order.after, vec![Box::new(value), Box::new(id)], last.without, order.by, most)
        }
        (Some((None, id)), Some(last)) => list.only(last.after, vec![Box::new(id)]).first(order.by, most),
        // No cursor of such an order has no value.
        (Some((None, _)), None) => list.first(order.by, 0),
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
    format!("%{}", begins(text))
}

/// A pattern for `LIKE` that finds a text at the beginning; `%` and `_` stand for themselves.
pub fn begins(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("{escaped}%")
}
