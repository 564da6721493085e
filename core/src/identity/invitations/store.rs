//! The SQL of invitations, on the schema `platform`.

use uuid::Uuid;

use super::promise::{Promise, StoredPromise};
use super::{Invitation, InvitationId, InvitationSort, StoredInvitation};
use crate::http::{Page, Paging};
use crate::permission::{RoleKey, RoleRef};
use crate::sql;
use crate::tenancy::{Fragment, Refusal, Statement, TenantId, records, statement};

const MEMBER_ALREADY: Refusal =
    Refusal::InTheWay { code: "member_already", detail: "This person is a member of the organization already." };

/// Invitations with what has become of them, and of what their senders may do, as a table.
const INVITATIONS: Fragment = sql!(
    "(SELECT i.tenant_id, i.id, i.email, CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' ",
    "WHEN i.revoked_at IS NOT NULL THEN 'revoked' WHEN i.expires_at <= now() THEN 'expired' ELSE 'open' END AS status, ",
    "i.created_at, i.sent_at, i.expires_at, i.role, g.permissions AS role_permissions, ",
    "g.scope AS role_scope, i.by_operator, i.sender_role, s.permissions AS sender_permissions, s.scope AS sender_scope FROM invitations i ",
    "LEFT JOIN custom_roles g ON g.tenant_id = i.role_tenant AND g.key = i.role ",
    "LEFT JOIN custom_roles s ON s.tenant_id = i.tenant_id AND s.key = i.sender_role) invitations"
);

pub(super) fn list(tenant: TenantId, paging: Paging<InvitationSort>) -> Statement<Page<StoredInvitation>> {
    paging.page(records(INVITATIONS).filter(sql!("tenant_id = $1"), Some(tenant)))
}

/// Those of these addresses that are members' already.
pub(super) fn members(tenant: TenantId, emails: Vec<String>) -> Statement<Vec<String>> {
    statement(sql!(
        "SELECT u.email FROM users u JOIN memberships m ON m.user_id = u.id WHERE m.tenant_id = $1 AND u.email = ANY($2)"
    ))
    .bind(tenant)
    .bind(emails)
    .many::<(String,)>()
    .map(|rows| rows.into_iter().map(|(email,)| email).collect())
}

/// Letters that an organization has sent since yesterday.
pub(super) fn letters(tenant: TenantId) -> Statement<(i64,)> {
    statement(sql!(
        "SELECT coalesce(sum(letters), 0)::bigint FROM invitations WHERE tenant_id = $1 AND sent_at > now() - interval '1 day'"
    ))
    .bind(tenant)
    .one()
}

/// Who sends an invitation.
#[derive(Clone, Copy)]
pub(super) enum Sender {
    /// A member.
    Member(Uuid),
    /// An operator, where there is no member yet.
    Operator,
}

/// Invites addresses, or anew those that have an open invitation: its older token is void then.
pub(super) fn invite(
    tenant: TenantId,
    sender: Sender,
    role: RoleKey,
    emails: Vec<String>,
    hashes: Vec<Vec<u8>>,
) -> Statement<Vec<Invitation>> {
    let sender = match sender {
        Sender::Member(user) => Some(user),
        Sender::Operator => None,
    };
    let ids: Vec<Uuid> = emails.iter().map(|_| InvitationId::new().as_uuid()).collect();
    statement(sql!(
        "INSERT INTO invitations AS i ",
        "(id, tenant_id, email, role, role_tenant, token_hash, expires_at, sender, sender_role, by_operator) ",
        "SELECT id, $1, email, $2, CASE WHEN $3 THEN $1::uuid END, hash, now() + interval '7 days', $7, ",
        "(SELECT m.role FROM memberships m WHERE m.user_id = $7 AND m.tenant_id = $1), $7 IS NULL ",
        "FROM unnest($4::uuid[], $5::text[], $6::bytea[]) AS new (id, email, hash) ",
        "ON CONFLICT (tenant_id, email) WHERE (accepted_at IS NULL AND revoked_at IS NULL) DO UPDATE ",
        "SET role = excluded.role, role_tenant = excluded.role_tenant, token_hash = excluded.token_hash, ",
        "expires_at = excluded.expires_at, letters = i.letters + 1, sent_at = now(), ",
        "sender = excluded.sender, sender_role = excluded.sender_role, by_operator = excluded.by_operator ",
        "RETURNING id, email, role, 'open', created_at, sent_at, expires_at"
    ))
    .bind(tenant)
    .bind(role)
    .bind(matches!(role, RoleKey::Custom { .. }))
    .bind(ids)
    .bind(emails)
    .bind(hashes)
    .bind(sender)
    .many()
}

