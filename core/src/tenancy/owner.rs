//! Whose a record is: somebody's, or its parent's, over as many steps as it takes.

use super::owned::OwnedResource;
use super::sql::{Fragment, Sql};

/// Whose a record is.
#[derive(Clone, Copy, Debug)]
pub enum OwnerOf {
    /// The person in its column `owner_id`.
    Itself,
    /// The owner of another record, which it is a part of. That one may be a part of a further one in turn.
    Parent {
        /// The column that names the other record.
        column: Fragment,
        /// The table of the other record.
        table: Fragment,
        /// The field of a new record that names it, as a JSON pointer.
        pointer: &'static str,
    },
}

impl OwnerOf {
    /// Whose the records of a table are, as the type says that is read from it.
    pub(super) fn records_in(table: Fragment) -> Self {
        let known = inventory::iter::<OwnedResource>.into_iter().find(|known| known.table == table);
        known.map_or(Self::Itself, |known| known.owner)
    }

    /// The columns that lead to the owner, each with the table of the record that it names. The start refuses a way that is longer
    /// than [`MOST_STEPS`], or goes round in a circle.
    pub(crate) fn way(self) -> Vec<(Fragment, Fragment)> {
        let (mut way, mut next) = (Vec::new(), self);
        while let (OwnerOf::Parent { column, table, .. }, true) = (next, way.len() <= MOST_STEPS) {
            way.push((column, table));
            next = OwnerOf::records_in(table);
        }
        way
    }
}

/// How many records there may be between one and its owner.
pub(crate) const MOST_STEPS: usize = 3;

/// How the records on the way to the owner are called in a statement that looks for it.
const ON_THE_WAY: [&str; MOST_STEPS + 1] = ["record", "parent", "grandparent", "ancestor"];

/// The owner of a record that the statement calls `record`.
pub(super) fn push_owner_of(owner: OwnerOf, sql: &mut Sql) {
    push_from(owner, &ON_THE_WAY, sql);
}

/// The owner of a record of the first name, looked for in the records that the others are of.
fn push_from(owner: OwnerOf, names: &[&'static str], sql: &mut Sql) {
    let (Some((own, rest)), OwnerOf::Parent { column, table, .. }) = (names.split_first(), owner) else {
        return push_column(names, Fragment::new("owner_id"), sql);
    };
    sql.push_trusted("(SELECT");
    push_from(OwnerOf::records_in(table), rest, sql);
    sql.push_trusted("FROM");
    sql.push(table);
    sql.push_trusted("AS");
    sql.push_trusted(rest.first().copied().unwrap_or_default());
    sql.push_trusted("WHERE");
    push_column(rest, Fragment::new("id"), sql);
    sql.push_trusted("=");
    push_column(&[own], column, sql);
    sql.push_trusted(")");
}

/// A column of the record of the first name.
fn push_column(names: &[&'static str], column: Fragment, sql: &mut Sql) {
    sql.push_trusted(names.first().copied().unwrap_or_default());
    sql.push_trusted(".");
    sql.push(column);
}
