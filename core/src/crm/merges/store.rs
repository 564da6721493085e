//! The SQL of merges, put together from what modules declare of their tables. `$1` is the kept record, `$2` are the merged ones.

use serde_json::Value;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::kind::Kind;
use crate::events::audit::EntryId;
use crate::events::{Refers, Undoable};
use crate::tenancy::{Fragment, Query, Sql, Statement, statement};
use crate::{row, sql};

/// Locks records, so that what is looked at is what is merged.
pub(super) fn lock(table: Fragment, ids: Vec<Uuid>) -> Statement<()> {
    let mut text = Sql::from(sql!("SELECT 1 FROM"));
    text.push(table);
    text.push(sql!("WHERE id = ANY ($1) ORDER BY id FOR UPDATE"));
    Query::new(text, vec![Box::new(ids)]).done()
}

/// Records of a kind that refer to those of a merge by a column.
pub(super) struct Referring {
    pub(super) resource: String,
    /// How many refer to a merged one, and will to the kept one.
    pub(super) moved: i64,
    /// How many of those have to go instead.
    pub(super) dropped: i64,
    /// How many refer to any of them, where no two may refer to the same.
    pub(super) rivals: i64,
}
row!(Referring { resource, moved, dropped, rivals });

/// Columns of other tables that refer to a kind of records.
pub(super) fn referring<'a>(
    kind: &Kind,
    tables: &'a [&'static Undoable],
) -> impl Iterator<Item = (&'static Undoable, &'static Refers)> + use<'a> {
    let to = kind.source.resource;
    tables.iter().flat_map(move |table| {
        table.refers.iter().filter(move |refers| refers.table.as_str() == to).map(|refers| (*table, refers))
    })
}

/// Counts what refers to the records; none where nothing can.
pub(super) fn count(
    kind: &Kind,
    tables: &[&'static Undoable],
    keep: Uuid,
    merge: Vec<Uuid>,
) -> Option<Statement<Vec<Referring>>> {
    let mut text: Option<Sql> = None;
    let mut params: Vec<crate::tenancy::Param> = vec![Box::new(keep), Box::new(merge)];
    for (table, refers) in referring(kind, tables) {
        let sql = match &mut text {
            None => text.insert(Sql::from(sql!("SELECT"))),
            Some(sql) => {
                sql.push(sql!("UNION ALL SELECT"));
                sql
            }
        };
        params.push(Box::new(table.table.as_str()));
        sql.push_trusted("");
        sql.push_placeholder(params.len());
        sql.push(sql!("::text, count("));
        sql.push(sql!("c.id) FILTER (WHERE c."));
        sql.push_glued(refers.column);
        sql.push(sql!("= ANY ($2)"));
        push_unpaired(sql, kind, table, refers, "AND");
        sql.push(sql!("), count(c.id) FILTER (WHERE c."));
        sql.push_glued(refers.column);
        sql.push(sql!("= ANY ($2) AND NOT (true"));
        push_unpaired(sql, kind, table, refers, "AND");
        sql.push(sql!(")), "));
        sql.push(if table.unique.contains(&refers.column) { sql!("count(c.id)") } else { sql!("0::bigint") });
        sql.push(sql!("FROM"));
        sql.push(table.table);
        sql.push(sql!("AS c WHERE c."));
        sql.push_glued(refers.column);
        sql.push(sql!("= ANY ($2) OR c."));
        sql.push_glued(refers.column);
        sql.push(sql!("= $1"));
    }
    text.map(|sql| Query::new(sql, params).many())
}

/// A row `c` may refer to the kept record: none of which there can be but one does already, and it is the first of those that come.
fn push_unpaired(sql: &mut Sql, kind: &Kind, table: &Undoable, refers: &Refers, word: &'static str) {
    let Some((pair, column, other)) =
        kind.pairs.iter().find(|(pair, column, _)| *pair == table.table && *column == refers.column)
    else {
        return;
    };
    sql.push_trusted(word);
    sql.push(sql!("NOT EXISTS (SELECT 1 FROM"));
    sql.push(*pair);
    sql.push(sql!("AS d WHERE d."));
    sql.push_glued(*other);
    sql.push(sql!("= c."));
    sql.push_glued(*other);
    sql.push(sql!("AND (d."));
    sql.push_glued(*column);
    sql.push(sql!("= $1 OR d."));
    sql.push_glued(*column);
    sql.push(sql!("= ANY ($2) AND (d.created_at, d.id) < (c.created_at, c.id)))"));
}

/// All of a merge in one statement: what refers to the merged records, the kept record, the end of the merged ones.
pub(super) fn merge(
    kind: &Kind,
    table: &'static Undoable,
    tables: &[&'static Undoable],
    keep: Uuid,
    merge: Vec<Uuid>,
    woven: Value,
) -> Statement<()> {
    let mut sql = Sql::from(sql!("WITH"));
    for child in tables {
        let columns: Vec<&'static Refers> = child.refers.iter().filter(|refers| refers.table == table.table).collect();
        if !columns.is_empty() {
            push_moved(&mut sql, kind, child, &columns, child.table == table.table);
        }
    }
    let (name, columns) = (table.table, table.columns);
    sql.push(sql!("kept AS (UPDATE"));
    sql.push(name);
    sql.push_trusted("AS merged_row SET (");
    sql.push(columns);
    sql.push(sql!(") = (SELECT"));
    sql.push(columns);
    sql.push(sql!(
        "FROM jsonb_populate_record(merged_row, $3::jsonb || jsonb_build_object('version', merged_row.version + 1, ",
        "'updated_at', now()))) WHERE merged_row.id = $1 RETURNING 1) DELETE FROM"
    ));
    sql.push(name);
    sql.push(sql!("AS c WHERE c.id = ANY ($2)"));
    Query::new(sql, vec![Box::new(keep), Box::new(merge), Box::new(Json(woven))]).done()
}

/// A row is changed once in a statement, however many of its columns refer to merged records.
fn push_moved(sql: &mut Sql, kind: &Kind, child: &Undoable, columns: &[&'static Refers], is_same: bool) {
    sql.push(sql!("moved_"));
    sql.push_glued(child.table);
    sql.push(sql!("AS (UPDATE"));
    sql.push(child.table);
    sql.push_trusted("AS c SET");
    for refers in columns {
        sql.push(refers.column);
        sql.push(sql!("= CASE WHEN c."));
        sql.push_glued(refers.column);
        sql.push(sql!("= ANY ($2) THEN $1 ELSE c."));
        sql.push_glued(refers.column);
        sql.push(sql!("END,"));
    }
    sql.push(sql!("version = c.version + 1, updated_at = now() WHERE"));
    if is_same {
        // The kept one and the merged ones are no matter of this step.
        sql.push(sql!("c.id <> $1 AND c.id <> ALL ($2) AND"));
    }
    for (n, refers) in columns.iter().enumerate() {
        sql.push_trusted(if n == 0 { "(c." } else { "OR (c." });
        sql.push_glued(refers.column);
        sql.push(sql!("= ANY ($2)"));
        push_unpaired(sql, kind, child, refers, "AND");
        sql.push_trusted(")");
    }
    sql.push(sql!("RETURNING 1),"));
}

/// The journal's entry of the deletion of a record in this transaction.
pub(super) fn entry(resource: &'static str, record: Uuid) -> Statement<(EntryId,)> {
    statement(sql!(
        "SELECT id FROM journal WHERE record = $1 AND resource = $2 AND at = now() AND change = 'deleted' ORDER BY number LIMIT 1"
    ))
    .bind(record.to_string())
    .bind(resource)
    .one()
}
