//! A record of any kind that declares its columns ([`Undoable`]): read as JSON, and changed by it.

use serde_json::Value;
use uuid::Uuid;

use super::condition::Fields;
use crate::events::Undoable;
use crate::sql;
use crate::tenancy::{Query, Sql, Statement};

/// Records of a table, as they are now.
pub(super) fn rows(table: &Undoable, ids: Vec<Uuid>) -> Statement<Vec<(Uuid, Value)>> {
    let mut sql = Sql::from(sql!("SELECT r.id, to_jsonb(r) FROM"));
    sql.push(table.table);
    sql.push(sql!("AS r WHERE r.id = ANY ($1)"));
    Query::new(sql, vec![Box::new(ids)]).many()
}

/// Sets fields of a record, and gives the record since. Where it has these values already, it keeps its version.
///
/// No row where there is no such record.
pub(super) fn set(table: &Undoable, id: Uuid, values: Fields) -> Statement<Value> {
    let (name, columns) = (table.table.as_str(), table.columns.as_str());
    let mut sql = Sql::from(sql!("WITH changed AS (UPDATE"));
    let changed = [
        name,
        "AS r SET (",
        columns,
        ") = (SELECT",
        columns,
        "FROM jsonb_populate_record(r, $2::jsonb || jsonb_build_object('version', r.version + 1, 'updated_at', now()))) \
         WHERE r.id = $1 AND NOT to_jsonb(r) @> $2::jsonb RETURNING r.id, to_jsonb(r) AS since) \
         SELECT coalesce(c.since, to_jsonb(b)) FROM",
        name,
        "AS b LEFT JOIN changed AS c ON c.id = b.id WHERE b.id = $1",
    ];
    for part in changed {
        sql.push_trusted(part);
    }
    Query::new(sql, vec![Box::new(id), Box::new(Value::Object(values))]).one::<(Value,)>().map(|(since,)| since)
}
