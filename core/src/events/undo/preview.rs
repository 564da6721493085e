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
        let detail = format!("{count} records were changed, and {MOST_RECORDS} can be undone at once: expected less time");
        return Err(ApiError::invalid().at("/until", detail));
    }
    let id = UndoId::new();
    tx.run(store::forget_old()).await?;
    tx.run(store::insert(id, caller.user(), &new, left_out)).await?;
    if count > 0 {
        tx.run(plan(id, &new, ground.resources())).await?;
        for mark in relations::marks(id, ground.tables()) {
            tx.run(mark).await?;
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
fn plan(id: UndoId, new: &NewUndo, resources: Vec<&'static str>) -> Statement<()> {
    select(PLAN, new).bind(resources).bind(id).done()
}

const PLAN: Fragment = sql!(
    "WITH mine AS MATERIALIZED (",
    "SELECT resource AS kin, record AS key, min(number) AS began FROM journal WHERE ",
    selected!(),
    " AND resource = ANY ($7) GROUP BY 1, 2",
    "), told AS MATERIALIZED (",
    "SELECT kin, key, id, number, change, before, after, ",
    selected!(),
    " AS ours FROM mine JOIN journal ON record = key AND resource = kin AND number >= began AND change <> 'denied'",
    "), touch AS (",
    "SELECT kin, key, id, number, ours, field, old, new, count(*) FILTER (WHERE NOT ours) ",
    "OVER (PARTITION BY kin, key, field ORDER BY number) AS others FROM (",
    "SELECT kin, key, id, number, ours, field, before -> field AS old, after -> field AS new ",
    "FROM told CROSS JOIN LATERAL jsonb_object_keys(coalesce(after, before)) AS keys (field) ",
    "WHERE field <> ALL ('{id,version,created_at,updated_at}') ",
    "UNION ALL SELECT kin, key, id, number, ours, '', to_jsonb(change = 'deleted'), to_jsonb(change = 'created') ",
    "FROM told WHERE change IN ('created', 'deleted')) AS each",
    "), run AS (",
    "SELECT DISTINCT ON (kin, key, field) kin, key, field, id AS source, number AS began, old ",
    "FROM touch WHERE ours ORDER BY kin, key, field, others DESC, number",
    "), stand AS (",
    "SELECT DISTINCT ON (kin, key, field) kin, key, field, id AS stand, ours AS free, new ",
    "FROM touch ORDER BY kin, key, field, number DESC",
    "), turn AS (",
    "SELECT kin, key, field, source, stand, began, free, old IS DISTINCT FROM new AS turned ",
    "FROM run JOIN stand USING (kin, key, field)",
    "), life AS (SELECT kin, key, began, free, turned FROM turn WHERE field = ''",
    "), fields AS (",
    "SELECT kin, key, array_agg(field ORDER BY field) AS fields, array_agg(source ORDER BY field) AS sources, ",
    "array_agg(stand ORDER BY field) AS stands, coalesce(array_agg(field) FILTER (WHERE NOT free), '{}') AS held ",
    "FROM turn WHERE field <> '' AND turned GROUP BY kin, key",
    "), ending AS (",
    "SELECT DISTINCT ON (kin, key) kin, key, id AS last, number AS seen, change <> 'deleted' AS is_there ",
    "FROM told ORDER BY kin, key, number DESC",
    "), judged AS (",
    "SELECT kin, key, last, seen, CASE WHEN turned AND is_there THEN 'delete' WHEN turned THEN 'recreate' ",
    "WHEN is_there OR turned IS NULL THEN 'restore' END AS action, ",
    "CASE WHEN NOT is_there AND (turned IS NULL OR turned AND NOT free) THEN 'gone' ",
    "WHEN turned AND is_there AND (NOT free OR EXISTS (SELECT 1 FROM told AS other WHERE other.kin = ending.kin ",
    "AND other.key = ending.key AND NOT other.ours AND other.number > began)) THEN 'changed_since' END AS conflict ",
    "FROM ending LEFT JOIN life USING (kin, key)",
    ") INSERT INTO undo_records (id, undo_id, resource, record, action, conflict, fields, sources, stands, held, last, seen) ",
    "SELECT gen_random_uuid(), $8, kin, key, action, ",
    "CASE WHEN action = 'restore' AND held @> fields THEN coalesce(conflict, 'changed_since') ELSE conflict END, ",
    "CASE WHEN action = 'delete' THEN '{}' ELSE coalesce(fields, '{}') END, ",
    "CASE WHEN action = 'delete' THEN '{}' ELSE coalesce(sources, '{}') END, ",
    "CASE WHEN action = 'delete' THEN '{}' ELSE coalesce(stands, '{}') END, ",
    "CASE WHEN action = 'delete' THEN '{}' ELSE coalesce(held, '{}') END, last, seen ",
    "FROM judged LEFT JOIN fields USING (kin, key) ",
    "WHERE action IS NOT NULL AND (action <> 'restore' OR fields.fields IS NOT NULL)"
);
