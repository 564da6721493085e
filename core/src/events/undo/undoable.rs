//! What a module says of its records so that their changes can be undone.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::permission::PermissionInfo;
use crate::tenancy::{Fragment, Reach, Statement};

/// Records whose changes can be undone: a table with `id uuid`, `version bigint`, `created_at` and `updated_at`.
///
/// Whatever stands in the table comes back as it was, so only what its people wrote by hand is declared.
#[derive(Debug)]
pub struct Undoable {
    /// The table; the source's `resource` in SQL.
    pub table: Fragment,
    /// All its columns, comma-separated, but for those that are made of others. A test compares them with the database.
    pub columns: Fragment,
    /// What it takes to do the same by hand: all of these.
    pub writes: &'static [&'static PermissionInfo],
    /// Its columns that refer to other tables.
    pub refers: &'static [Refers],
    /// Its columns whose values no two records share.
    pub unique: &'static [Fragment],
    /// Which tables of the same module keep a record from being deleted although their own changes cannot be undone: they refer to it
    /// by this column.
    pub kept_by: &'static [Refers],
    /// Which records `r` of an undo say what is said elsewhere too, so that only an operation of their own changes both: a condition on
    /// `undo_records`, as where a time is booked in a calendar.
    pub bound: Option<Fragment>,
    /// What follows from changes of its records by an undo, in the same transaction: told are the reach and the id of who undoes,
    /// and the ids of the records. For what a resource notes beside its table.
    pub follow: Option<Follow>,
    /// Its columns that a rule may set, each read as the API reads it.
    pub settable: &'static [Settable],
}

/// See [`Undoable::follow`].
pub type Follow = fn(Reach, Uuid, Vec<Uuid>) -> Statement<()>;

/// A column that a rule may set.
#[derive(Debug)]
pub struct Settable {
    /// The column.
    pub column: &'static str,
    read: fn(Value) -> Result<Value, String>,
}

impl Settable {
    /// A column whose values the API takes as `T`; an `Option` can be cleared.
    pub const fn of<T: DeserializeOwned + Serialize>(column: &'static str) -> Self {
        let read = |value: Value| {
            let value: T = serde_json::from_value(value).map_err(|error| error.to_string())?;
            serde_json::to_value(value).map_err(|error| error.to_string())
        };
        Self { column, read }
    }

    /// The value as the API would store it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read(&self, value: Value) -> Result<Value, String> {
        (self.read)(value)
    }
}

impl Undoable {
    /// What it takes to make such a record by hand as it was: all of `writes` but giving it to somebody, whose it was anyway.
    pub(crate) fn makes(&self) -> impl Iterator<Item = &'static PermissionInfo> {
        self.writes.iter().copied().filter(|info| !info.name.ends_with(".assign"))
    }
}

/// A column that refers to a table.
#[derive(Debug)]
pub struct Refers {
    /// The column.
    pub column: Fragment,
    /// The table whose `id` it holds: one of the same module, or of the CRM.
    pub table: Fragment,
}

/// The tables in an order in which each comes behind those that it refers to.
pub(super) fn parents_first(mut tables: Vec<&'static Undoable>) -> Vec<&'static Undoable> {
    let mut ordered: Vec<&'static Undoable> = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waits = |table: &Undoable| {
            let mut refers = table.refers.iter().filter(|to| to.table != table.table);
            refers.any(|to| tables.iter().any(|other| other.table == to.table))
        };
        // In a circle nobody can be first, so anybody is; the database then has the last word.
        let next = tables.iter().position(|table| !waits(table)).unwrap_or_default();
        ordered.push(tables.remove(next));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql;

    const fn table(table: Fragment, refers: &'static [Refers]) -> Undoable {
        Undoable {
            table,
            columns: sql!("id"),
            writes: &[],
            refers,
            unique: &[],
            kept_by: &[],
            bound: None,
            follow: None,
            settable: &[],
        }
    }
    static BOATS: Undoable = table(sql!("boats"), &[]);
    static SAILS: Undoable = table(sql!("sails"), &[Refers { column: sql!("boat_id"), table: sql!("boats") }]);
    static PATCHES: Undoable = table(
        sql!("patches"),
        &[
            Refers { column: sql!("sail_id"), table: sql!("sails") },
            Refers { column: sql!("over_id"), table: sql!("patches") },
        ],
    );

    #[test]
    fn what_is_referred_to_comes_first() {
        for given in [vec![&PATCHES, &SAILS, &BOATS], vec![&SAILS, &PATCHES, &BOATS], vec![&BOATS, &PATCHES, &SAILS]] {
            let names: Vec<_> = parents_first(given).iter().map(|table| table.table.as_str()).collect();
            assert_eq!(names, ["boats", "sails", "patches"]);
        }
    }
}
