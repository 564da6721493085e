//! Records that have an owner: which of them a caller reaches is part of every statement on them.
//!
//! A type that is read with [`owned_row!`](crate::owned_row) comes out of the database only by [`owned`], which asks for
//! the caller's [`Reach`]; `records`, `select`, `change` and `statement` do not take it. A reach of everything adds nothing
//! to a statement. What counts or joins such records instead of giving them back starts with [`reached`](super::reached).

use std::marker::PhantomData;

use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::change::Change;
use super::list::List;
use super::owner::{OwnerOf, push_owner_of};
use super::refusal::Refusal;
use super::sql::{Fragment, Sql};
use super::statement::{FromRow, Param, Query, Statement};
use crate::permission::RecordScope;

/// A type whose records have no owner: whoever may read one may read all.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is read from records that have an owner",
    note = "start the statement with `tenancy::owned(caller.reach())`"
)]
pub trait Unowned: FromRow {}

/// A type whose records have an owner; made by [`owned_row!`](crate::owned_row).
pub trait Owned: FromRow {
    /// Where they stand and whose they are.
    const RESOURCE: OwnedResource;
}

/// A table of records that have an owner, as data. The permissions on it are named `<table>.<verb>`.
#[derive(Clone, Copy, Debug)]
pub struct OwnedResource {
    /// The table.
    pub table: Fragment,
    /// Whose a record is.
    pub owner: OwnerOf,
}
inventory::collect!(OwnedResource);

/// Which records with owners a caller reaches, and who owns what the caller makes.
///
/// Only a caller has one ([`Caller::reach`](crate::http::Caller::reach)), and work in an organization
/// ([`TenantWork::reach`](crate::worker::TenantWork::reach)).
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    scope: RecordScope,
    person: Option<Uuid>,
}

impl Reach {
    /// Of a role's scope. `person` is none for an operator in an organization, who owns nothing there.
    pub(crate) fn new(scope: RecordScope, person: Option<Uuid>) -> Self {
        Self { scope, person }
    }

    /// All records, for what follows from a change whoever makes it: that viewings are cancelled with what was to be seen. What is
    /// read by it tells nobody whose a record is.
    pub fn of_consequences() -> Self {
        Self::new(RecordScope::All, None)
    }

    /// Whether whose a record is makes no difference.
    pub(super) fn is_everything(self) -> bool {
        self.scope == RecordScope::All
    }

    /// Goes on behind the owner of a record: it is somebody whose records are reached.
    pub(super) fn push_reached(self, sql: &mut Sql, params: &mut Vec<Param>) {
        match self.scope {
            RecordScope::Own => {
                sql.push_trusted("= ");
                params.push(Box::new(self.person));
                sql.push_placeholder(params.len());
            }
            // Written by the entry of this transaction (`connection.rs`). Without it, the statement fails.
            _ => sql.push_trusted("= ANY (current_setting('tenantry.owners')::uuid[])"),
        }
    }
}

/// Statements on the records of the type `T` that a caller reaches. Outside of that there is nothing: a record that is not
/// found by one of these does not exist for the caller.
pub struct OwnedRecords<T> {
    pub(super) bounds: Bounds,
    record: PhantomData<fn() -> T>,
}

/// Starts a statement on records that have an owner.
pub fn owned<T: Owned>(reach: Reach) -> OwnedRecords<T> {
    OwnedRecords { bounds: Bounds::of::<T>(reach), record: PhantomData }
}

impl<T: Owned> OwnedRecords<T> {
    /// The records, to be filtered.
    pub fn list(self) -> List<T> {
        List::within(T::RESOURCE.table, self.bounds)
    }

    /// The records whose `column` names a record of another kind that is in reach as well, to be filtered.
    pub fn list_beside<O: Owned>(self, column: Fragment) -> List<T> {
        let reach = self.bounds.0.map(|(reach, _)| reach);
        let beside = reach.map(|reach| (reach, OwnerOf::Parent { column, table: O::RESOURCE.table, pointer: "" }));
        List::within(T::RESOURCE.table, self.bounds).within_too(Bounds(beside))
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
        sql.push(T::RESOURCE.table);
        sql.push_trusted("WHERE id = $1");
        self.bounds.push("AND", &mut sql, &mut params);
        sql.push_trusted(end);
        Query::new(sql, params).found()
    }

