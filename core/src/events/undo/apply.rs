//! Applying an undo: rows are locked, compared with what the preview saw, and changed in one statement for all tables.
//!
//! In one statement, references are checked when all of it is done, so the order of records does not matter to them; what is
//! deleted goes before what comes back, so that a value that no two may share is free again.

use uuid::Uuid;

use super::ground::Ground;
use super::relations::Text;
use super::undoable::Undoable;
use super::{OnConflict, Undo, UndoId, store};
use crate::http::{ApiError, ApiResult, Caller};
use crate::sql;
use crate::tenancy::{DbError, Param, Query, Sql, Statement, TenantTx, statement};

/// How many places an error names at most.
const NAMED: i64 = 20;

/// Applies an undo in the transaction.
pub(super) async fn apply(
    tx: &mut TenantTx,
    caller: &Caller,
    ground: &Ground,
    id: UndoId,
    on_conflict: OnConflict,
) -> ApiResult<Undo> {
    let pending = tx.run(store::lock(id)).await?.ok_or_else(ApiError::not_found)?;
    if pending.is_applied {
        return Err(ApiError::conflict(
            "undo_applied",
            "This was applied already. To take it back, undo that in turn.",
        ));
    }
    if pending.is_old {
        return Err(ApiError::conflict("undo_expired", "This preview is older than a day. Ask for another one."));
    }
    let tables = ground.admit(caller, &pending.resources)?;
    lock(tx, id, &tables).await?;
    let newer = tx.run(changed_since(id)).await?;
    if !newer.is_empty() {
        let detail = "Records have changed since the preview, so nothing was done. Ask for another preview.";
        return Err(naming(ApiError::conflict("undo_outdated", detail), newer, "has changed since the preview"));
    }
    if on_conflict == OnConflict::Refuse {
        let conflicts = tx.run(conflicts(id)).await?;
        if !conflicts.is_empty() {
            let detail = "Some of it cannot be undone, so nothing was done. Leave those records out, or send `skip`.";
            return Err(naming(ApiError::conflict("undo_conflicts", detail), conflicts, "has a conflict"));
        }
    }
    carry_out(tx, caller, id, &tables, refused).await?;
    Ok(tx.run(store::applied(id, caller.user())).await?)
}

