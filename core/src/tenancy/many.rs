//! Many records that have an owner, by one statement: locked, made, changed, deleted. Never a statement for each.

use std::marker::PhantomData;

use serde::Serialize;
use serde_json::Value;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::owned::{Bounds, Owned, Reach};
use super::sql::{Fragment, Sql};
use super::statement::{Param, Query, Statement};

/// Statements on many records of the type `T` that a caller reaches. What is out of reach is left out, as what does not exist.
///
/// New values come as a JSON array of objects, whose keys are columns; PostgreSQL reads each as the table has it.
pub struct Many<T> {
    bounds: Bounds,
    record: PhantomData<fn() -> T>,
}

/// Starts a statement on many records that have an owner.
pub fn many<T: Owned>(reach: Reach) -> Many<T> {
    Many { bounds: Bounds::of::<T>(reach), record: PhantomData }
}

impl<T: Owned> Many<T> {
    /// Those of these ids, locked until the transaction ends. In one order, so that two of us never wait in a circle.
    pub fn lock(self, ids: Vec<Uuid>) -> Statement<Vec<T>> {
        self.lock_where(Fragment::new("id = ANY ($1)"), ids)
    }

    /// Those that meet a condition with the value `$1`, locked, oldest first.
    pub fn lock_where(
        self,
        condition: Fragment,
        value: impl tokio_postgres::types::ToSql + Sync + Send + 'static,
    ) -> Statement<Vec<T>> {
        let (mut sql, mut params) = (Sql::from(Fragment::new("SELECT")), vec![Box::new(value) as Param]);
        sql.push_trusted(T::COLUMNS);
        sql.push_trusted("FROM");
        sql.push(T::RESOURCE.table);
        sql.push_trusted("WHERE");
        sql.push(condition);
        self.bounds.push("AND", &mut sql, &mut params);
        sql.push_trusted("ORDER BY id FOR UPDATE");
        Query::new(sql, params).all()
    }

    /// Those of these ids that are there, which stay until the transaction ends.
    pub fn keep(self, ids: Vec<Uuid>) -> Statement<Vec<(Uuid,)>> {
        let (mut sql, mut params) = (Sql::from(Fragment::new("SELECT id FROM")), vec![Box::new(ids) as Param]);
        sql.push(T::RESOURCE.table);
        sql.push_trusted("WHERE id = ANY ($1)");
        self.bounds.push("AND", &mut sql, &mut params);
        sql.push_trusted("ORDER BY id FOR KEY SHARE");
        Query::new(sql, params).many()
    }

    /// Makes records. Each has an `id`; one without an `owner_id` is its maker's.
    pub fn insert<R>(self, columns: &[Fragment], rows: Vec<R>) -> Statement<()>
    where
        R: Serialize + std::fmt::Debug + Send + Sync + 'static,
    {
        let mut params = vec![Box::new(Json(rows)) as Param];
        let author = self.bounds.author();
        let mut sql = Sql::from(Fragment::new("INSERT INTO"));
        sql.push(T::RESOURCE.table);
        sql.push_trusted("(id");
        push_all(&mut sql, columns, ",");
        if author.is_some() {
            sql.push_trusted(", owner_id");
        }
        sql.push_trusted(") SELECT r.id");
        push_all(&mut sql, columns, ", r.");
        if let Some((_, author)) = author {
            sql.push_trusted(", coalesce(r.owner_id, $2::uuid)");
            params.push(Box::new(author));
        }
        push_rows(&mut sql, T::RESOURCE.table);
        if self.bounds.author().is_none() {
            // What is a part of another record is made where that is in reach.
            self.bounds.push("WHERE", &mut sql, &mut params);
        }
        Query::new(sql, params).done()
    }

    /// Changes records, each named by its `id`, and gives their versions. One that does not become another by it keeps its
    /// version and its time. What comes for the column `custom` goes into what is there, as by `Change::merge`.
    pub fn update(self, columns: &[Fragment], rows: Vec<Value>) -> Statement<Vec<(Uuid, i64)>> {
        let mut params = vec![Box::new(Value::Array(rows)) as Param];
        let mut sql = Sql::from(Fragment::new("UPDATE"));
        sql.push(T::RESOURCE.table);
        sql.push_trusted("AS t SET");
        for column in columns {
            sql.push(*column);
            sql.push_trusted("= ");
            push_new(&mut sql, *column);
            sql.push_trusted(",");
        }
        sql.push_trusted("version = t.version +");
        push_is_another(&mut sql, columns);
        sql.push_trusted("::int, updated_at = CASE WHEN");
        push_is_another(&mut sql, columns);
        sql.push_trusted("THEN now() ELSE t.updated_at END FROM (SELECT r.id AS row_id");
        push_all(&mut sql, columns, ", r.");
        push_rows(&mut sql, T::RESOURCE.table);
        // `owner_id`, of which the reach speaks, is the table's alone.
        sql.push_trusted(") AS r WHERE t.id = r.row_id");
        self.bounds.push("AND", &mut sql, &mut params);
        sql.push_trusted("RETURNING t.id, t.version");
        Query::new(sql, params).many()
    }

    /// Deletes records.
    pub fn delete(self, ids: Vec<Uuid>) -> Statement<()> {
        let (mut sql, mut params) = (Sql::from(Fragment::new("DELETE FROM")), vec![Box::new(ids) as Param]);
        sql.push(T::RESOURCE.table);
        sql.push_trusted("WHERE id = ANY ($1)");
        self.bounds.push("AND", &mut sql, &mut params);
        Query::new(sql, params).done()
    }
}

/// The columns, each behind the same words.
fn push_all(sql: &mut Sql, columns: &[Fragment], before: &'static str) {
    for column in columns {
        sql.push_trusted(before);
        sql.push_glued(*column);
    }
}

/// `FROM jsonb_populate_recordset(NULL::t, $1) AS r`
fn push_rows(sql: &mut Sql, table: Fragment) {
    sql.push_trusted("FROM jsonb_populate_recordset(NULL::");
    sql.push_glued(table);
    sql.push_trusted(", $1) AS r");
}

/// `((t.a, t.b) IS DISTINCT FROM (r.a, r.b))`
fn push_is_another(sql: &mut Sql, columns: &[Fragment]) {
    for (n, column) in columns.iter().enumerate() {
        sql.push_trusted(if n == 0 { "(ROW (t." } else { ", t." });
        sql.push_glued(*column);
    }
    for (n, column) in columns.iter().enumerate() {
        sql.push_trusted(if n == 0 { ") IS DISTINCT FROM ROW (" } else { "," });
        push_new(sql, *column);
    }
    sql.push_trusted("))");
}

/// Values of the organization's own fields, of which a record keeps those that are not named; null takes one away.
const OWN: Fragment = Fragment::new("custom");

/// What becomes of a column: `r.a`
fn push_new(sql: &mut Sql, column: Fragment) {
    if column == OWN {
        return sql.push_trusted("jsonb_strip_nulls(t.custom || r.custom)");
    }
    sql.push_trusted("r.");
    sql.push_glued(column);
}