    /// Starts to insert or to update a record. A new one is the caller's own.
    pub fn change(self) -> Change<T> {
        Change::within(T::RESOURCE.table, self.bounds)
    }

    /// Deletes the record of an id.
    pub fn delete(self, id: impl ToSql + Sync + Send + 'static) -> Statement<()> {
        let (mut sql, mut params) = (Sql::from(Fragment::new("DELETE FROM")), vec![Box::new(id) as Param]);
        sql.push(T::RESOURCE.table);
        sql.push_trusted("WHERE id = $1");
        self.bounds.push("AND", &mut sql, &mut params);
        Query::new(sql, params).done()
    }
}

impl OwnedResource {
    /// Whether a permission is one on these records.
    pub fn is_of(&self, permission: &str) -> bool {
        permission.split_once('.').is_some_and(|(resource, _)| resource == self.table.as_str())
    }

    /// Who owns the record of an id, if the caller reaches it.
    pub(crate) fn owner(&self, reach: Reach, id: Uuid) -> Statement<Option<(Option<Uuid>,)>> {
        let (mut sql, mut params) = (Sql::from(Fragment::new("SELECT")), vec![Box::new(id) as Param]);
        push_owner_of(self.owner, &mut sql);
        sql.push_trusted("FROM");
        sql.push(self.table);
        sql.push_trusted("AS record WHERE id = $1");
        Bounds(Some((reach, self.owner))).push("AND", &mut sql, &mut params);
        Query::new(sql, params).found()
    }
}

/// What limits a statement to the records that a caller reaches.
pub(super) struct Bounds(Option<(Reach, OwnerOf)>);

impl Bounds {
    /// For records without owners.
    pub(super) const NONE: Self = Self(None);

    /// For the records of a type that a caller reaches.
    pub(super) const fn of<T: Owned>(reach: Reach) -> Self {
        Self(Some((reach, T::RESOURCE.owner)))
    }

    /// Whether they limit anything.
    pub(super) fn are_narrow(&self) -> bool {
        self.0.is_some_and(|(reach, _)| reach.scope != RecordScope::All)
    }

    /// Adds the condition, if there is one to add, and tells whether there was.
    pub(super) fn push(&self, word: &'static str, sql: &mut Sql, params: &mut Vec<Param>) -> bool {
        let Some((reach, owner)) = self.0.filter(|(reach, _)| !reach.is_everything()) else { return false };
        sql.push_trusted(word);
        match owner {
            OwnerOf::Itself => push_owner(reach, sql, params),
            OwnerOf::Parent { column, table, .. } => {
                sql.push(column);
                push_parents(reach, table, sql, params);
            }
        }
        true
    }

    /// The column of the owner and who that is, of a record that is about to be made.
    pub(super) fn author(&self) -> Option<(Fragment, Option<Uuid>)> {
        match self.0 {
            Some((reach, OwnerOf::Itself)) => Some((Fragment::new("owner_id"), reach.person)),
            _ => None,
        }
    }

    /// What a new record with these columns must be a part of, unless its maker reaches everything.
    pub(super) fn parent(&self, columns: &[Fragment]) -> Option<Parent> {
        let (reach, owner) = self.0.filter(|(reach, _)| !reach.is_everything())?;
        let OwnerOf::Parent { column, table, pointer } = owner else { return None };
        // Where it is not among the columns, `$0` makes PostgreSQL refuse the statement.
        let n = columns.iter().position(|known| *known == column).map_or(0, |n| n + 1);
        Some(Parent { reach, table, n, pointer })
    }
}

/// The record that a new one is a part of, and that has to be in its maker's reach.
pub(super) struct Parent {
    reach: Reach,
    table: Fragment,
    n: usize,
    pointer: &'static str,
}

