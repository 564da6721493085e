//! Inserting and updating a record: each column stands beside its value, so that none can be counted wrongly.

use std::marker::PhantomData;

use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::error::DbError;
use super::guarded::Guard;
use super::link::{Link, Linked};
use super::owned::{Bounds, Owned, Reach, Unowned};
use super::refusal::Refusal;
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
    guard: Option<Guard>,
    only: Option<Fragment>,
    links: Vec<Linked>,
    owner: Option<Uuid>,
    merged: Option<usize>,
    refusals: Vec<(&'static str, Refusal)>,
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
        let (columns, params, links, refusals) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (guard, only, owner, merged) = (None, None, None, None);
        Self { table, columns, params, bounds, guard, only, links, owner, merged, refusals, record: PhantomData }
    }

    /// Of a record that stands behind a guard.
    pub(super) fn behind(table: Fragment, guard: Guard) -> Self {
        Self { guard: Some(guard), ..Self::within(table, Bounds::NONE) }
    }

    /// Has an update change the record only while it meets a condition.
    pub fn only_where(mut self, condition: Fragment) -> Self {
        self.only = Some(condition);
        self
    }

    /// A column and its value.
    pub fn set(mut self, column: Fragment, value: impl ToSql + Sync + Send + 'static) -> Self {
        self.columns.push(column);
        self.params.push(Box::new(value));
        self
    }

    /// A column that names a record of the type `P`, or none. One that is out of reach is refused as one that does not exist; the
    /// one that the column has named already stays, whoever changes the rest.
    pub fn link<P: Owned>(mut self, reach: Reach, link: Link, id: impl ToSql + Sync + Send + 'static) -> Self {
        self.links.extend(Linked::to::<P>(reach, self.columns.len() + 1, link.column));
        self.refusals.push((link.constraint, Refusal::Missing { pointer: link.pointer }));
        self.set(link.column, id)
    }

    /// Values of fields of the organization's own, which go into the column `custom`: each replaces the one of its key, null takes
    /// it away, and the others stay. A new record has all that are required, or is refused by the constraint of this name.
    pub(crate) fn merge(mut self, constraint: &'static str, values: impl ToSql + Sync + Send + 'static) -> Self {
        self.merged = Some(self.columns.len() + 1);
        self.refusals.push((constraint, LACKS_OWN));
        self.set(Fragment::new("custom"), values)
    }

    /// Makes a new record that has an owner this person's, in place of its maker's.
    pub fn given_to(mut self, owner: Option<Uuid>) -> Self {
        self.owner = owner;
        self
    }

    /// `INSERT INTO t (a, b) VALUES ($1, $2) RETURNING …`
    ///
    /// A record with an owner is its maker's. One whose owner is another record's is only made where that is in reach.
    pub fn insert(mut self) -> Statement<T> {
        if let Some((column, author)) = self.bounds.author() {
            let owner = self.owner.or(author);
            self = self.set(column, owner);
        }
        if let Some(guard) = self.guard {
            self = self.set(guard.column, guard.of);
        }
        let mut sql = Sql::from(Fragment::new("INSERT INTO"));
        sql.push(self.table);
        for (n, column) in self.columns.iter().enumerate() {
            sql.push_trusted(if n == 0 { "(" } else { "," });
            sql.push(*column);
        }
        let parent = self.bounds.parent(&self.columns);
        let is_selected = parent.is_some() || self.guard.is_some();
        sql.push_trusted(if is_selected { ") SELECT" } else { ") VALUES" });
        for n in 1..=self.columns.len() {
            sql.push_trusted(match (n, is_selected) {
                (1, true) => "",
                (1, false) => "(",
                _ => ",",
            });
            self.push_value(n, false, &mut sql);
        }
        if let Some(guard) = self.guard {
            sql.push_trusted("WHERE");
            guard.push(&mut sql, &mut self.params);
            let closed = move || DbError::Refused(guard.closed);
            return refused(Query::new(sql, self.params).returning(closed), self.refusals);
        }
        let Some(parent) = parent else {
            sql.push_trusted(")");
            return refused(Query::new(sql, self.params).returning(|| DbError::NoRow), self.refusals);
        };
        parent.push(&mut sql, &mut self.params);
        refused(Query::new(sql, self.params).returning(move || DbError::Refused(parent.missing())), self.refusals)
    }

    /// `UPDATE t SET a = $1, b = $2, version = …, updated_at = … WHERE id = $3 RETURNING …`
    ///
    /// Where no value is another than before, the record keeps its version and its time: nobody else's ETag becomes stale
    /// by a change that changes nothing.
    pub fn update(mut self, id: impl ToSql + Sync + Send + 'static) -> Statement<T> {
        let mut sql = Sql::from(Fragment::new("UPDATE"));
        sql.push(self.table);
        sql.push_trusted("SET");
        for (n, column) in (1..).zip(self.columns.clone()) {
            sql.push(column);
            sql.push_trusted("= ");
            self.push_value(n, true, &mut sql);
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
        let guard = self.guard;
        if let Some(guard) = guard {
            sql.push_trusted("AND");
            guard.push_of_record(&mut sql, &mut self.params);
        }
        if let Some(only) = self.only {
            sql.push_trusted("AND (");
            sql.push(only);
            sql.push_trusted(")");
        }
        let none = move || guard.map_or(DbError::NoRow, |guard| DbError::Refused(guard.closed));
        refused(Query::new(sql, self.params).returning(none), self.refusals)
    }

    /// The n-th value; of a link only if it is in reach.
    fn push_value(&mut self, n: usize, is_update: bool, sql: &mut Sql) {
        if self.merged == Some(n) {
            return self.push_merged(n, is_update, sql);
        }
        match self.links.iter().find(|link| link.is_of(n)) {
            Some(link) => link.push(is_update, sql, &mut self.params),
            None => sql.push_placeholder(n),
        }
    }

    /// What becomes of the column `custom`. Of a new record that lacks something a value that the column cannot have.
    fn push_merged(&self, n: usize, is_update: bool, sql: &mut Sql) {
        if is_update {
            sql.push_trusted("jsonb_strip_nulls(custom ||");
        } else {
            sql.push_trusted("CASE WHEN EXISTS (SELECT 1 FROM custom_fields AS f WHERE f.required AND f.resource = '");
            sql.push_glued(self.table);
            sql.push_glued(Fragment::new("' AND NOT jsonb_exists("));
            sql.push_placeholder(n);
            sql.push_trusted("::jsonb, f.key)) THEN '[]'::jsonb ELSE jsonb_strip_nulls(");
        }
        sql.push_placeholder(n);
        sql.push_trusted(if is_update { "::jsonb)" } else { "::jsonb) END" });
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
            match self.merged == Some(n) {
                true => self.push_merged(n, true, sql),
                false => sql.push_placeholder(n),
            }
        }
        sql.push_trusted("))");
    }
}

const LACKS_OWN: Refusal =
    Refusal::Lacking { pointer: "/custom", detail: "a required field has no value; see GET /custom-fields" };

fn refused<T: 'static>(statement: Statement<T>, refusals: Vec<(&'static str, Refusal)>) -> Statement<T> {
    refusals.into_iter().fold(statement, |statement, (constraint, meaning)| statement.refused_by(constraint, meaning))
}
