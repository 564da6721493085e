//! Statements over everything that a caller reaches: sums, boards, reports, of one kind of records or of several.

use super::owned::{Bounds, Owned, Reach};
use super::sql::{Fragment, Sql};
use super::statement::{Param, Query};

/// A statement over records that have owners, which no list and no change is. It names them `<table>_in_reach`: the rows of
/// the table that the caller reaches, with all its columns.
///
/// The tables' own names have no place in it (a test of the house refuses them), and a kind that was not asked for by
/// [`with`](Self::with) does not exist for the database: so nobody can forget whose the records are.
///
/// ```
/// use tenantry_core::tenancy::{FromRow, Reach, Statement, reached};
/// use tenantry_core::{owned_row, sql};
/// struct Boat { id: i64, price: i64 }
/// owned_row!(Boat in "boats" { id, price });
/// struct Sail { id: i64, boat_id: i64 }
/// owned_row!(Sail in "sails" of "boat_id" in "boats" { id, boat_id });
///
/// fn dear(reach: Reach, price: i64) -> Statement<Vec<(i64, i64)>> {
///     let sql = sql!(
///         "SELECT b.id, count(s.id) FROM boats_in_reach b LEFT JOIN sails_in_reach s ON s.boat_id = b.id ",
///         "WHERE b.price > $1 GROUP BY b.id"
///     );
///     reached(reach).with::<Boat>().with::<Sail>().statement(sql).bind(price).many()
/// }
/// # fn main() {}
/// ```
#[must_use = "a statement does nothing until a caller runs it"]
pub struct Reached {
    reach: Reach,
    sql: Sql,
    params: Vec<Param>,
}

/// Starts a statement over records that have owners.
pub fn reached(reach: Reach) -> Reached {
    Reached { reach, sql: Sql::from(Fragment::new("WITH")), params: Vec::new() }
}

impl Reached {
    /// Records that the statement may name: `<table>_in_reach`.
    pub fn with<T: Owned>(mut self) -> Self {
        let table = T::RESOURCE.table;
        if self.sql.as_str().len() > "WITH".len() {
            self.sql.push_trusted(",");
        }
        self.sql.push(table);
        // As if the condition stood wherever the name stands, so that each use has its own index. All columns: what comes back
        // is named by the statement itself.
        self.sql.push_glued(Fragment::new("_in_reach AS NOT MATERIALIZED (SELECT"));
        self.sql.push_trusted("* FROM");
        self.sql.push(table);
        Bounds::of::<T>(self.reach).push("WHERE", &mut self.sql, &mut self.params);
        self.sql.push_trusted(")");
        self
    }

    /// One statement of several parts, which all have the same parameters.
    pub(crate) fn parts(mut self, parts: impl IntoIterator<Item = Fragment>) -> Query {
        let own = self.params.len();
        for part in parts {
            self.sql.push_numbered(part, own);
        }
        Query::new(self.sql, self.params)
    }

    /// The statement, whose own parameters are `$1`, `$2`, …; further tables of its own (`x AS (SELECT …)`) come first, each
    /// behind a comma.
    pub fn statement(self, sql: Fragment) -> Query {
        self.parts([sql])
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::permission::RecordScope;
    use crate::{owned_row, sql};

    #[expect(dead_code)]
    struct Boat {
        id: i64,
    }
    owned_row!(Boat in "contacts" { id });
    #[expect(dead_code)]
    struct Sail {
        id: i64,
    }
    owned_row!(Sail in "tasks" of "contact_id" in "contacts" { id });

    fn text(scope: RecordScope) -> (String, usize) {
        let reach = Reach::new(scope, Some(Uuid::nil()));
        let reached = reached(reach).with::<Boat>().with::<Sail>();
        let statement = reached.statement(sql!("SELECT b.id FROM contacts_in_reach b WHERE b.id = $1")).bind(7_i64);
        let statement = statement.many::<(i64,)>();
        (statement.sql.as_str().to_owned(), statement.params.len())
    }

    /// The reach stands in the place where the table's name is, and nowhere else.
    #[test]
    fn the_reach_is_part_of_the_statement() {
        let all = "WITH contacts_in_reach AS NOT MATERIALIZED (SELECT * FROM contacts ) , \
             tasks_in_reach AS NOT MATERIALIZED (SELECT * FROM tasks ) SELECT b.id FROM contacts_in_reach b WHERE b.id = $1";
        assert_eq!(text(RecordScope::All), (all.to_owned(), 1));
        let (own, params) = text(RecordScope::Own);
        assert!(own.contains("FROM contacts WHERE owner_id = $1 )"), "{own}");
        assert!(own.contains("FROM tasks WHERE contact_id IN (SELECT parent.id FROM contacts AS parent"), "{own}");
        assert!(own.ends_with("b.id = $3") && params == 3, "{own}");
        let (team, params) = text(RecordScope::Team);
        assert_eq!((team.matches("owner_id = ANY (").count(), params), (2, 1), "{team}");
    }
}
