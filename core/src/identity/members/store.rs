//! The SQL of memberships, on the schema `platform`.

use uuid::Uuid;

use super::{Member, MemberSort, UserId};
use crate::http::{Page, Paging};
use crate::identity::teams::TeamId;
use crate::permission::{HeldRole, RecordScope, RoleKey, RoleRef};
use crate::row;
use crate::sql;
use crate::tenancy::{Fragment, Refusal, Statement, TenantId, records, statement};

/// What the database says where an organization would have no owner left; name of the constraint and meaning.
pub(in crate::identity) const LAST_OWNER: (&str, Refusal) = (
    "memberships_owner_check",
    Refusal::InTheWay {
        code: "last_owner",
        detail: "The organization would have no owner left. Make somebody else an owner first.",
    },
);

/// A membership with the person, as a table.
const MEMBERS: Fragment = sql!(
    "(SELECT m.tenant_id, m.user_id AS id, u.name, u.email, m.role, m.created_at, m.version ",
    "FROM memberships m JOIN users u ON u.id = m.user_id) members"
);

/// The members of an organization, or those of them in a team of it.
pub(super) fn list(tenant: TenantId, team: Option<TeamId>, paging: Paging<MemberSort>) -> Statement<Page<Member>> {
    let in_team = sql!("(id, tenant_id) IN (SELECT t.user_id, t.tenant_id FROM team_members t WHERE t.team_id = $1)");
    paging.page(records(MEMBERS).filter(sql!("tenant_id = $1"), Some(tenant)).filter(in_team, team))
}

pub(super) fn find(tenant: TenantId, user: UserId) -> Statement<Option<Member>> {
    statement(sql!(
        "SELECT m.user_id, u.name, u.email, m.role, m.created_at, m.version ",
        "FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.tenant_id = $1 AND m.user_id = $2"
    ))
    .bind(tenant)
    .bind(user)
    .optional()
}

/// A role as it is held, with what it allows.
pub(in crate::identity) struct Held {
    key: RoleKey,
    permissions: Option<Vec<String>>,
    scope: Option<RecordScope>,
}
row!(Held { key, permissions, scope });

impl From<Held> for HeldRole {
    fn from(held: Held) -> Self {
        Self::stored(held.key, held.permissions, held.scope)
    }
}

/// What a member may do by now.
pub(in crate::identity) fn held(tenant: TenantId, user: Uuid) -> Statement<Option<HeldRole>> {
    let held = statement(sql!(
        "SELECT m.role, r.permissions, r.scope FROM memberships m ",
        "LEFT JOIN custom_roles r ON r.tenant_id = m.role_tenant AND r.key = m.role ",
        "WHERE m.tenant_id = $1 AND m.user_id = $2"
    ));
    held.bind(tenant).bind(user).optional::<Held>().map(|held| held.map(HeldRole::from))
}

/// Gives a member a role that exists.
pub(super) fn set_role(tenant: TenantId, user: UserId, role: RoleRef) -> Statement<()> {
    statement(sql!(
        "UPDATE memberships SET version = version + 1, role_tenant = CASE WHEN $4::uuid IS NULL THEN NULL ELSE $1::uuid END, ",
        "role = coalesce($3::text, (SELECT key FROM custom_roles WHERE tenant_id = $1 AND id = $4)) ",
        "WHERE tenant_id = $1 AND user_id = $2"
    ))
    .bind(tenant)
    .bind(user)
    .bind(role.built_in().map(|role| role.as_str()))
    .bind(role.custom())
    .done()
    .refused_by(LAST_OWNER.0, LAST_OWNER.1)
}

/// Removes a member and ends what was signed in.
pub(super) fn remove(tenant: TenantId, user: Uuid) -> Statement<bool> {
    statement(sql!(
        "WITH ended AS (UPDATE sessions SET ended_at = now() ",
        "WHERE tenant_id = $1 AND user_id = $2 AND ended_at IS NULL) ",
        "DELETE FROM memberships WHERE tenant_id = $1 AND user_id = $2 RETURNING 1"
    ))
    .bind(tenant)
    .bind(user)
    .any()
    .refused_by(LAST_OWNER.0, LAST_OWNER.1)
}

/// Locks an organization's row: who takes members away stands in a line.
pub(in crate::identity) fn lock_organization(tenant: TenantId) -> Statement<()> {
    statement(sql!("SELECT 1 FROM tenants WHERE id = $1 FOR NO KEY UPDATE")).bind(tenant).done()
}