/// Locks the records that are there, so that what is compared is what is changed.
pub(in crate::events) async fn lock(tx: &mut TenantTx, id: UndoId, tables: &[&'static Undoable]) -> ApiResult<()> {
    for table in tables {
        tx.run(lock_rows(id, table)).await?;
    }
    Ok(())
}

/// Does to all records what the undo says, but for those with a conflict, and tells how many those were.
pub(in crate::events) async fn carry_out(
    tx: &mut TenantTx,
    caller: &Caller,
    id: UndoId,
    tables: &[&'static Undoable],
    refused: impl FnOnce(DbError) -> ApiError,
) -> ApiResult<i64> {
    if tables.is_empty() {
        return Ok(0);
    }
    let due = tx.run(count(id)).await?;
    let done = tx.run(take_back(id, tables)).await.map_err(refused)?;
    if done != due {
        tracing::error!(done, due, "an undo did not find its records");
        return Err(ApiError::internal());
    }
    for (table, follow) in tables.iter().filter_map(|table| table.follow.map(|follow| (table, follow))) {
        let records = tx.run(changed(id, table)).await?;
        tx.run(follow(caller.reach(), caller.user(), records)).await?;
    }
    Ok(done)
}

pub(super) fn naming(error: ApiError, records: Vec<(String, String)>, reason: &str) -> ApiError {
    records.into_iter().fold(error, |error, (resource, record)| error.at(format!("/{resource}/{record}"), reason))
}

/// The database has the last word about what may stand beside what.
pub(super) fn refused(error: DbError) -> ApiError {
    if !error.is_about_rows() {
        return error.into();
    }
    tracing::info!(error = error.diagnosis(), "an undo was refused");
    ApiError::conflict(
        "undo_refused",
        "What would come back breaks a rule of the records as they are now, such as a value that no two may share, so \
         nothing was done. Ask for another preview, or leave records out.",
    )
}

/// What is done to a record `r` in spite of all conflicts.
macro_rules! due {
    () => {
        "r.undo_id = $1 AND r.conflict IS NULL"
    };
}

fn lock_rows(id: UndoId, table: &Undoable) -> Statement<()> {
    let text = Text::new(sql!("SELECT 1 FROM"))
        .and(table.table)
        .and(sql!(
            "WHERE id IN (SELECT r.record::uuid FROM undo_records AS r WHERE r.undo_id = $1 AND r.resource = $2)"
        ))
        .and(sql!("ORDER BY id FOR UPDATE"));
    Query::new(text.into_sql(), vec![Box::new(id)]).bind(table.table.as_str()).done()
}

/// Records of which there are entries that the preview did not see.
pub(in crate::events) fn changed_since(id: UndoId) -> Statement<Vec<(String, String)>> {
    let newer = statement(sql!(
        "SELECT r.resource, r.record FROM undo_records AS r WHERE r.undo_id = $1 AND EXISTS (SELECT 1 FROM journal AS j ",
        "WHERE j.record = r.record AND j.resource = r.resource AND j.number > r.seen AND j.change <> 'denied') ",
        "ORDER BY r.resource, r.id LIMIT $2"
    ));
    newer.bind(id).bind(NAMED).many()
}

pub(super) fn conflicts(id: UndoId) -> Statement<Vec<(String, String)>> {
    let conflicts = statement(sql!(
        "SELECT r.resource, r.record FROM undo_records AS r WHERE r.undo_id = $1 ",
        "AND (r.conflict IS NOT NULL OR r.held <> '{}') ORDER BY r.resource, r.id LIMIT $2"
    ));
    conflicts.bind(id).bind(NAMED).many()
}

fn count(id: UndoId) -> Statement<i64> {
    statement(sql!("SELECT count(*) FROM undo_records AS r WHERE ", due!())).bind(id).one().map(|(count,)| count)
}

/// The records of a table that were changed.
fn changed(id: UndoId, table: &Undoable) -> Statement<Vec<Uuid>> {
    let records =
        statement(sql!("SELECT r.record::uuid FROM undo_records AS r WHERE ", due!(), " AND r.resource = $2"));
    records.bind(id).bind(table.table.as_str()).many().map(|ids| ids.into_iter().map(|(id,)| id).collect())
}

/// Changes all tables, and tells how many rows that were.
fn take_back(id: UndoId, tables: &[&'static Undoable]) -> Statement<i64> {
    let mut sql = Sql::from(sql!("WITH"));
    let mut params: Vec<Param> = vec![Box::new(id)];
    for (n, table) in tables.iter().enumerate() {
        push_table(&mut sql, table, n + 2);
        if n + 1 < tables.len() {
            sql.push_trusted(",");
        }
        params.push(Box::new(table.table.as_str()));
    }
    for (n, table) in tables.iter().enumerate() {
        for (m, step) in [DELETED, RESTORED, RECREATED].into_iter().enumerate() {
            sql.push_trusted(if n + m == 0 { "SELECT (SELECT count(*) FROM" } else { "+ (SELECT count(*) FROM" });
            push_name(&mut sql, step, table);
            sql.push_trusted(")");
        }
    }
    Query::new(sql, params).one().map(|(count,)| count)
}

const DELETED: &str = "deleted_";
const RESTORED: &str = "restored_";
const RECREATED: &str = "recreated_";

fn push_name(sql: &mut Sql, step: &'static str, table: &Undoable) {
    sql.push_trusted(step);
    sql.push_glued(table.table);
}

/// What is done to one table, whose name is the n-th parameter: three steps, each behind the one before it.
fn push_table(sql: &mut Sql, table: &Undoable, n: usize) {
    let (name, columns) = (table.table.as_str(), table.columns.as_str());
    push_name(sql, DELETED, table);
    push(sql, &["AS (DELETE FROM", name, "AS c USING undo_records AS r WHERE", due!(), "AND r.resource ="]);
    sql.push_placeholder(n);
    push(sql, &["AND r.action = 'delete' AND c.id = r.record::uuid RETURNING 1),"]);

    push_name(sql, RESTORED, table);
    push(sql, &["AS (UPDATE", name, "AS undone_row SET (", columns, ") = (SELECT", columns, VALUES_OF_ROW, due!()]);
    push(sql, &["AND r.resource ="]);
    sql.push_placeholder(n);
    push(sql, &["AND r.action = 'restore' AND f.name <> ALL (r.held) GROUP BY r.id) AS undone"]);
    push(sql, &["WHERE undone_row.id = undone.undone_id AND (SELECT count(*) FROM"]);
    push_name(sql, DELETED, table);
    push(sql, &[") >= 0 RETURNING 1),"]);

    push_name(sql, RECREATED, table);
    push(
        sql,
        &["AS (INSERT INTO", name, "(", columns, ") SELECT", columns, VALUES_OF_JOURNAL, due!(), "AND r.resource ="],
    );
    sql.push_placeholder(n);
    push(sql, &["AND r.action = 'recreate') AS undone CROSS JOIN LATERAL jsonb_populate_record(NULL::", name]);
    push(sql, &[", undone.undone_value) AS undone_row WHERE (SELECT count(*) FROM"]);
    push_name(sql, RESTORED, table);
    push(sql, &[") >= 0 RETURNING 1)"]);
}

fn push(sql: &mut Sql, parts: &[&'static str]) {
    for part in parts {
        sql.push_trusted(part);
    }
}

/// The row as it is, but for the fields that are set back. It counts and tells the time as after any change.
const VALUES_OF_ROW: &str = "FROM jsonb_populate_record(undone_row, undone.undone_value || jsonb_build_object( \
     'version', undone_row.version + 1, 'updated_at', now()))) FROM (SELECT r.record::uuid AS undone_id, \
     jsonb_object_agg(f.name, b.before -> f.name) AS undone_value FROM undo_records AS r \
     CROSS JOIN LATERAL unnest(r.fields, r.sources) AS f (name, source) JOIN journal AS b ON b.id = f.source WHERE";

/// The row as it was when it was deleted, but for the fields that had been changed before that and are set back too.
const VALUES_OF_JOURNAL: &str = "FROM (SELECT l.before || coalesce((SELECT jsonb_object_agg(f.name, b.before -> f.name) \
     FROM unnest(r.fields, r.sources) AS f (name, source) JOIN journal AS b ON b.id = f.source), '{}') \
     || jsonb_build_object('version', (l.before ->> 'version')::bigint + 1, 'updated_at', now()) AS undone_value \
     FROM undo_records AS r JOIN journal AS l ON l.id = r.last WHERE";
