//! A list that is asked for as a whole: by the same filters, words and orders as its pages, without limit and cursor.

use std::marker::PhantomData;

use poem::{Request, RequestBody};
use poem_openapi::__private::UrlQuery;
use poem_openapi::registry::{MetaParamIn, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::{Criteria, Listing, describe};
use crate::custom::{CustomField, Customized};
use crate::http::caller::Can;
use crate::http::cursor::Place;
use crate::http::order::Arranged;
use crate::http::page::part;
use crate::http::problem::{ApiError, ApiResult};
use crate::permission::Reads;
use crate::tenancy::{List, Statement};

/// What a whole list is asked for: filters, words, an order.
pub struct Unpaged<L> {
    pairs: Vec<(String, String)>,
    own: Option<Customized>,
    listing: PhantomData<fn() -> L>,
}

/// The records of a part of a list, and the order that they are read in.
type Batch<R> = (Statement<Vec<R>>, Arranged<R>);

impl<L: Listing> Unpaged<L> {
    /// Whose fields of the organization's own are asked for, if any are. What they are has to be known to read the list.
    pub(crate) fn own(&self) -> Option<Customized> {
        self.own
    }

    /// The first `most` records behind a place.
    ///
    /// # Errors
    /// 422 where the organization has no such field of its own, or it does not take the value.
    pub(crate) fn batch<P: Reads>(
        &self,
        caller: &Can<P>,
        list: List<L::Record>,
        fields: &[CustomField],
        (after, most): (Option<Place>, i64),
    ) -> ApiResult<Batch<L::Record>> {
        // Values cannot be sent twice, so they are read anew for each batch.
        let criteria = Criteria::<L>::read(&self.pairs)?;
        let (conditions, order) = criteria.own.resolve::<L, P>(caller, fields)?;
        let conditions = criteria.conditions.into_iter().chain(conditions);
        let list = conditions.fold(list, |list, (condition, values)| list.only(condition, values));
        let order = order.unwrap_or_else(|| Arranged::from(criteria.order));
        Ok((part(list, &order, after, most), order))
    }
}

impl<'a, L: Listing> ApiExtractor<'a> for Unpaged<L> {
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

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(describe::parameters::<L>(false))
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let query = request.extensions().get::<UrlQuery>().ok_or_else(ApiError::internal)?;
        let asks_own = Criteria::<L>::read(query)?.own.none().is_err();
        let own = Customized::of(L::NAME).filter(|_| asks_own);
        Ok(Self { pairs: query.to_vec(), own, listing: PhantomData })
    }
}
