//! Listeners: who hears a tenant's events, one after the other, in their order.
//!
//! An enabled row of a tenant's table `webhooks` or `rules` is one. The schema `platform` has how far it has heard and when it
//! hears on; the database keeps that, and wakes it when a journal was sealed (`migrations/platform/V24__work.sql`). So what is
//! looked at grows with the listeners that have something to hear, not with the tenants.

use std::time::Duration;

use uuid::Uuid;

use crate::row;
use crate::sql;
use crate::tenancy::{Statement, TenantId, statement};

/// A listener that a worker has claimed.
#[derive(Debug, Clone)]
pub(crate) struct Listener {
    /// Its row in the tenant's table.
    pub(crate) id: Uuid,
    /// Proves that it is still ours, and lets us into the tenant.
    pub(crate) claim: Uuid,
    pub(crate) tenant_id: TenantId,
    /// Which login serves that tenant.
    pub(crate) shard: i16,
    /// The tenant's table.
    pub(crate) kind: String,
    /// The last event that it has heard.
    pub(crate) position: i64,
    /// How often it has failed to hear the next one.
    pub(crate) attempts: i16,
    /// For how many seconds it has only failed.
    pub(crate) failing_for: Option<f64>,
}
row!(Listener { id, claim, tenant_id, shard, kind, position, attempts, failing_for });

/// What a listener did with its turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Heard {
    /// It has heard all up to this position, and goes on in its next turn where there is more.
    Until(i64),
    /// It goes on after this position without having heard anything: there was nothing for it, or it gave up. Where it has
    /// only failed so far, that stays so.
    Past(i64),
    /// It has heard all up to this position, but failed to hear the next one: it tries again after this time.
    FailedAfter(i64, Duration),
    /// It could not try, by no fault of its own: it does after this time, as if nothing had been.
    Rest(Duration),
}

/// Takes up to `limit` listeners that have something to hear, and of none of the `busy` tenants.
pub(crate) fn claim(limit: i64, lease: Duration, busy: Vec<TenantId>) -> Statement<Vec<Listener>> {
    statement(sql!(
        "WITH due AS (SELECT tenant_id, id FROM listeners WHERE due_at <= now() AND tenant_id <> ALL ($3) ",
        "ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED) ",
        "UPDATE listeners l SET due_at = now() + make_interval(secs => $2), claim = gen_random_uuid() ",
        "FROM due, tenants t WHERE l.tenant_id = due.tenant_id AND l.id = due.id AND t.id = l.tenant_id ",
        "RETURNING l.id, l.claim, l.tenant_id, t.shard, l.kind, l.position, l.attempts, ",
        "extract(epoch FROM now() - l.failing_since)::float8 AS failing_for"
    ))
    .bind(limit)
    .bind(lease.as_secs_f64())
    .bind(busy)
    .many()
}

/// Notes what listeners did. Whoever lost the claim in between changes nothing: another one has heard the same.
pub(crate) fn settle(turns: Vec<(Uuid, Heard)>) -> Statement<()> {
    let (mut claims, mut ends, mut positions, mut waits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (claim, heard) in turns {
        let (end, position, wait) = match heard {
            Heard::Until(position) => ("heard", Some(position), None),
            Heard::Past(position) => ("past", Some(position), None),
            Heard::FailedAfter(position, wait) => ("failed", Some(position), Some(wait.as_secs_f64())),
            Heard::Rest(wait) => ("rests", None, Some(wait.as_secs_f64())),
        };
        claims.push(claim);
        ends.push(end);
        positions.push(position);
        waits.push(wait);
    }
    statement(sql!(
        "UPDATE listeners l SET claim = NULL, position = coalesce(k.position, l.position), ",
        "due_at = CASE WHEN k.wait IS NOT NULL THEN now() + make_interval(secs => k.wait) ",
        "WHEN l.head > k.position THEN now() END, ",
        "attempts = CASE WHEN k.how = 'rests' THEN l.attempts WHEN k.how <> 'failed' THEN 0 ",
        "WHEN k.position > l.position THEN 1 ELSE least(l.attempts + 1, 1000) END, ",
        "failing_since = CASE WHEN k.how = 'heard' THEN NULL WHEN k.how <> 'failed' THEN l.failing_since ",
        "WHEN k.position > l.position THEN now() ELSE coalesce(l.failing_since, now()) END ",
        "FROM unnest($1::uuid[], $2::text[], $3::int8[], $4::float8[]) AS k (claim, how, position, wait) ",
        "WHERE l.claim = k.claim"
    ))
    .bind(claims)
    .bind(ends)
    .bind(positions)
    .bind(waits)
    .done()
}
