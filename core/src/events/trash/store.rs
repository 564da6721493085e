//! The SQL of the trash: which deletions are in it, and what each took with it.
//!
//! What goes because of a record names it in one of its columns, in the same transaction: it is deleted in turn, or the column is
//! emptied, or a field of the organization's own in the column `custom`. `at` is the time at which a transaction began, so its
//! entries are found by the index on that. A record's own id is no name of another, even where one of another kind has the same.

use std::collections::HashMap;

use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{Deletion, TRASH_DAYS, TrashSort};
use crate::events::audit::EntryId;
use crate::events::undo::{Ground, LeftOut, UndoId};
use crate::http::{Page, Paging};
use crate::sql;
use crate::tenancy::{Fragment, List, Reach, Statement, bygone, statement};
use crate::value::Text;

fn seen(reach: Reach, ground: &Ground) -> List<Deletion> {
    bygone(reach, &ground.owned(), TRASH_DAYS).filter(sql!("resource = ANY ($1)"), Some(ground.seen()))
}

// `OFFSET 0` keeps the questions apart from the list: joined to it they would be asked of the whole journal.
/// What is not back, and went by itself, or because of a record that is back without it.
const IN_THE_TRASH: Fragment = sql!(
    "NOT EXISTS (SELECT 1 FROM journal AS c WHERE c.record = journal.record AND c.resource = journal.resource ",
    "AND c.number > journal.number AND c.change = 'created' OFFSET 0) ",
    "AND NOT EXISTS (SELECT 1 FROM jsonb_each_text(journal.before) AS named (field, id) JOIN journal AS p ",
    "ON p.record = named.id AND p.at = journal.at AND p.change = 'deleted' AND p.resource = ANY ($1) ",
    "WHERE named.id <> journal.record AND char_length(named.id) = 36 AND NOT EXISTS (SELECT 1 FROM journal AS c ",
    "WHERE c.record = p.record AND c.resource = p.resource AND c.number > p.number AND c.change = 'created' OFFSET 0))"
);

pub(super) fn list(
    reach: Reach,
    ground: &Ground,
    resource: Option<Text<60>>,
    paging: Paging<TrashSort>,
) -> Statement<Page<Deletion>> {
    let deletions = seen(reach, ground).filter(IN_THE_TRASH, Some(ground.names()));
    paging.page(deletions.filter(sql!("resource = $1"), resource))
}

pub(super) fn find(reach: Reach, ground: &Ground, id: EntryId) -> Statement<Option<Deletion>> {
    let found = seen(reach, ground).filter(sql!("id = $1"), Some(id)).first(sql!("ORDER BY id"), 1);
    found.map(|mut found| found.pop())
}

/// From the deletions `root`: `told` is what was deleted or unlinked in their transactions, once for each record that it named;
/// `gone` is what was deleted because of them, and because of that, and they themselves. `$1` are their ids, `$2` the kinds.
macro_rules! gone {
    () => {
        "WITH RECURSIVE root AS (SELECT id, at, number, request_id, resource, record FROM journal WHERE id = ANY ($1)), \
         told AS MATERIALIZED (SELECT j.at, j.id, j.number, j.resource, j.record, j.change, v.field, v.named \
         FROM (SELECT DISTINCT at, request_id FROM root) AS t JOIN journal AS j ON j.at = t.at \
         AND j.request_id IS NOT DISTINCT FROM t.request_id AND j.resource = ANY ($2) AND j.change IN ('deleted', 'updated') \
         CROSS JOIN LATERAL (SELECT e.field, e.named, j.after ->> e.field FROM jsonb_each_text(j.before) AS e (field, named) \
         UNION ALL SELECT 'custom', e.named, j.after -> 'custom' ->> e.key FROM jsonb_each_text( \
         CASE WHEN j.change = 'updated' AND jsonb_typeof(j.before -> 'custom') = 'object' THEN j.before -> 'custom' END \
         ) AS e (key, named)) AS v (field, named, left_over) \
         WHERE v.named <> j.record AND char_length(v.named) = 36 AND (j.change = 'deleted' OR v.left_over IS NULL)), \
         gone AS (SELECT id AS root, at, id, number, resource, record FROM root UNION \
         SELECT g.root, t.at, t.id, t.number, t.resource, t.record FROM gone AS g JOIN told AS t \
         ON t.at = g.at AND t.named = g.record AND t.change = 'deleted')"
    };
}