impl Parent {
    pub(super) fn push(&self, sql: &mut Sql, params: &mut Vec<Param>) {
        sql.push_trusted("WHERE ");
        sql.push_placeholder(self.n);
        push_parents(self.reach, self.table, sql, params);
    }

    /// The answer where there is none, as where it does not exist.
    pub(super) fn missing(&self) -> Refusal {
        Refusal::Missing { pointer: self.pointer }
    }
}

fn push_parents(reach: Reach, table: Fragment, sql: &mut Sql, params: &mut Vec<Param>) {
    sql.push_trusted("IN (SELECT parent.id FROM");
    sql.push(table);
    sql.push_trusted("AS parent WHERE parent .");
    match OwnerOf::records_in(table) {
        OwnerOf::Itself => push_owner(reach, sql, params),
        OwnerOf::Parent { column, table, .. } => {
            sql.push(column);
            push_parents(reach, table, sql, params);
        }
    }
    sql.push_trusted(")");
}

fn push_owner(reach: Reach, sql: &mut Sql, params: &mut Vec<Param>) {
    sql.push_trusted("owner_id");
    reach.push_reached(sql, params);
}

/// Says, as [`row!`](crate::row) does, which columns a type is read from, where its records have an owner: themselves, or
/// through a record that they are a part of, which may itself be a part of another. It makes the type [`Owned`] and the table known to the platform.
///
/// ```
/// use tenantry_core::{owned_row, tenancy::FromRow};
/// struct Deal { id: i64, title: String }
/// owned_row!(Deal in "deals" { id, title });
/// struct Offer { id: i64, deal_id: i64 }
/// owned_row!(Offer in "offers" of "deal_id" in "deals" { id, deal_id });
/// # fn main() {}
/// ```
/// Forgetting whose they are does not compile:
/// ```compile_fail
/// use tenantry_core::{owned_row, sql, tenancy::{FromRow, select, Statement}};
/// struct Deal { id: i64, title: String }
/// owned_row!(Deal in "deals" { id, title });
/// let all: Statement<Vec<Deal>> = select::<Deal>(sql!("FROM deals")).many();
/// ```
#[macro_export]
macro_rules! owned_row {
    ($type:ident in $table:literal $(of $column:literal in $parent:literal)? { $($fields:tt)+ }) => {
        $crate::row!(@read $type { $($fields)+ });

        impl $crate::tenancy::Owned for $type {
            const RESOURCE: $crate::tenancy::OwnedResource = $crate::tenancy::OwnedResource {
                table: $crate::sql!($table),
                owner: $crate::owned_row!(@owner $($column $parent)?),
            };
        }

        $crate::__private::inventory::submit! { <$type as $crate::tenancy::Owned>::RESOURCE }
    };
    (@owner) => { $crate::tenancy::OwnerOf::Itself };
    (@owner $column:literal $parent:literal) => {
        $crate::tenancy::OwnerOf::Parent {
            column: $crate::sql!($column),
            table: $crate::sql!($parent),
            pointer: concat!("/", $column),
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenancy::{change, records, select};
    use crate::{row, sql};

    #[expect(dead_code)]
    struct Boat {
        id: i64,
    }
    owned_row!(Boat in "contacts" { id });
    #[expect(dead_code)]
    struct Sail {
        id: i64,
    }
    owned_row!(Sail in "tasks" of "boat_id" in "boats" { id });
    #[expect(dead_code)]
    struct Patch {
        id: i64,
    }
    owned_row!(Patch in "patches" of "position_id" in "positions" { id });
    #[expect(dead_code)]
    struct Raft {
        id: i64,
    }
    row!(Raft { id });

    fn reach(scope: RecordScope) -> Reach {
        Reach::new(scope, Some(Uuid::nil()))
    }

    fn sql_of<T>(statement: &Statement<T>) -> (&str, usize) {
        (statement.sql.as_str(), statement.params.len())
    }

    /// A reach of everything costs nothing: the statements are those on records without owners.
    #[test]
    fn all_adds_no_condition() {
        let all = reach(RecordScope::All);
        let free = records::<Raft>(sql!("contacts")).first(sql!("ORDER BY id"), 1);
        assert_eq!(sql_of(&owned::<Boat>(all).list().first(sql!("ORDER BY id"), 1)), sql_of(&free));
        let free = select::<Raft>(sql!("FROM contacts WHERE id = $1")).bind(1_i64).optional::<Raft>();
        assert_eq!(sql_of(&owned::<Boat>(all).find(1_i64)).0.trim(), sql_of(&free).0);
        let free = change::<Raft>(sql!("contacts")).set(sql!("a"), 1_i64).update(2_i64);
        assert_eq!(sql_of(&owned::<Boat>(all).change().set(sql!("a"), 1_i64).update(2_i64)), sql_of(&free));
        let free = change::<Raft>(sql!("tasks")).set(sql!("boat_id"), 1_i64).insert();
        assert_eq!(sql_of(&owned::<Sail>(all).change().set(sql!("boat_id"), 1_i64).insert()), sql_of(&free));
    }

    /// A part of a part is whose the whole is.
    #[test]
    fn whose_a_record_is_is_found_over_several_steps() {
        let text = owned::<Patch>(reach(RecordScope::Own)).find(1_i64).sql.as_str().replace("  ", " ");
        let condition = "position_id IN (SELECT parent.id FROM positions AS parent WHERE parent . contact_id \
             IN (SELECT parent.id FROM contacts AS parent WHERE parent . owner_id = $2 ) )";
        assert!(text.contains(condition), "{text}");
        assert_eq!(Patch::RESOURCE.owner.way().len(), 2);
        let all = Patch::RESOURCE.owner(reach(RecordScope::All), Uuid::nil());
        assert_eq!(
            all.sql.as_str(),
            "SELECT (SELECT (SELECT grandparent . owner_id FROM contacts AS grandparent WHERE grandparent . id = \
             parent . contact_id ) FROM positions AS parent WHERE parent . id = record . position_id ) FROM patches \
             AS record WHERE id = $1"
        );
    }

    /// A record beside has to be in reach too.
    #[test]
    fn what_stands_beside_is_bounded_too() {
        for (scope, conditions) in [(RecordScope::All, 0), (RecordScope::Own, 2), (RecordScope::Team, 2)] {
            let list = owned::<Sail>(reach(scope)).list_beside::<Boat>(sql!("other_id"));
            let sql = list.filter(sql!("id = $1"), Some(1_i64)).first(sql!("ORDER BY id"), 1).sql;
            let text = sql.as_str();
            assert_eq!(text.matches("parent . owner_id").count(), conditions, "{text}");
            assert_eq!(text.matches("WHERE").count(), 1 + conditions, "{text}");
            assert_eq!(text.contains("other_id IN"), conditions > 0, "{text}");
        }
    }

    /// Every statement under a narrower scope has the condition.
    #[test]
    fn every_statement_has_the_condition() {
        for (scope, words) in [(RecordScope::Own, "owner_id = $"), (RecordScope::Team, "owner_id = ANY (")] {
            let reach = reach(scope);
            let boats = || owned::<Boat>(reach);
            let sails = || owned::<Sail>(reach);
            for text in [
                boats().list().first(sql!("ORDER BY id"), 1).sql,
                boats().find(1_i64).sql,
                boats().lock(1_i64).sql,
                boats().delete(1_i64).sql,
                boats().change().set(sql!("a"), 1_i64).update(1_i64).sql,
                sails().list().first(sql!("ORDER BY id"), 1).sql,
                sails().list_beside::<Boat>(sql!("other_id")).first(sql!("ORDER BY id"), 1).sql,
                sails().find(1_i64).sql,
                sails().lock(1_i64).sql,
                sails().delete(1_i64).sql,
                sails().change().set(sql!("a"), 1_i64).update(1_i64).sql,
                sails().change().set(sql!("boat_id"), 1_i64).insert().sql,
                Boat::RESOURCE.owner(reach, Uuid::nil()).sql,
                Sail::RESOURCE.owner(reach, Uuid::nil()).sql,
            ] {
                assert!(text.as_str().contains(words), "{}", text.as_str());
            }
        }
    }
}
