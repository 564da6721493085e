//! From the journal to what undoing would do: one statement, however many records there are.
//!
//! Of each field the last uninterrupted run of changes by the actor is taken back, to what it was before the first of them.
//! Where somebody else has changed the field since that run, it is in conflict, unless they have set it back already. Whether a
//! record is there at all is one such field, by the name of ''.

use super::ground::Ground;
use super::{MOST_RECORDS, NewUndo, Undo, UndoId, relations, store};
use crate::http::{ApiError, ApiResult, Caller};
use crate::sql;
use crate::tenancy::{Fragment, Query, Statement, TenantTx, statement};

/// Which entries of the journal are undone; `$1` to `$6`.
macro_rules! selected {
    () => {
        "(user_id = $1 AND at >= $2 AND at < $3 AND ($4::text[] IS NULL OR record = ANY ($4)) \
         AND ($5::uuid IS NULL OR request_id = $5) AND ($6::text[] IS NULL OR resource = ANY ($6)) \
         AND record IS NOT NULL AND change <> 'denied')"
    };
}

/// Makes a preview in the transaction.
pub(super) async fn make(tx: &mut TenantTx, caller: &Caller, ground: &Ground, new: NewUndo) -> ApiResult<Undo> {
    if !tx.run(is_known(&new)).await? {
        return Err(ApiError::not_found().at("/user_id", "the audit knows nothing of such a person"));
    }
    let (count, left_out) = ground.part(tx.run(found(&new, ground.hidden())).await?);
    if usize::try_from(count).unwrap_or(usize::MAX) > MOST_RECORDS {
        let detail =
            format!("{count} records were changed, and {MOST_RECORDS} can be undone at once: expected less time");
        return Err(ApiError::invalid().at("/until", detail));
    }
    let id = UndoId::new();
    tx.run(store::insert(id, caller.user(), &new, left_out)).await?;
    if count > 0 {
        tx.run(plan(id, &new, ground.resources())).await?;
        for mark in relations::marks(id, ground.tables()) {
            tx.run(mark.statement).await?;
        }
    }
    tx.run(store::find(id)).await?.ok_or_else(ApiError::internal)
}

fn is_known(new: &NewUndo) -> Statement<bool> {
    statement(sql!("SELECT 1 FROM journal WHERE user_id = $1 LIMIT 1")).bind(new.user_id).any()
}

fn select(sql: Fragment, new: &NewUndo) -> Query {
    let (records, resources) = (new.records.clone(), new.resources.clone());
    let query = statement(sql).bind(new.user_id).bind(new.from).bind(new.until);
    query.bind(records).bind(new.request_id).bind(resources)
}

/// How many records of which kinds were changed.
fn found(new: &NewUndo, hidden: Vec<&'static str>) -> Statement<Vec<(String, i64)>> {
    let count = sql!(
        "SELECT resource, count(DISTINCT record) FROM journal WHERE ",
        selected!(),
        " AND resource <> ALL ($7) GROUP BY resource ORDER BY resource"
    );
    select(count, new).bind(hidden).many()
}

/// Writes down what undoing does to each record of these kinds.
pub(super) fn plan(id: UndoId, new: &NewUndo, resources: Vec<&'static str>) -> Statement<()> {
    select(PLAN, new).bind(resources).bind(id).done()
}

