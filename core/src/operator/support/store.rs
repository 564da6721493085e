//! The SQL of support accesses.

use std::net::IpAddr;

use uuid::Uuid;

use super::{SupportAccess, SupportAccessId, SupportAccessSort, SupportConsent, SupportEnd, SupportLevel};
use crate::http::{Page, Paging};
use crate::operator::audit::Doer;
use crate::operator::tenants::TenantStatus;
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, TenantId, records, statement};
use crate::value::Prose;

/// What it takes to begin an access.
pub(super) struct Terms {
    pub(super) status: TenantStatus,
    pub(super) support_consent: SupportConsent,
    pub(super) shard: i16,
}
row!(Terms { status, support_consent, shard });

/// Holds tenant and operator as they are until the access is stored: whoever takes consent away, or disables the
/// operator, comes before and is seen here, or comes after and ends what was begun.
pub(super) fn hold_terms(tenant: TenantId, operator: Uuid) -> Statement<Option<Terms>> {
    statement(sql!(
        "SELECT t.status, t.support_consent, t.shard FROM tenants t, operators o ",
        "WHERE t.id = $1 AND o.id = $2 AND o.disabled_at IS NULL FOR SHARE"
    ))
    .bind(tenant)
    .bind(operator)
    .optional()
}

/// Holds an operator's session as it is: who signs out comes before and is seen here, or comes after and ends what was
/// begun. False where it is over.
pub(super) fn hold_session(session: Uuid) -> Statement<bool> {
    statement(sql!("SELECT 1 FROM operator_sessions WHERE id = $1 AND ended_at IS NULL FOR SHARE")).bind(session).any()
}

/// An access that begins.
pub(super) struct NewAccess {
    pub(super) id: SupportAccessId,
    pub(super) tenant: TenantId,
    pub(super) operator: Uuid,
    pub(super) level: SupportLevel,
    pub(super) reason: Prose<500>,
    pub(super) minutes: u32,
    pub(super) address: Option<IpAddr>,
}

/// Begins an access: its row and its session, which the door admits as it does any other.
pub(super) fn insert(new: NewAccess) -> Statement<SupportAccess> {
    let NewAccess { id, tenant, operator, level, reason, minutes, address } = new;
    statement(sql!(
        "WITH session AS (INSERT INTO sessions (id, tenant_id, role, tenant_status, kind, address, expires_at) ",
        "SELECT $1, t.id, $8, t.status, 'support', $7, now() + make_interval(mins => $6) FROM tenants t WHERE t.id = $2) ",
        "INSERT INTO support_accesses (id, tenant_id, operator_id, level, reason, expires_at) ",
        "VALUES ($1, $2, $3, $4, $5, now() + make_interval(mins => $6)) RETURNING id, ",
        "(SELECT name FROM operators o WHERE o.id = $3), (SELECT email FROM operators o WHERE o.id = $3), ",
        "level, reason, created_at, expires_at, ended_at, ended_by"
    ))
    .bind(id)
    .bind(tenant)
    .bind(operator)
    .bind(level)
    .bind(reason)
    .bind(i32::try_from(minutes).unwrap_or(1))
    .bind(address)
    .bind(level.role().as_str())
    .one()
}

/// The accesses to one tenant.
pub(crate) fn list(tenant: TenantId, paging: Paging<SupportAccessSort>) -> Statement<Page<SupportAccess>> {
    paging.page(records(sql!("support_accesses")).filter(sql!("tenant_id = $1"), Some(tenant)))
}

pub(super) fn is_of(id: SupportAccessId, tenant: TenantId, operator: Uuid) -> Statement<bool> {
    statement(sql!("SELECT 1 FROM support_accesses WHERE id = $1 AND tenant_id = $2 AND operator_id = $3"))
        .bind(id)
        .bind(tenant)
        .bind(operator)
        .any()
}

/// Ends one access to a tenant. False where there is none of this id; one that is over stays as it was.
pub(crate) fn end(id: SupportAccessId, tenant: TenantId, by: SupportEnd, user: Option<Uuid>) -> Statement<bool> {
    statement(sql!(
        "WITH access AS (SELECT id FROM support_accesses WHERE id = $1 AND tenant_id = $2), ",
        "ended AS (UPDATE support_accesses SET ended_at = now(), ended_by = $3, ended_by_user = $4 ",
        "WHERE id = $1 AND tenant_id = $2 AND ended_at IS NULL AND expires_at > now() RETURNING id), ",
        "session AS (UPDATE sessions SET ended_at = now() FROM ended WHERE sessions.id = ended.id) ",
        "SELECT 1 FROM access"
    ))
    .bind(id)
    .bind(tenant)
    .bind(by)
    .bind(user)
    .any()
}

/// Ends all accesses of an operator, and notes each for its organization.
pub(crate) fn end_of_operator(operator: Uuid, by: SupportEnd, doer: Doer) -> Statement<()> {
    statement(sql!(
        "WITH ended AS (UPDATE support_accesses SET ended_at = now(), ended_by = $2 ",
        "WHERE operator_id = $1 AND ended_at IS NULL AND expires_at > now() RETURNING id, tenant_id), ",
        "over AS (UPDATE sessions SET ended_at = now() FROM ended WHERE sessions.id = ended.id) ",
        "INSERT INTO audit_entries (id, operator_id, address, action, tenant, details) ",
        "SELECT gen_random_uuid(), $3, $4, 'support.ended', tenant_id, jsonb_build_object('access', id) FROM ended"
    ))
    .bind(operator)
    .bind(by)
    .bind(doer.operator)
    .bind(doer.address)
    .done()
}

/// What an organization allows.
pub(crate) fn consent(tenant: TenantId) -> Statement<Option<(SupportConsent,)>> {
    statement(sql!("SELECT support_consent FROM tenants WHERE id = $1")).bind(tenant).optional()
}

/// Sets what an organization allows. Waits for whoever is just beginning an access, so that the next statement sees it.
pub(crate) fn set_consent(tenant: TenantId, consent: SupportConsent) -> Statement<()> {
    statement(sql!("UPDATE tenants SET support_consent = $2 WHERE id = $1")).bind(tenant).bind(consent).done()
}

/// Ends all accesses to a tenant that go further than it allows.
pub(crate) fn end_beyond(tenant: TenantId, consent: SupportConsent, user: Uuid) -> Statement<()> {
    statement(sql!(
        "WITH ended AS (UPDATE support_accesses SET ended_at = now(), ended_by = 'organization', ended_by_user = $3 ",
        "WHERE tenant_id = $1 AND ended_at IS NULL AND expires_at > now() ",
        "AND ($2 = 'off' OR $2 = 'read' AND level = 'write') RETURNING id) ",
        "UPDATE sessions SET ended_at = now() FROM ended WHERE sessions.id = ended.id"
    ))
    .bind(tenant)
    .bind(consent.as_str())
    .bind(user)
    .done()
}
