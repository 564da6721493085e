//! Links: a column that names a record which has an owner, and which whoever writes the column has to reach.
//!
//! What is out of reach is written as the id that nobody has, so that the foreign key refuses both alike, in the statement itself.

use super::owned::{Bounds, Owned, Reach};
use super::sql::{Fragment, Sql};
use super::statement::Param;

/// A column that names another record; made by [`link!`](crate::link).
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The column.
    pub column: Fragment,
    /// The foreign key.
    pub constraint: &'static str,
    /// The field that names it, as a JSON pointer.
    pub pointer: &'static str,
}

/// A column of a table that names another record. Its foreign key is called as PostgreSQL calls them.
///
/// ```
/// let link = tenantry_core::link!("tasks", "contact_id");
/// assert_eq!((link.constraint, link.pointer), ("tasks_contact_id_fkey", "/contact_id"));
/// ```
#[macro_export]
macro_rules! link {
    ($table:literal, $column:literal) => {
        $crate::tenancy::Link {
            column: $crate::sql!($column),
            constraint: concat!($table, "_", $column, "_fkey"),
            pointer: concat!("/", $column),
        }
    };
}

/// A link whose writer does not reach everything.
pub(super) struct Linked {
    n: usize,
    column: Fragment,
    table: Fragment,
    bounds: Bounds,
}

impl Linked {
    /// The n-th value of a change. None where everything is in reach: then the foreign key says all.
    pub(super) fn to<P: Owned>(reach: Reach, n: usize, column: Fragment) -> Option<Self> {
        let bounds = Bounds::of::<P>(reach);
        bounds.are_narrow().then_some(Self { n, column, table: P::RESOURCE.table, bounds })
    }

    pub(super) fn is_of(&self, n: usize) -> bool {
        self.n == n
    }

    /// The value if it is in reach, or stays what it is; otherwise the id of nobody.
    pub(super) fn push(&self, is_update: bool, sql: &mut Sql, params: &mut Vec<Param>) {
        let id = |sql: &mut Sql| {
            sql.push_placeholder(self.n);
            sql.push_trusted("::uuid");
        };
        sql.push_trusted("CASE WHEN ");
        id(sql);
        sql.push_trusted("IS NULL OR ");
        if is_update {
            id(sql);
            sql.push_trusted("=");
            sql.push(self.column);
            sql.push_trusted("OR ");
        }
        id(sql);
        sql.push_trusted("IN (SELECT id FROM");
        sql.push(self.table);
        self.bounds.push("WHERE", sql, params);
        sql.push_trusted(") THEN ");
        id(sql);
        sql.push_trusted("ELSE '00000000-0000-0000-0000-000000000000' END");
    }
}