// Windows instead of joins: whatever the planner thinks of the number of rows, each step passes over them once.
const PLAN: Fragment = sql!(
    "WITH mine AS MATERIALIZED (",
    "SELECT resource AS kin, record AS key, min(number) AS began FROM journal WHERE ",
    selected!(),
    " AND resource = ANY ($7) GROUP BY 1, 2",
    "), told AS (",
    "SELECT kin, key, id, number, change, before, after, ours, first_value(id) OVER latest AS last, ",
    "first_value(number) OVER latest AS seen, first_value(change) OVER latest <> 'deleted' AS is_there, ",
    "max(number) FILTER (WHERE NOT ours) OVER (PARTITION BY kin, key) AS other FROM (",
    "SELECT kin, key, id, number, change, before, after, ",
    selected!(),
    " AS ours FROM mine JOIN journal ON record = key AND resource = kin AND number >= began AND change <> 'denied') AS entry ",
    "WINDOW latest AS (PARTITION BY kin, key ORDER BY number DESC)",
    "), touch AS (",
    "SELECT kin, key, last, seen, is_there, other, id, number, ours, field, old, ",
    "count(*) FILTER (WHERE NOT ours) OVER (PARTITION BY kin, key, field ORDER BY number) AS others, ",
    "first_value(id) OVER latest AS stand, first_value(ours) OVER latest AS free, first_value(new) OVER latest AS standing ",
    "FROM (SELECT kin, key, last, seen, is_there, other, id, number, ours, field, before -> field AS old, after -> field AS new ",
    "FROM told CROSS JOIN LATERAL jsonb_object_keys(coalesce(after, before)) AS keys (field) ",
    "WHERE field <> ALL ('{id,version,created_at,updated_at}') ",
    "UNION ALL SELECT kin, key, last, seen, is_there, other, id, number, ours, '', to_jsonb(change = 'deleted'), ",
    "to_jsonb(change = 'created') FROM told WHERE change IN ('created', 'deleted')) AS each ",
    "WINDOW latest AS (PARTITION BY kin, key, field ORDER BY number DESC)",
    "), turn AS (",
    "SELECT DISTINCT ON (kin, key, field) kin, key, last, seen, is_there, other, field, id AS source, stand, number AS began, ",
    "free, old IS DISTINCT FROM standing AS turned FROM touch WHERE ours ORDER BY kin, key, field, others DESC, number",
    "), grouped AS (",
    "SELECT kin, key, last, seen, is_there, bool_or(turned) FILTER (WHERE field = '') AS turned, ",
    "bool_and(free AND (NOT is_there OR other IS NULL OR other < began)) FILTER (WHERE field = '') AS alone, ",
    "coalesce(array_agg(field ORDER BY field) FILTER (WHERE field <> '' AND turned), '{}') AS fields, ",
    "coalesce(array_agg(source ORDER BY field) FILTER (WHERE field <> '' AND turned), '{}') AS sources, ",
    "coalesce(array_agg(stand ORDER BY field) FILTER (WHERE field <> '' AND turned), '{}') AS stands, ",
    "coalesce(array_agg(field) FILTER (WHERE field <> '' AND turned AND NOT free), '{}') AS held ",
    "FROM turn GROUP BY kin, key, last, seen, is_there, other",
    "), judged AS (",
    "SELECT kin, key, last, seen, fields, sources, stands, held, ",
    "CASE WHEN turned AND is_there THEN 'delete' WHEN turned THEN 'recreate' ",
    "WHEN is_there OR turned IS NULL THEN 'restore' END AS action, ",
    "CASE WHEN NOT is_there AND (turned IS NULL OR turned AND NOT alone) THEN 'gone' ",
    "WHEN turned AND NOT alone THEN 'changed_since' WHEN turned THEN NULL ",
    "WHEN held @> fields THEN 'changed_since' END AS conflict FROM grouped",
    ") INSERT INTO undo_records (id, undo_id, resource, record, action, conflict, fields, sources, stands, held, last, seen) ",
    "SELECT gen_random_uuid(), $8, kin, key, action, conflict, ",
    "CASE WHEN action = 'delete' THEN '{}' ELSE fields END, CASE WHEN action = 'delete' THEN '{}' ELSE sources END, ",
    "CASE WHEN action = 'delete' THEN '{}' ELSE stands END, CASE WHEN action = 'delete' THEN '{}' ELSE held END, last, seen ",
    "FROM judged WHERE action IS NOT NULL AND (action <> 'restore' OR fields <> '{}')"
);
