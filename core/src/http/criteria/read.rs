//! From the pairs of a query to criteria.
//!
//! Which parameters there are, and that each is given once, is known already (`http::query`).

use std::marker::PhantomData;

use super::own::Own;
use super::{Criteria, Listing};
use crate::http::cursor::Cursor;
use crate::http::order::Order;
use crate::http::page::{Limit, contains};
use crate::http::problem::{ApiError, ApiResult};
use crate::http::query::FILTER;
use crate::tenancy::{Clause, Param};
use crate::value::{Text, folded};

/// How many filters a request may have.
const MOST: usize = 10;

impl<L: Listing> Criteria<L> {
    /// Reads the pairs of a query, in whatever order they come.
    ///
    /// # Errors
    /// 400 where there are too many filters; 422 where a value is not what its parameter takes, by the parameter's name.
    pub(super) fn read(pairs: &[(String, String)]) -> ApiResult<Self> {
        let (conditions, mut given) = conditions::<L>(pairs)?;
        let own = Own::read(pairs, L::CUSTOM.is_some())?;
        own.asked().for_each(|(name, value)| note(&mut given, name, value));
        let sort = if own.has_order() { None } else { given_as(pairs, "sort", order::<L>)? };
        Ok(Self {
            conditions,
            own,
            given,
            order: sort.unwrap_or(L::DEFAULT),
            limit: given_as(pairs, "limit", Limit::parse)?,
            cursor: given_as(pairs, "cursor", Cursor::parse)?,
            listing: PhantomData,
        })
    }
}

type Conditions = (Vec<(Clause, Vec<Param>)>, Vec<u8>);

/// The conditions, in the order of the fields, so that the same filters are the same statement; and what they were made of.
fn conditions<L: Listing>(pairs: &[(String, String)]) -> ApiResult<Conditions> {
    let filters = pairs.iter().filter(|(name, _)| name.starts_with(FILTER));
    if filters.clone().count() > MOST {
        return Err(ApiError::malformed(format!("A request may have at most {MOST} filters.")));
    }
    let (mut conditions, mut given) = (Vec::new(), Vec::new());
    if filters.clone().next().is_some() {
        for filter in L::FIELDS.iter().flat_map(|field| field.filters) {
            if let Some(condition) = given_as(pairs, filter.parameter, |text| filter.read(text))? {
                conditions.push((condition.0.into(), condition.1));
                note(&mut given, filter.parameter, value(pairs, filter.parameter).unwrap_or_default());
            }
        }
    }
    if let Some((condition, _)) = L::SEARCH
        && let Some(words) = given_as(pairs, "q", Text::<200>::parse)?
    {
        note(&mut given, "q", words.as_str());
        conditions.push((Clause::by_value(condition), vec![Box::new(contains(&folded(words.as_str()))) as Param]));
    }
    Ok((conditions, given))
}

/// Adds a pair in a form that no others have.
fn note(given: &mut Vec<u8>, name: &str, value: &str) {
    for text in [name, value] {
        given.extend((text.len() as u64).to_be_bytes());
        given.extend(text.as_bytes());
    }
}

fn order<L: Listing>(name: &str) -> Result<Order<L::Record>, String> {
    let orders = || L::FIELDS.iter().filter_map(|field| field.orders.as_ref()).flatten();
    let known = || orders().map(|order| order.name).collect::<Vec<_>>().join(", ");
    orders().find(|order| order.name == name).copied().ok_or_else(|| format!("expected one of {}", known()))
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// The value of a parameter, if it is given.
fn given_as<T>(
    pairs: &[(String, String)],
    name: &'static str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> ApiResult<Option<T>> {
    let parsed = value(pairs, name).map(parse).transpose();
    parsed.map_err(|expected| ApiError::invalid().at(name, expected))
}
