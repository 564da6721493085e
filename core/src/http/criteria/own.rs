//! Criteria on fields of an organization's own: what they are is known when the organization's definitions are read, in the
//! transaction of the list.

use super::{Criteria, Listing, Operator};
use crate::custom::{self, CustomField, Customized};
use crate::http::caller::Can;
use crate::http::order::Arranged;
use crate::http::page::{Page, Paging};
use crate::http::problem::{ApiError, ApiResult};
use crate::http::query::CUSTOM;
use crate::permission::Reads;
use crate::tenancy::{Clause, FieldKey, List, Param, Statement};

/// How the names of orders by such fields begin, behind the minus.
const SORT: &str = "custom.";

/// What is asked of such fields.
#[derive(Default)]
pub(super) struct Own {
    filters: Vec<Filter>,
    order: Option<(FieldKey, bool)>,
    /// The order as it was asked for.
    sort: String,
}

struct Filter {
    parameter: String,
    key: FieldKey,
    /// None where there is no such word.
    operator: Option<Operator>,
    text: String,
}

fn undefined(pointer: &'static str) -> ApiError {
    ApiError::invalid().at(pointer, "this organization has not defined such a field")
}

impl Own {
    /// What a query asks of them, sorted by the names of the parameters.
    pub(super) fn read(pairs: &[(String, String)], has_own: bool) -> ApiResult<Self> {
        let mut own = Self::default();
        for (name, text) in pairs {
            if let Some(rest) = name.strip_prefix(CUSTOM) {
                own.filters.push(Filter::read(name, rest, text)?);
            } else if name == "sort"
                && has_own
                && let Some(key) = text.strip_prefix('-').unwrap_or(text).strip_prefix(SORT)
            {
                let key = FieldKey::parse(key).map_err(|_| undefined("sort"))?;
                own.order = Some((key, text.starts_with('-')));
                own.sort.clone_from(text);
            }
        }
        own.filters.sort_by(|a, b| a.parameter.cmp(&b.parameter));
        Ok(own)
    }

    /// What was asked, as it was.
    pub(super) fn asked(&self) -> impl Iterator<Item = (&str, &str)> {
        let filters = self.filters.iter().map(|filter| (filter.parameter.as_str(), filter.text.as_str()));
        filters.chain(self.order.map(|_| ("sort", self.sort.as_str())))
    }

    pub(super) fn has_order(&self) -> bool {
        self.order.is_some()
    }

    /// Fails where anything is asked of such fields.
    pub(super) fn none(&self) -> ApiResult<()> {
        if self.order.is_some() {
            return Err(undefined("sort"));
        }
        if self.filters.is_empty() { Ok(()) } else { Err(undefined("filter[custom]")) }
    }

    /// The conditions that are asked for and the order, if one is, by what the fields are. Those that an index would serve are noted.
    pub(super) fn resolve<L: Listing, P: Reads>(
        &self,
        caller: &Can<P>,
        fields: &[CustomField],
    ) -> ApiResult<Resolved<L::Record>> {
        let note = |field| caller.platform().field_uses().note(caller.tenant(), field);
        let mut conditions = Vec::new();
        for filter in &self.filters {
            let (field, operator) = filter.field(fields)?;
            let condition = field.condition(operator, &filter.text);
            conditions.push(condition.map_err(|expected| ApiError::invalid().at(&filter.parameter, expected))?);
            if operator.seeks() {
                note(field);
            }
        }
        let Some(((key, backwards), of)) = self.order.zip(L::CUSTOM) else { return Ok((conditions, None)) };
        let field = fields.iter().find(|field| field.key == key).ok_or_else(|| undefined("sort"))?;
        let order = field.order(backwards, of);
        let order = order.ok_or_else(|| ApiError::invalid().at("sort", "no order is made of such a field"))?;
        note(field);
        Ok((conditions, Some(order)))
    }
}

/// Conditions, and an order where one is asked for.
type Resolved<R> = (Vec<(Clause, Vec<Param>)>, Option<Arranged<R>>);

impl Filter {
    /// `rest` is what stands behind `filter[custom.`.
    fn read(name: &str, rest: &str, text: &str) -> ApiResult<Self> {
        let (key, rest) = rest.split_once(']').ok_or_else(|| undefined("filter[custom]"))?;
        let key = FieldKey::parse(key).map_err(|_| undefined("filter[custom]"))?;
        let operator = match rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(word) => Operator::named(word),
            None => Some(Operator::Eq).filter(|_| rest.is_empty()),
        };
        Ok(Self { parameter: name.to_owned(), key, operator, text: text.to_owned() })
    }

    /// The field, which takes this operator.
    fn field<'a>(&self, fields: &'a [CustomField]) -> ApiResult<(&'a CustomField, Operator)> {
        let field = fields.iter().find(|field| field.key == self.key).ok_or_else(|| undefined("filter[custom]"))?;
        let takes = field.kind.operators();
        match self.operator.filter(|operator| takes.contains(operator)) {
            Some(operator) => Ok((field, operator)),
            None => {
                let parameters: Vec<String> = takes.iter().map(|operator| field.parameter(*operator)).collect();
                let detail = "A field of this list was given an operator that it does not take.";
                let pointer = field.parameter(Operator::Eq);
                Err(ApiError::malformed(detail).at(pointer, format!("takes {}", parameters.join(", "))))
            }
        }
    }
}

impl<L: Listing> Criteria<L> {
    /// The page of a list that was asked for, also by fields of the organization's own: these are read before, in the same
    /// transaction.
    ///
    /// # Errors
    /// As [`page`](Self::page); 422 where the organization has no such field, or it does not take the value.
    pub async fn list<P: Reads>(self, caller: &Can<P>, list: List<L::Record>) -> ApiResult<Page<L::Record>> {
        let resource = Customized::of(L::NAME).filter(|_| self.own.none().is_err());
        let Some(resource) = resource else { return caller.read(self.page(caller, list)?).await };
        caller
            .read_all(async |tx| {
                let fields = tx.run(custom::fields(resource)).await?;
                Ok(tx.run(self.resolved(caller, list, &fields)?).await?)
            })
            .await
    }

    fn resolved<P: Reads>(
        mut self,
        caller: &Can<P>,
        list: List<L::Record>,
        fields: &[CustomField],
    ) -> ApiResult<Statement<Page<L::Record>>> {
        let (conditions, order) = self.own.resolve::<L, P>(caller, fields)?;
        self.conditions.extend(conditions);
        let order = order.unwrap_or_else(|| Arranged::from(self.order));
        let paging = Paging::narrowed(caller, L::NAME, self.order, self.limit, self.cursor, self.given)?;
        let list = self.conditions.into_iter().fold(list, |list, (condition, values)| list.only(condition, values));
        Ok(paging.page_in(list, order))
    }
}
