//! Tries that are denied: noted in the journal, but not as often as somebody likes to repeat them.

use std::time::Duration;

use moka::sync::Cache;
use uuid::Uuid;

use super::Caller;
use crate::permission::PermissionInfo;
use crate::sql;
use crate::tenancy::{Statement, TenantId, statement};

/// Equal tries of one session within this time are one entry.
const WINDOW: Duration = Duration::from_secs(60);
/// Tries to remember.
const REMEMBERED: u64 = 10_000;

/// What was tried: by which session of which organization, which operation, for want of which permission.
type Try = (TenantId, Uuid, &'static str, &'static str);

/// The tries that this process knows to be noted. It only saves the question: the database decides for all processes.
pub(crate) struct DeniedTries(Cache<Try, ()>);

impl Default for DeniedTries {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(REMEMBERED).time_to_live(WINDOW).build())
    }
}

/// Notes what somebody tried, unless the same was noted just now.
pub(super) async fn note(caller: &Caller, permission: &PermissionInfo) {
    let known = &caller.platform.denied_tries().0;
    let tried = (caller.tenant(), caller.session(), caller.actor().operation, permission.name);
    let noted = match known.contains_key(&tried) {
        true => false,
        false => match caller.platform.db().run(noting(tried, caller.actor().to_string())).await {
            Ok(noted) => noted,
            Err(error) => return tracing::warn!(error = error.diagnosis(), "a denied try could not be noted"),
        },
    };
    if noted {
        known.insert(tried, ());
    } else {
        metrics::counter!("tenantry_denied_tries_merged_total").increment(1);
    }
}

/// Tells whether it was news.
fn noting((tenant, session, operation, permission): Try, actor: String) -> Statement<bool> {
    statement(sql!(
        "WITH news AS (INSERT INTO denials AS d (tenant_id, session_id, operation, permission) VALUES ($1, $2, $3, $4) ",
        "ON CONFLICT (tenant_id, session_id, operation, permission) DO UPDATE SET noted_at = now() ",
        "WHERE d.noted_at < now() - make_interval(secs => $6) RETURNING 1) SELECT note_denial($1, $5, $4) FROM news"
    ))
    .bind(tenant)
    .bind(session)
    .bind(operation)
    .bind(permission)
    .bind(actor)
    .bind(WINDOW.as_secs_f64())
    .any()
}

/// Forgets tries that would be news again.
pub(crate) fn forget_denied_tries() -> Statement<()> {
    statement(sql!("DELETE FROM denials WHERE noted_at < now() - make_interval(secs => $1)"))
        .bind(WINDOW.as_secs_f64())
        .done()
}
