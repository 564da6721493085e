//! The backlog: how much waits to be done, and what was given up, for who runs the platform.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::row;
use crate::sql;
use crate::tenancy::{Statement, statement};

/// How much of a kind of work there is.
pub(crate) struct Backlog {
    pub(crate) topic: String,
    /// Not done, and not given up.
    pub(crate) waiting: i64,
    /// Of those, what could be done now.
    pub(crate) due: i64,
    /// For how many seconds the oldest of these has been due.
    pub(crate) late: f64,
    /// Given up.
    pub(crate) dead: i64,
}
row!(Backlog { topic, waiting, due, late, dead });

/// A piece of work that was given up.
pub(crate) struct DeadLetter {
    pub(crate) id: Uuid,
    pub(crate) topic: String,
    /// The tenant's short name.
    pub(crate) tenant: Option<String>,
    pub(crate) attempts: i16,
    pub(crate) dead_at: OffsetDateTime,
    pub(crate) reason: String,
}
row!(DeadLetter { id, topic, tenant, attempts, dead_at, reason });

/// How much there is of each kind: of the outbox, and of listeners that have not heard all.
pub(crate) fn backlog() -> Statement<Vec<Backlog>> {
    statement(sql!(
        "SELECT topic, count(*) FILTER (WHERE dead_at IS NULL), ",
        "count(*) FILTER (WHERE dead_at IS NULL AND due_at <= now()), ",
        "coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE dead_at IS NULL AND due_at <= now())), 0)::float8, ",
        "count(*) FILTER (WHERE dead_at IS NOT NULL) FROM outbox GROUP BY topic ",
        "UNION ALL SELECT kind, count(*), count(*) FILTER (WHERE due_at <= now()), ",
        "coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE due_at <= now())), 0)::float8, 0 ",
        "FROM listeners WHERE due_at IS NOT NULL GROUP BY kind ORDER BY 1"
    ))
    .many()
}

/// How much was given up in all.
pub(crate) fn sum(kinds: &[Backlog]) -> i64 {
    kinds.iter().map(|kind| kind.dead).sum()
}

/// What was given up, the oldest first.
pub(crate) fn dead(limit: i64) -> Statement<Vec<DeadLetter>> {
    statement(sql!(
        "SELECT o.id, o.topic, t.slug AS tenant, o.attempts, o.dead_at, o.reason FROM outbox o ",
        "LEFT JOIN tenants t ON t.id = o.tenant_id WHERE o.dead_at IS NOT NULL ORDER BY o.dead_at LIMIT $1"
    ))
    .bind(limit)
    .many()
}

/// Has what was given up tried again, as if it were new. Tells how much that is.
pub(crate) fn revive(ids: Option<Vec<Uuid>>, topic: Option<String>) -> Statement<i64> {
    statement(sql!(
        "WITH revived AS (UPDATE outbox o SET dead_at = NULL, reason = NULL, attempts = 0, claim = NULL, ",
        "created_at = now(), due_at = now(), turn = now() WHERE dead_at IS NOT NULL ",
        "AND ($1::uuid[] IS NULL OR id = ANY ($1)) AND ($2::text IS NULL OR topic = $2) ",
        // Of a job that comes up by time, one waits at most.
        "AND (payload IS NOT NULL OR id = (SELECT p.id FROM outbox p WHERE p.tenant_id = o.tenant_id AND p.topic = o.topic ",
        "AND p.payload IS NULL ORDER BY p.dead_at DESC NULLS FIRST, p.id LIMIT 1)) RETURNING 1) ",
        "SELECT count(*) FROM revived"
    ))
    .bind(ids)
    .bind(topic)
    .one::<(i64,)>()
    .map(|(count,)| count)
}
