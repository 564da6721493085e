//! Inserting and updating a record: each column stands beside its value, so that none can be counted wrongly.

use std::marker::PhantomData;

use tokio_postgres::types::ToSql;

use super::error::DbError;
use super::owned::{Bounds, Unowned};
use super::sql::{Fragment, Sql};
use super::statement::{FromRow, Param, Query, Statement};

/// An `INSERT` or `UPDATE` of one record of the type `T`.
///
/// Take the value that is written apart in full (`let NewTag { name, color } = new;`): then the compiler tells of a
/// field that is not stored.
#[must_use = "a statement does nothing until a caller runs it"]
pub struct Change<T> {
    table: Fragment,
    columns: Vec<Fragment>,
    params: Vec<Param>,
    bounds: Bounds,
    record: PhantomData<fn() -> T>,
}

/// Starts to insert or to update a record of a table. One that has an owner is changed by [`owned`](super::owned) instead.
///
/// ```
/// # use tenantry_core::{row, sql, tenancy::{Statement, change}};
/// # struct Tag { id: i64, name: String }
/// # row!(Tag { id, name });
/// let insert: Statement<Tag> = change(sql!("tags")).set(sql!("id"), 1_i64).set(sql!("name"), "new").insert();
/// let update: Statement<Tag> = change(sql!("tags")).set(sql!("name"), "newer").update(1_i64);
/// ```
pub fn change<T: Unowned>(table: Fragment) -> Change<T> {
    Change::within(table, Bounds::NONE)
}

impl<T: FromRow> Change<T> {
    pub(super) fn within(table: Fragment, bounds: Bounds) -> Self {
        Self { table, columns: Vec::new(), params: Vec::new(), bounds, record: PhantomData }
    }

    /// A column and its value.
    pub fn set(mut self, column: Fragment, value: impl ToSql + Sync + Send + 'static) -> Self {
        self.columns.push(column);
        self.params.push(Box::new(value));
        self
    }

    /// `INSERT INTO t (a, b) VALUES ($1, $2) RETURNING …`
    ///
    /// A record with an owner is its maker's. One whose owner is another record's is only made where that is in reach.
    pub fn insert(mut self) -> Statement<T> {
        if let Some((column, author)) = self.bounds.author() {
            self = self.set(column, author);
        }
        let mut sql = Sql::from(Fragment::new("INSERT INTO"));
        sql.push(self.table);
        for (n, column) in self.columns.iter().enumerate() {
            sql.push_trusted(if n == 0 { "(" } else { "," });
            sql.push(*column);
        }
        let parent = self.bounds.parent(&self.columns);
        sql.push_trusted(if parent.is_some() { ") SELECT" } else { ") VALUES" });
        for n in 1..=self.params.len() {
            sql.push_trusted(match (n, parent.is_some()) {
                (1, true) => "",
                (1, false) => "(",
                _ => ",",
            });
            sql.push_placeholder(n);
        }
        let Some(parent) = parent else {
            sql.push_trusted(")");
            return Query::new(sql, self.params).returning(|| DbError::NoRow);
        };
        parent.push(&mut sql, &mut self.params);
        Query::new(sql, self.params).returning(move || DbError::Refused(parent.missing()))
    }

    /// `UPDATE t SET a = $1, b = $2, version = …, updated_at = … WHERE id = $3 RETURNING …`
    ///
    /// Where no value is another than before, the record keeps its version and its time: nobody else's ETag becomes stale
    /// by a change that changes nothing.
    pub fn update(mut self, id: impl ToSql + Sync + Send + 'static) -> Statement<T> {
        let mut sql = Sql::from(Fragment::new("UPDATE"));
        sql.push(self.table);
        sql.push_trusted("SET");
        for (n, column) in self.columns.iter().enumerate() {
            sql.push(*column);
            sql.push_trusted("= ");
            sql.push_placeholder(n + 1);
            sql.push_trusted(",");
        }
        sql.push_trusted("version = version +");
        self.push_is_another(&mut sql);
        sql.push_trusted("::int, updated_at = CASE WHEN");
        self.push_is_another(&mut sql);
        sql.push_trusted("THEN now() ELSE updated_at END WHERE id = ");
        self.params.push(Box::new(id));
        sql.push_placeholder(self.params.len());
        self.bounds.push("AND", &mut sql, &mut self.params);
        Query::new(sql, self.params).returning(|| DbError::NoRow)
    }

    /// `(ROW (a, b) IS DISTINCT FROM ROW ($1, $2))`
    fn push_is_another(&self, sql: &mut Sql) {
        for (n, column) in self.columns.iter().enumerate() {
            sql.push_trusted(if n == 0 { "(ROW (" } else { "," });
            sql.push(*column);
        }
        sql.push_trusted(") IS DISTINCT FROM");
        for n in 1..=self.columns.len() {
            sql.push_trusted(if n == 1 { "ROW (" } else { "," });
            sql.push_placeholder(n);
        }
        sql.push_trusted("))");
    }
}
