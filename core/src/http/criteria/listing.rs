//! What can be asked of the lists of one resource.

use uuid::Uuid;

use super::Criteria;
use super::describe;
use super::field::{Field, Filter};
use crate::custom::Custom;
use crate::http::order::{Last, Order};
use crate::http::problem::ApiResult;
use crate::http::query::KnownQuery;
use crate::tenancy::{Fragment, FromRow};

/// What can be asked of the list of a resource; made by [`criteria!`](crate::criteria).
pub trait Listing: Sized + Send + Sync + 'static {
    /// The records of the list.
    type Record: FromRow + Send;
    /// The name of the list, which is that of its table; cursors are bound to it.
    const NAME: &'static str;
    /// The fields.
    const FIELDS: &'static [Field<Self::Record>];
    /// The order where none is asked for.
    const DEFAULT: Order<Self::Record>;
    /// The condition on words, which are `$1`, and what they are looked for in.
    const SEARCH: Option<(Fragment, &'static str)>;
    /// Where the records have fields of the organization's own: how their values, and the id beside them, are read.
    const CUSTOM: Option<CustomOf<Self::Record>>;
}

/// The values of a record's own fields, and its id.
pub type CustomOf<R> = fn(&R) -> (&Custom, Uuid);

/// The same without its type, for whoever looks at all lists.
pub struct ListingInfo {
    /// The name of the list, which is that of its table.
    pub name: &'static str,
    /// The condition on words.
    pub search: Option<Fragment>,
    /// The fields.
    pub fields: fn() -> Vec<FieldInfo>,
    check: fn(&str) -> ApiResult<()>,
}
inventory::collect!(ListingInfo);

/// A field without the type of its record.
pub struct FieldInfo {
    /// Its name.
    pub name: &'static str,
    /// What it can be filtered by.
    pub filters: &'static [Filter],
    /// The name of each order by it, the condition for what comes later, the sorting, and which records come last.
    pub orders: Vec<(&'static str, Fragment, Fragment, Option<Last>)>,
}

impl ListingInfo {
    /// Of a list.
    pub const fn of<L: Listing>() -> Self {
        let search = match L::SEARCH {
            Some((condition, _)) => Some(condition),
            None => None,
        };
        Self { name: L::NAME, search, fields: fields::<L>, check: check::<L> }
    }

    /// Whether the list could be asked for by this query: filters, `q`, `sort` and nothing else.
    ///
    /// # Errors
    /// What the list itself would answer.
    pub fn check(&self, query: &str) -> ApiResult<()> {
        (self.check)(query)
    }
}

/// All lists of this build that take criteria.
pub fn listings() -> impl Iterator<Item = &'static ListingInfo> {
    inventory::iter::<ListingInfo>.into_iter()
}

fn fields<L: Listing>() -> Vec<FieldInfo> {
    let field = |field: &Field<L::Record>| FieldInfo {
        name: field.name,
        filters: field.filters,
        orders: field.orders.iter().flatten().map(|order| (order.name, order.after, order.by, order.last)).collect(),
    };
    L::FIELDS.iter().map(field).collect()
}

fn check<L: Listing>(query: &str) -> ApiResult<()> {
    let names = describe::names::<L>().filter(|name| !["limit", "cursor"].contains(&name.as_str())).collect();
    let known = KnownQuery { names, custom: L::CUSTOM.is_some() };
    Criteria::<L>::read(&known.parse(query)?).map(|_| ())
}