/// The address and the role of an invitation that was neither accepted nor revoked.
pub(super) fn pending(tenant: TenantId, id: InvitationId) -> Statement<Option<(String, RoleRef)>> {
    statement(sql!(
        "SELECT email, role FROM invitations ",
        "WHERE tenant_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL"
    ))
    .bind(tenant)
    .bind(id)
    .optional()
}

/// Takes back what operators have sent.
pub(super) fn revoke_of_operators(tenant: TenantId) -> Statement<()> {
    statement(sql!(
        "UPDATE invitations SET revoked_at = now() ",
        "WHERE tenant_id = $1 AND by_operator AND accepted_at IS NULL AND revoked_at IS NULL"
    ))
    .bind(tenant)
    .done()
}

pub(super) fn revoke(tenant: TenantId, id: InvitationId) -> Statement<()> {
    statement(sql!(
        "UPDATE invitations SET revoked_at = now() ",
        "WHERE tenant_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL"
    ))
    .bind(tenant)
    .bind(id)
    .done()
}

/// An invitation that can be accepted, as far as its row tells.
pub(super) fn find(hash: Vec<u8>) -> Statement<Option<Promise>> {
    statement(sql!(
        "SELECT i.tenant_id, i.email, i.role, g.permissions, g.scope, i.by_operator, i.sender_role, s.permissions, s.scope ",
        "FROM invitations i JOIN tenants t ON t.id = i.tenant_id ",
        "LEFT JOIN custom_roles g ON g.tenant_id = i.role_tenant AND g.key = i.role ",
        "LEFT JOIN custom_roles s ON s.tenant_id = i.tenant_id AND s.key = i.sender_role ",
        "WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now() ",
        "AND t.status = 'active'"
    ))
    .bind(hash)
    .optional::<StoredPromise>()
    .map(|found| found.map(Promise::from))
}

/// Locks an invitation: until the transaction ends nobody takes anything from its sender, whose role it has a copy of.
pub(super) fn lock(hash: Vec<u8>) -> Statement<()> {
    statement(sql!("SELECT 1 FROM invitations WHERE token_hash = $1 FOR UPDATE")).bind(hash).done()
}

/// Takes an invitation and makes its person a member; of many at once one does. The letter has reached the person, which
/// proves the address.
pub(super) fn accept(hash: Vec<u8>, user: Uuid) -> Statement<bool> {
    statement(sql!(
        "WITH taken AS (UPDATE invitations SET accepted_at = now() WHERE token_hash = $1 AND accepted_at IS NULL ",
        "AND revoked_at IS NULL AND expires_at > now() RETURNING tenant_id, role, role_tenant), ",
        "verified AS (UPDATE users SET email_verified_at = coalesce(email_verified_at, now()) ",
        "FROM taken WHERE users.id = $2) ",
        "INSERT INTO memberships (user_id, tenant_id, role, role_tenant) ",
        "SELECT $2, tenant_id, role, role_tenant FROM taken RETURNING 1"
    ))
    .bind(hash)
    .bind(user)
    .any()
    .refused_by("memberships_pkey", MEMBER_ALREADY)
}

/// Whether an address is a person's.
pub(super) fn is_of(user: Uuid, email: String) -> Statement<bool> {
    statement(sql!("SELECT 1 FROM users WHERE id = $1 AND email = $2")).bind(user).bind(email).any()
}

/// An organization as its new member sees it.
pub(super) fn joined(user: Uuid, tenant: TenantId) -> Statement<(Uuid, String, String, RoleRef)> {
    statement(sql!(
        "SELECT t.id, t.slug, t.name, m.role FROM memberships m JOIN tenants t ON t.id = m.tenant_id ",
        "WHERE m.user_id = $1 AND m.tenant_id = $2"
    ))
    .bind(user)
    .bind(tenant)
    .one()
}
