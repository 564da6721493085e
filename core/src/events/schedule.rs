//! Schedules: what comes up by time is written to the outbox, for each tenant that has the module.

use time::OffsetDateTime;

use crate::sql;
use crate::tenancy::{Statement, statement};

/// Has a job of `module` come up where it is due, and notes when it comes up `next`. `gate` says whether only the tenants
/// that enabled the module have it. A job that still waits for its turn in a tenant does not come up there twice.
///
/// However many processes ask, one of them does it. Gives how long it is, in seconds, until the job is due.
pub(crate) fn come_up(topic: String, module: &'static str, gate: bool, next: OffsetDateTime) -> Statement<(f64,)> {
    statement(sql!(
        "WITH known AS (INSERT INTO schedules (job, due_at) VALUES ($1, $4) ON CONFLICT DO NOTHING), ",
        "due AS (UPDATE schedules SET due_at = $4 WHERE job = $1 AND due_at <= now() RETURNING job), ",
        "posted AS (INSERT INTO outbox (id, tenant_id, topic, actor) ",
        "SELECT gen_random_uuid(), t.id, $1, ROW('system', NULL, NULL, NULL, $1, NULL)::actor FROM due, tenants t ",
        "WHERE t.status = 'active' AND (NOT $3 OR EXISTS (SELECT 1 FROM tenant_modules m ",
        "WHERE m.tenant_id = t.id AND m.module = $2 AND m.enabled)) ON CONFLICT DO NOTHING) ",
        "SELECT extract(epoch FROM least($4, (SELECT s.due_at FROM schedules s WHERE s.job = $1 AND s.due_at > now())) ",
        "- now())::float8"
    ))
    .bind(topic)
    .bind(module)
    .bind(gate)
    .bind(next)
    .one()
}
