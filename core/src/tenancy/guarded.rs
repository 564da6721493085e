//! Records that are a part of something which a person reaches by more than a role: a chart, by treating the patient. The
//! condition is part of every statement on them.
//!
//! A type that is read with [`guarded_row!`](crate::guarded_row) comes out of the database only by [`guarded`], which asks for the
//! [`Guard`] of the one thing that the records are a part of; `records`, `select`, `change` and `statement` do not take it. A module
//! keeps the making of its guards to one place, which also writes down that they were made.

use std::marker::PhantomData;

use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::change::Change;
use super::list::List;
use super::refusal::Refusal;
use super::sql::{Fragment, Sql};
use super::statement::{FromRow, Param, Query, Statement};

/// A type whose records stand behind a guard; made by [`guarded_row!`](crate::guarded_row).
pub trait Guarded: FromRow {
    /// Where they stand.
    const TABLE: Fragment;
}

/// What one person reaches of the records that are a part of one thing.
#[derive(Clone, Copy, Debug)]
pub struct Guard {
    /// The column by which records name what they are a part of.
    pub column: Fragment,
    /// What that is.
    pub of: Uuid,
    /// The condition on which it is open; in it the thing is `$1`, the person `$2`.
    pub open: Fragment,
    /// The person.
    pub person: Uuid,
    /// What it means where a change finds it closed.
    pub closed: Refusal,
}

impl Guard {
    /// Adds the condition.
    pub(super) fn push(&self, sql: &mut Sql, params: &mut Vec<Param>) {
        let before = params.len();
        params.push(Box::new(self.of));
        params.push(Box::new(self.person));
        sql.push_trusted("(");
        sql.push_numbered(self.open, before);
        sql.push_trusted(")");
    }

    /// Adds that a record is a part of the thing, and the condition.
    pub(super) fn push_of_record(&self, sql: &mut Sql, params: &mut Vec<Param>) {
        sql.push(self.column);
        sql.push_trusted("= ");
        sql.push_placeholder(params.len() + 1);
        sql.push_trusted("AND");
        self.push(sql, params);
    }
}

/// Statements on the records of the type `T` that a guard lets through.
pub struct GuardedRecords<T> {
    guard: Guard,
    record: PhantomData<fn() -> T>,
}

/// Starts a statement on records that stand behind a guard.
pub fn guarded<T: Guarded>(guard: Guard) -> GuardedRecords<T> {
    GuardedRecords { guard, record: PhantomData }
}

impl<T: Guarded> GuardedRecords<T> {
    /// The records, to be filtered.
    pub fn list(self) -> List<T> {
        List::new(T::TABLE).where_pushed(|sql, params| self.guard.push_of_record(sql, params))
    }

    /// The record of an id.
    pub fn find(self, id: impl ToSql + Sync + Send + 'static) -> Statement<Option<T>> {
        self.by_id(id, "")
    }

    /// The same, and locks the row until the transaction ends, so that what is checked is what is changed.
    pub fn lock(self, id: impl ToSql + Sync + Send + 'static) -> Statement<Option<T>> {
        self.by_id(id, "FOR UPDATE")
    }

    fn by_id(self, id: impl ToSql + Sync + Send + 'static, end: &'static str) -> Statement<Option<T>> {
        let (mut sql, mut params) = (Sql::from(Fragment::new("SELECT")), vec![Box::new(id) as Param]);
        sql.push_trusted(T::COLUMNS);
        sql.push_trusted("FROM");
        sql.push(T::TABLE);
        sql.push_trusted("WHERE id = $1 AND");
        self.guard.push_of_record(&mut sql, &mut params);
        sql.push_trusted(end);
        Query::new(sql, params).found()
    }

    /// Starts to insert or to update a record. A new one is a part of the guard's thing.
    pub fn change(self) -> Change<T> {
        Change::behind(T::TABLE, self.guard)
    }
}

/// Says, as [`row!`](crate::row) does, which columns a type is read from, where its records stand behind a guard. It makes the type
/// [`Guarded`].
///
/// ```
/// use tenantry_core::{guarded_row, tenancy::FromRow};
/// struct Letter { id: i64, words: String }
/// guarded_row!(Letter in "letters" { id, words });
/// # fn main() {}
/// ```
/// Forgetting the guard does not compile:
/// ```compile_fail
/// use tenantry_core::{guarded_row, sql, tenancy::{FromRow, select, Statement}};
/// struct Letter { id: i64, words: String }
/// guarded_row!(Letter in "letters" { id, words });
/// let all: Statement<Vec<Letter>> = select::<Letter>(sql!("FROM letters")).many();
/// ```
#[macro_export]
macro_rules! guarded_row {
    ($type:ident in $table:literal { $($fields:tt)+ }) => {
        $crate::row!(@read $type { $($fields)+ });

        impl $crate::tenancy::Guarded for $type {
            const TABLE: $crate::tenancy::Fragment = $crate::sql!($table);
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql;

    #[expect(dead_code)]
    struct Letter {
        id: i64,
    }
    guarded_row!(Letter in "contacts" { id });

    fn letters() -> GuardedRecords<Letter> {
        guarded(Guard {
            column: sql!("box_id"),
            of: Uuid::nil(),
            open: sql!("EXISTS (SELECT 1 FROM keys k WHERE k.box_id = $1 AND k.user_id = $2)"),
            person: Uuid::nil(),
            closed: Refusal::InTheWay { code: "closed", detail: "Closed." },
        })
    }

    /// No statement is without the condition, whose parameters follow the statement's own.
    #[test]
    fn every_statement_has_the_condition() {
        let all = letters().list().filter(sql!("id = $1"), Some(1_i64)).first(sql!("ORDER BY id"), 1);
        let text = all.sql.as_str();
        assert!(text.contains("box_id = $1 AND ( EXISTS (SELECT 1 FROM keys k WHERE k.box_id = $1"), "{text}");
        assert!(text.contains("id = $3") && all.params.len() == 4, "{text}");
        for statement in [letters().find(1_i64), letters().lock(1_i64)] {
            let text = statement.sql.as_str();
            assert!(text.contains("WHERE id = $1 AND box_id = $2 AND ("), "{text}");
            assert!(text.contains("k.box_id = $2 AND k.user_id = $3"), "{text}");
        }
        let update = letters().change().set(sql!("a"), 1_i64).update(2_i64);
        let text = update.sql.as_str();
        assert!(text.contains("WHERE id = $2 AND box_id = $3 AND ("), "{text}");
        let while_new = letters().change().set(sql!("a"), 1_i64).only_where(sql!("state = 'new'")).update(2_i64);
        let text = while_new.sql.as_str();
        assert!(text.contains("k.user_id = $4) ) AND ( state = 'new' ) RETURNING"), "{text}");
        let insert = letters().change().set(sql!("a"), 1_i64).insert();
        let text = insert.sql.as_str();
        assert!(text.starts_with("INSERT INTO contacts ( a , box_id ) SELECT $1 ,$2 WHERE ("), "{text}");
        assert!(text.contains("k.box_id = $3 AND k.user_id = $4"), "{text}");
    }
}