/// How many other records went with each of these, or were unlinked.
pub(super) fn went_with(deletions: Vec<Uuid>, ground: &Ground) -> Statement<HashMap<Uuid, i64>> {
    let counts = statement(sql!(
        gone!(),
        " SELECT g.root, count(DISTINCT (t.resource, t.record)) FROM gone AS g JOIN told AS t ON t.at = g.at ",
        "AND t.named = g.record GROUP BY g.root"
    ));
    counts.bind(deletions).bind(ground.seen()).many().map(|counts: Vec<(Uuid, i64)>| counts.into_iter().collect())
}

/// The undo that a restoration is: of the one deletion, applied by who asks for it.
pub(super) fn begin(undo: UndoId, by: Uuid, deletion: &Deletion) -> Statement<()> {
    let insert = statement(sql!(
        "INSERT INTO undos (id, user_id, since, until, records, request_id, left_out, created_by, applied_by, applied_at) ",
        "VALUES ($1, $2, $3::timestamptz, $3::timestamptz + interval '1 microsecond', ARRAY[$4::text], $5, $6, $7, $7, now())"
    ));
    let (user, at, record) = (deletion.user_id, deletion.at, deletion.record.clone());
    let nothing: Vec<Json<LeftOut>> = Vec::new();
    insert.bind(undo).bind(user).bind(at).bind(record).bind(deletion.request_id).bind(nothing).bind(by).done()
}

/// Writes down what the undo does: what is gone is made again, unless it is there by now; a link that was lost is there again,
/// unless somebody has set it since.
pub(super) fn plan(undo: UndoId, deletion: &Deletion, ground: &Ground) -> Statement<Vec<(String, String)>> {
    statement(PLAN).bind(vec![deletion.id.as_uuid()]).bind(ground.names()).bind(undo).many()
}

const PLAN: Fragment = sql!(
    gone!(),
    ", lost AS (SELECT DISTINCT t.resource, t.record, t.field, t.id, ",
    "(SELECT max(l.number) FROM journal AS l WHERE l.record = t.record AND l.resource = t.resource AND l.change <> 'denied') AS seen ",
    "FROM gone AS g JOIN told AS t ON t.named = g.record AND t.change = 'updated' ",
    "WHERE NOT EXISTS (SELECT 1 FROM journal AS l WHERE l.record = t.record AND l.resource = t.resource ",
    "AND l.number > t.number AND (l.change = 'deleted' OR l.before ? t.field))), ",
    "planned AS (SELECT g.resource, g.record, 'recreate' AS action, keys.fields, ",
    "array_fill(g.id, ARRAY[cardinality(keys.fields)]) AS sources, g.id AS last, g.number AS seen FROM gone AS g ",
    "JOIN journal AS j ON j.id = g.id CROSS JOIN LATERAL (SELECT array_agg(field ORDER BY field) AS fields ",
    "FROM jsonb_object_keys(j.before) AS each (field) WHERE field <> ALL ('{id,version,created_at,updated_at}')) AS keys ",
    "WHERE NOT EXISTS (SELECT 1 FROM journal AS l WHERE l.record = g.record AND l.resource = g.resource ",
    "AND l.number > g.number AND l.change <> 'denied') ",
    "UNION ALL SELECT l.resource, l.record, 'restore', array_agg(l.field ORDER BY l.field), array_agg(l.id ORDER BY l.field), ",
    "(SELECT j.id FROM journal AS j WHERE j.number = l.seen), l.seen FROM lost AS l GROUP BY l.resource, l.record, l.seen) ",
    "INSERT INTO undo_records (id, undo_id, resource, record, action, fields, sources, stands, held, last, seen) ",
    "SELECT gen_random_uuid(), $3, resource, record, action, fields, sources, sources, '{}', last, seen FROM planned ",
    "RETURNING resource, record"
);
