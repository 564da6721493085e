//! What other records have to say to an undo: those that refer to what would be deleted, those that are gone and were referred
//! to, those that have a value by now that no two may share; and what something else says too, such as a calendar.
//!
//! It is asked once, for the preview. What changes after that the database decides, when the undo is applied.

use super::undoable::{Refers, Undoable};
use super::{UndoConflict, UndoId};
use crate::sql;
use crate::tenancy::{Fragment, Query, Sql, Statement};

/// A statement that notes a conflict, and gives the ids of the records that have it.
pub(in crate::events) struct Mark {
    /// The table of the records that it may note one of.
    pub(in crate::events) table: Fragment,
    /// What it is about.
    pub(in crate::events) conflict: UndoConflict,
    /// The column whose value is in the way; of records that are in use, that of the others.
    pub(in crate::events) column: Fragment,
    pub(in crate::events) statement: Statement<Vec<(String,)>>,
}

/// The statements that note the conflicts, in their order: children before their parents where something is deleted, and
/// parents before their children where something comes back.
pub(in crate::events) fn marks(id: UndoId, tables: &[&'static Undoable]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = tables.iter().filter_map(|table| Some(bound(id, table, table.bound?))).collect();
    for parent in tables.iter().rev() {
        marks.extend(parent.kept_by.iter().map(|by| in_use(id, by.table, by.column, parent.table)));
        for child in tables {
            let refers = child.refers.iter().filter(|to| to.table == parent.table);
            marks.extend(refers.map(|refers| in_use(id, child.table, refers.column, parent.table)));
        }
    }
    for table in tables {
        marks.extend(table.unique.iter().map(|column| taken(id, table, *column)));
    }
    for child in tables {
        marks.extend(child.refers.iter().map(|refers| reference_gone(id, child, refers)));
    }
    marks
}

/// A statement put together from a table's names and fixed text. `$1` is the undo.
pub(super) struct Text {
    sql: Sql,
}

impl Text {
    pub(super) fn new(start: Fragment) -> Self {
        Self { sql: start.into() }
    }

    pub(super) fn and(mut self, part: Fragment) -> Self {
        self.sql.push(part);
        self
    }

    pub(super) fn into_sql(self) -> Sql {
        self.sql
    }

    /// The records that were noted.
    fn noted(mut self, id: UndoId, names: Vec<&'static str>) -> Statement<Vec<(String,)>> {
        self.sql.push(sql!("RETURNING r.record"));
        let mut query = Query::new(self.sql, vec![Box::new(id)]);
        for name in names {
            query = query.bind(name);
        }
        query.many()
    }
}

/// A row `c` is about to be deleted, or to get another value in the column `$3`; `$2` is its kind.
macro_rules! leaves {
    () => {
        "EXISTS (SELECT 1 FROM undo_records AS o WHERE o.undo_id = $1 AND o.resource = $2 AND o.record = c.id::text \
         AND o.conflict IS NULL AND (o.action = 'delete' OR $3 = ANY (o.fields) AND $3 <> ALL (o.held)))"
    };
}

/// A record `r` of the kind `$2` gets the value of `b` in the column `$3`.
macro_rules! gets_value {
    () => {
        "FROM journal AS b WHERE r.undo_id = $1 AND r.resource = $2 AND r.conflict IS NULL AND r.action <> 'delete' \
         AND $3 = ANY (r.fields) AND $3 <> ALL (r.held) AND b.id = r.sources[array_position(r.fields, $3)]"
    };
}

/// Rows of a table refer by a column to what would be deleted of its parent, and stay.
fn in_use(id: UndoId, child: Fragment, column: Fragment, parent: Fragment) -> Mark {
    let statement =
        Text::new(sql!("UPDATE undo_records AS r SET conflict = 'in_use' WHERE r.undo_id = $1 AND r.resource = $4 "))
            .and(sql!("AND r.action = 'delete' AND r.conflict IS NULL AND EXISTS (SELECT 1 FROM"))
            .and(child)
            .and(sql!("AS c WHERE c."))
            .and(column)
            .and(sql!("= r.record::uuid AND NOT ", leaves!(), ")"))
            .noted(id, vec![child.as_str(), column.as_str(), parent.as_str()]);
    Mark { table: parent, conflict: UndoConflict::InUse, column, statement }
}

fn bound(id: UndoId, table: &'static Undoable, is_bound: Fragment) -> Mark {
    let statement =
        Text::new(sql!("UPDATE undo_records AS r SET conflict = 'bound' WHERE r.undo_id = $1 AND r.resource = $2 "))
            .and(sql!("AND r.conflict IS NULL AND ("))
            .and(is_bound)
            .and(sql!(")"))
            .noted(id, vec![table.table.as_str()]);
    Mark { table: table.table, conflict: UndoConflict::Bound, column: sql!("id"), statement }
}

fn taken(id: UndoId, table: &'static Undoable, column: Fragment) -> Mark {
    let statement = Text::new(sql!(
        "UPDATE undo_records AS r SET conflict = 'taken' ",
        gets_value!(),
        " AND EXISTS (SELECT 1 FROM"
    ))
    .and(table.table)
    .and(sql!("AS c WHERE c."))
    .and(column)
    .and(sql!("= (jsonb_populate_record(NULL::"))
    .and(table.table)
    .and(sql!(", b.before))."))
    .and(column)
    // What only one may be, any number may not be.
    .and(sql!("AND c.id <> r.record::uuid AND b.before -> $3 <> 'false' AND NOT ", leaves!(), ")"))
    .noted(id, vec![table.table.as_str(), column.as_str()]);
    Mark { table: table.table, conflict: UndoConflict::Taken, column, statement }
}

fn reference_gone(id: UndoId, child: &'static Undoable, refers: &'static Refers) -> Mark {
    let statement = Text::new(sql!("UPDATE undo_records AS r SET conflict = 'reference_gone' ", gets_value!()))
        .and(sql!("AND b.before ->> $3 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"))
        .and(refers.table)
        .and(sql!(
            "AS p WHERE p.id = (b.before ->> $3)::uuid AND NOT EXISTS (SELECT 1 FROM undo_records AS o WHERE o.undo_id = $1 ",
            "AND o.resource = $4 AND o.record = p.id::text AND o.conflict IS NULL AND o.action = 'delete')) ",
            "AND NOT EXISTS (SELECT 1 FROM undo_records AS o WHERE o.undo_id = $1 AND o.resource = $4 ",
            "AND o.record = b.before ->> $3 AND o.conflict IS NULL AND o.action = 'recreate')"
        ))
        .noted(id, vec![child.table.as_str(), refers.column.as_str(), refers.table.as_str()]);
    Mark { table: child.table, conflict: UndoConflict::ReferenceGone, column: refers.column, statement }
}
