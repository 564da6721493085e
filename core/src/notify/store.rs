//! The SQL of notices on the schema `platform`: people, organizations, and addresses that get nothing.

use uuid::Uuid;

use crate::sql;
use crate::tenancy::{Statement, TenantId, statement};
use crate::value::Locale;

/// The language of whoever signs in with an address.
pub(super) fn language_of(address: String) -> Statement<Option<Locale>> {
    statement(sql!("SELECT locale FROM users WHERE email = $1 AND deleted_at IS NULL"))
        .bind(address)
        .optional::<(Locale,)>()
        .map(|row| row.map(|(locale,)| locale))
}

pub(super) fn name_of(tenant: TenantId) -> Statement<String> {
    statement(sql!("SELECT name FROM tenants WHERE id = $1")).bind(tenant).one::<(String,)>().map(|(name,)| name)
}

/// Notes that a notice is not sent; what takes it out of the outbox then leaves that as it is.
pub(super) fn suppress(tenant: TenantId, notice: Uuid, reason: &'static str) -> Statement<()> {
    statement(sql!("SELECT end_notice($1, $2, 'waiting', 'suppressed', $3)"))
        .bind(tenant)
        .bind(notice)
        .bind(reason)
        .done()
}

/// Why an address gets nothing, if so.
pub(super) fn suppressed(hash: Vec<u8>) -> Statement<Option<String>> {
    // What is worse comes first.
    statement(sql!(
        "SELECT kind FROM suppressions WHERE address_hash = $1 AND expires_at > now() ORDER BY kind DESC LIMIT 1"
    ))
    .bind(hash)
    .optional::<(String,)>()
    .map(|row| row.map(|(kind,)| kind))
}

/// Suppresses addresses, each of them once: what came back for good for 90 days, what was complained about for a year.
pub(super) fn suppress_addresses(hashes: Vec<Vec<u8>>, kinds: Vec<String>) -> Statement<()> {
    statement(sql!(
        "INSERT INTO suppressions (address_hash, kind, expires_at) SELECT DISTINCT n.hash, n.kind, ",
        "now() + CASE n.kind WHEN 'complaint' THEN interval '1 year' ELSE interval '90 days' END ",
        "FROM unnest($1::bytea[], $2::text[]) AS n (hash, kind) ",
        "ON CONFLICT (address_hash, kind) DO UPDATE SET noted_at = now(), expires_at = excluded.expires_at"
    ))
    .bind(hashes)
    .bind(kinds)
    .done()
}

/// Notes in the logs of organizations that letters have come back.
pub(super) fn return_notices(
    tenants: Vec<TenantId>,
    notices: Vec<Uuid>,
    recipients: Vec<String>,
    reasons: Vec<String>,
) -> Statement<()> {
    statement(sql!(
        "SELECT return_notice(tenant, notice, recipient, reason) ",
        "FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS r (tenant, notice, recipient, reason)"
    ))
    .bind(tenants)
    .bind(notices)
    .bind(recipients)
    .bind(reasons)
    .done()
}

/// Writes down that the reader of an address wants no more advertising. Tells the organization's name, if there still is one.
pub(super) fn withdraw(tenant: TenantId, address: String) -> Statement<Option<String>> {
    statement(sql!("SELECT withdraw_consent($1, $2, 'email', 'unsubscribe link')"))
        .bind(tenant)
        .bind(address)
        .one::<(Option<String>,)>()
        .map(|(name,)| name)
}

/// The name of an organization that still is one.
pub(super) fn existing(tenant: TenantId) -> Statement<Option<String>> {
    statement(sql!("SELECT name FROM tenants WHERE id = $1 AND status <> 'purged'"))
        .bind(tenant)
        .optional::<(String,)>()
        .map(|row| row.map(|(name,)| name))
}

/// Forgets addresses whose time is over.
pub(crate) fn sweep() -> Statement<()> {
    statement(sql!("DELETE FROM suppressions WHERE expires_at < now()")).done()
}
