//! Listing records: conditions that are there only where they have a value.

use std::marker::PhantomData;

use tokio_postgres::types::ToSql;

use super::field_key::Clause;
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
    pub(super) fn new(table: Fragment) -> Self {
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

    /// Of those only the ones that are within further bounds.
    pub(super) fn within_too(mut self, bounds: Bounds) -> Self {
        let word = if self.conditions == 0 { "WHERE" } else { "AND" };
        self.conditions += usize::from(bounds.push(word, &mut self.sql, &mut self.params));
        self
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
    pub(crate) fn only(mut self, condition: impl Into<Clause>, values: Vec<Param>) -> Self {
        self.sql.push_trusted(if self.conditions == 0 { "WHERE (" } else { "AND (" });
        self.sql.push_clause(condition.into(), self.params.len());
        self.sql.push_trusted(")");
        self.params.extend(values);
        self.conditions += 1;
        self
    }

    /// The first `limit` records in an order, of two parts of the list: those that meet `former`, in which its values are `$1`,
    /// `$2`, …, and behind them those that meet `latter`. Each part can be read off an index, which a sorted choice of both
    /// could not.
    pub(crate) fn first_of_two(
        self,
        former: Clause,
        values: Vec<Param>,
        latter: Clause,
        order: Clause,
        limit: i64,
    ) -> Statement<Vec<T>> {
        let (sql, conditions, record) = (self.sql.clone(), self.conditions, PhantomData);
        let latter = Self { sql, params: Vec::new(), conditions, record }.only(latter, Vec::new());
        let mut former = self.only(former, values);
        former.params.push(Box::new(limit));
        let n = former.params.len();
        // PostgreSQL reads the parts of a UNION ALL one after the other: those with a LIMIT it never reads side by side.
        let mut sql = Sql::trusted("(");
        for (text, end) in [(former.sql, ") UNION ALL ("), (latter.sql, ") LIMIT ")] {
            sql.append(&text);
            sql.push_clause(order, 0);
            sql.push_trusted("LIMIT ");
            sql.push_placeholder(n);
            sql.push_trusted(end);
        }
        sql.push_placeholder(n);
        Query::new(sql, former.params).all()
    }

    /// Only records that meet a condition that is put together from several parts.
    pub(super) fn where_pushed(mut self, condition: impl FnOnce(&mut Sql, &mut Vec<Param>)) -> Self {
        self.sql.push_trusted(if self.conditions == 0 { "WHERE (" } else { "AND (" });
        condition(&mut self.sql, &mut self.params);
        self.sql.push_trusted(")");
        self.conditions += 1;
        self
    }

    /// The first `limit` records in an order, such as `ORDER BY created_at DESC, id DESC`.
    pub fn first(mut self, order: impl Into<Clause>, limit: i64) -> Statement<Vec<T>> {
        self.sql.push_clause(order.into(), 0);
        self.sql.push_trusted("LIMIT ");
        self.params.push(Box::new(limit));
        self.sql.push_placeholder(self.params.len());
        Query::new(self.sql, self.params).all()
    }
}
