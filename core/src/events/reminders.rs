//! Reminders: what is due goes to the outbox, a message for each, so that only organizations are visited that have some.

use crate::row;
use crate::sql;
use crate::tenancy::{Statement, statement};

/// Reminders that come up at once.
pub(crate) const BATCH: i64 = 1000;

/// What has come up.
pub(crate) struct ComeUp {
    pub(crate) count: i64,
    /// In how many seconds the next one is due; none where there is none.
    pub(crate) next: Option<f64>,
}
row!(ComeUp { count, next });

/// Has up to [`BATCH`] reminders come up that are due. However many processes ask, each comes up once. Those of organizations that
/// are not active wait.
pub(crate) fn come_up() -> Statement<ComeUp> {
    statement(sql!(
        "WITH due AS (DELETE FROM reminders r USING (SELECT w.tenant_id, w.record FROM reminders w ",
        "JOIN tenants t ON t.id = w.tenant_id WHERE w.at <= now() AND t.status = 'active' ORDER BY w.at LIMIT $1 ",
        "FOR UPDATE OF w SKIP LOCKED) AS d WHERE r.tenant_id = d.tenant_id AND r.record = d.record ",
        "RETURNING r.tenant_id, r.record, r.at), ",
        "posted AS (INSERT INTO outbox (id, tenant_id, topic, actor, payload) SELECT gen_random_uuid(), due.tenant_id, ",
        "'reminder', ROW('system', NULL, NULL, NULL, 'reminder', NULL)::actor, ",
        "convert_to(jsonb_build_object('record', due.record, 'at', due.at)::text, 'UTF8') FROM due) ",
        "SELECT (SELECT count(*) FROM due), ",
        "extract(epoch FROM (SELECT min(n.at) FROM reminders n WHERE n.at > now()) - now())::float8"
    ))
    .bind(BATCH)
    .one()
}
