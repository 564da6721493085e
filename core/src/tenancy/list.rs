//! Listing records: conditions that are there only where they have a value.

use std::marker::PhantomData;

use tokio_postgres::types::ToSql;

use super::sql::{Fragment, Sql};
use super::statement::{FromRow, Param, Query, Statement};

/// A list of records of the type `T`.
#[must_use = "a statement does nothing until a caller runs it"]
pub struct List<T> {
    sql: Sql,
    params: Vec<Param>,
    conditions: usize,
    record: PhantomData<fn() -> T>,
}

/// The records of a table, to be filtered. `Paging::page` in [`http`](crate::http) makes a page of it.
pub fn records<T: FromRow>(table: Fragment) -> List<T> {
    let mut sql = Sql::from(Fragment::new("SELECT"));
    sql.push_trusted(T::COLUMNS);
    sql.push_trusted("FROM");
    sql.push(table);
    List { sql, params: Vec::new(), conditions: 0, record: PhantomData }
}

impl<T: FromRow> List<T> {
    /// Only records that meet a condition, where there is a value for it. In the condition the value is `$1`:
    /// `.filter(sql!("lower(email) = lower($1)"), email)`.
    pub fn filter<V: ToSql + Sync + Send + 'static>(self, condition: Fragment, value: Option<V>) -> Self {
        match value {
            None => self,
            Some(value) => self.only(condition, vec![Box::new(value)]),
        }
    }

    /// Only records that meet a condition with several values, `$1`, `$2`, …
    pub(crate) fn only(mut self, condition: Fragment, values: Vec<Param>) -> Self {
        self.sql.push_trusted(if self.conditions == 0 { "WHERE (" } else { "AND (" });
        self.sql.push_numbered(condition, self.params.len());
        self.sql.push_trusted(")");
        self.params.extend(values);
        self.conditions += 1;
        self
    }

    /// The first `limit` records in an order.
    pub(crate) fn first(mut self, order: Fragment, limit: i64) -> Statement<Vec<T>> {
        self.sql.push(order);
        self.sql.push_trusted("LIMIT ");
        self.params.push(Box::new(limit));
        self.sql.push_placeholder(self.params.len());
        Query::new(self.sql, self.params).many()
    }
}
