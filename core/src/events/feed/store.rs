//! The SQL of the feed.

use serde_json::Value;
use uuid::Uuid;

use super::Heard;
use crate::events::FEED_DAYS;
use crate::http::Limit;
use crate::sql;
use crate::tenancy::{Statement, select, statement};

/// What has a position after this one, of these resources.
pub(in crate::events) fn after(position: i64, resources: Vec<&'static str>, limit: Limit) -> Statement<Vec<Heard>> {
    select::<Heard>(sql!(
        "FROM journal_seals JOIN journal USING (number) WHERE position > $1 AND resource = ANY ($2) AND change <> 'denied' ",
        "AND at > now() - make_interval(days => $3) ORDER BY position LIMIT $4"
    ))
    .bind(position)
    .bind(resources)
    .bind(FEED_DAYS)
    .bind(limit.get())
    .many()
}

/// How far an endpoint looks for events at once, which hears few of many.
const AT_ONCE: i64 = 5_000;

/// A position after this one that is not too far, or the last one that there is.
pub(in crate::events) fn reach(position: i64) -> Statement<(i64,)> {
    statement(sql!(
        "SELECT coalesce(max(position), $1) FROM journal_seals WHERE position > $1 AND position <= $1 + $2::int8"
    ))
    .bind(position)
    .bind(AT_ONCE)
    .one()
}

/// What has a position after the one and up to the other, of these changes: `contacts.created`, as the journal has them.
pub(in crate::events) fn told(position: i64, reach: i64, changes: Vec<String>, limit: i64) -> Statement<Vec<Heard>> {
    select::<Heard>(sql!(
        "FROM journal_seals JOIN journal USING (number) WHERE position > $1 AND position <= $2 ",
        "AND resource || '.' || change = ANY ($3) ORDER BY position LIMIT $4"
    ))
    .bind(position)
    .bind(reach)
    .bind(changes)
    .bind(limit)
    .many()
}

/// One event.
pub(in crate::events) fn one(id: Uuid) -> Statement<Option<Heard>> {
    select::<Heard>(sql!("FROM journal_seals JOIN journal USING (number) WHERE id = $1")).bind(id).optional()
}

/// What was deleted by these changes, as it was last.
pub(in crate::events) fn before(deletions: Vec<Uuid>) -> Statement<Vec<(Uuid, Value)>> {
    statement(sql!("SELECT id, before FROM journal WHERE id = ANY ($1) AND change = 'deleted' AND before IS NOT NULL"))
        .bind(deletions)
        .many()
}
