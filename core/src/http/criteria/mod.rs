//! The one language by which lists are asked for: filters, an order, words, a page.
//!
//! ```text
//! ?filter[status]=open&filter[amount][gte]=1000&sort=-created_at&q=word&limit=50&cursor=…
//! ```
//!
//! A resource declares its fields once, by [`criteria!`](crate::criteria): what they are called, of which type a value is, by
//! which [operators](Operator) they are filtered, whether the list can be sorted by them. From that come [`Criteria`], the one
//! argument that a handler takes, the SQL (fragments that the compiler has checked, never text put together from input), the
//! parameters in the document, and the test that reads the plans.
//!
//! # What it costs
//!
//! Whatever can be asked for reads an index, never the whole table:
//!
//! - an order alone, on any page, reads a page's worth of its index;
//! - a filter alone finds its records by its own index (`eq`, `in`, `gt`, `gte`, `lt`, `lte`, `contains`, `has`, `null=true`).
//!   Only `ne` and `null=false`, which leave most records in, read along the order instead and drop the others;
//! - several filters, or a filter with an order that its index does not have, cost what PostgreSQL finds cheaper: to take what one
//!   filter finds and sort it, or to read along the order and drop what does not fit. The first is cheap where a filter finds few
//!   records, the second where it finds many; what costs most is a filter that finds many that come late in the order.
//!
//! Records that have no value to be sorted by come last, whichever way the others go.

mod declare;
mod describe;
mod field;
mod listing;
mod operator;
mod own;
mod read;
mod unpaged;
mod values;

use std::marker::PhantomData;

use poem::{Request, RequestBody};
use poem_openapi::__private::UrlQuery;
use poem_openapi::registry::{MetaParamIn, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

pub(crate) use describe::expand;
pub use field::{Field, Filter, Wanted, starting};
pub use listing::{CustomOf, FieldInfo, Listing, ListingInfo, listings};
pub use operator::Operator;
pub use unpaged::Unpaged;
pub(crate) use values::split;

use own::Own;

use super::cursor::{Cursor, Lister};
use super::order::Order;
use super::page::{Limit, Page, Paging};
use super::problem::{ApiError, ApiResult};
use crate::tenancy::{Clause, List, Param, Statement};

/// What a list is asked for: filters, words, an order, a page. A handler takes it as its one argument for all of that.
pub struct Criteria<L: Listing> {
    conditions: Vec<(Clause, Vec<Param>)>,
    own: Own,
    order: Order<L::Record>,
    limit: Option<Limit>,
    cursor: Option<Cursor>,
    /// The filters and words as they were given; a cursor is of use with the same ones.
    given: Vec<u8>,
    listing: PhantomData<fn() -> L>,
}

impl<L: Listing> Criteria<L> {
    /// The page of a list that was asked for.
    ///
    /// # Errors
    /// 400 where the cursor is not one of this list, these filters and this order; 422 where fields of the organization's own are
    /// asked for, which only [`list`](Self::list) knows.
    pub fn page(self, caller: &impl Lister, list: List<L::Record>) -> ApiResult<Statement<Page<L::Record>>> {
        self.own.none()?;
        let paging = Paging::narrowed(caller, L::NAME, self.order, self.limit, self.cursor, self.given)?;
        let list = self.conditions.into_iter().fold(list, |list, (condition, values)| list.only(condition, values));
        Ok(paging.page(list))
    }
}

impl<'a, L: Listing> ApiExtractor<'a> for Criteria<L> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        for field in L::FIELDS {
            field.register(registry);
        }
    }

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Query)
    }

    /// One argument stands for many parameters, which `module::compose` makes of this ([`expand`]).
    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(describe::parameters::<L>(true))
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let query = request.extensions().get::<UrlQuery>().ok_or_else(ApiError::internal)?;
        Ok(Self::read(query)?)
    }
}
