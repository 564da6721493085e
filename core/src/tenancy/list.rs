//! Listing records: conditions that are there only where they have a value.

use std::marker::PhantomData;

use tokio_postgres::types::ToSql;

use super::owned::{Bounds, Unowned};
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
///
/// Records that have an owner are listed by [`owned`](super::owned) instead.
pub fn records<T: Unowned>(table: Fragment) -> List<T> {
    List::new(table)
}

impl<T: FromRow> List<T> {
    fn new(table: Fragment) -> Self {
        let mut sql = Sql::from(Fragment::new("SELECT"));
        sql.push_trusted(T::COLUMNS);
        sql.push_trusted("FROM");
        sql.push(table);
        Self { sql, params: Vec::new(), conditions: 0, record: PhantomData }
    }

    /// The records of a table that are within bounds.
    pub(super) fn within(table: Fragment, bounds: Bounds) -> Self {
        let mut list = Self::new(table);
        list.conditions = usize::from(bounds.push("WHERE", &mut list.sql, &mut list.params));
        list
    }

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
        Query::new(self.sql, self.params).all()
    }
}
