//! A list that is asked for as a whole: by the same filters, words and orders as its pages, without limit and cursor.

use std::marker::PhantomData;

use poem::{Request, RequestBody};
use poem_openapi::__private::UrlQuery;
use poem_openapi::registry::{MetaParamIn, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::{Criteria, Listing, describe};
use crate::http::cursor::Place;
use crate::http::order::Arranged;
use crate::http::page::part;
use crate::http::problem::{ApiError, ApiResult};
use crate::tenancy::{List, Statement};

/// What a whole list is asked for: filters, words, an order.
pub struct Unpaged<L> {
    pairs: Vec<(String, String)>,
    listing: PhantomData<fn() -> L>,
}

impl<L: Listing> Unpaged<L> {
    /// The first `most` records behind a place.
    pub(crate) fn batch(
        &self,
        list: List<L::Record>,
        after: Option<Place>,
        most: i64,
    ) -> ApiResult<Statement<Vec<L::Record>>> {
        // Values cannot be sent twice, so they are read anew for each batch.
        let criteria = Criteria::<L>::read(&self.pairs)?;
        let list = criteria.conditions.into_iter().fold(list, |list, (condition, values)| list.only(condition, values));
        Ok(part(list, &Arranged::from(criteria.order), after, most))
    }

    /// Where a record stands.
    pub(crate) fn place(&self, record: &L::Record) -> ApiResult<Place> {
        Ok((Criteria::<L>::read(&self.pairs)?.order.position)(record))
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
        // What the organization's own fields are is known to no whole list yet.
        Criteria::<L>::read(query)?.own.none()?;
        Ok(Self { pairs: query.to_vec(), listing: PhantomData })
    }
}
