//! The SQL of custom roles, on the schema `platform`.

use super::{CustomRole, RoleId, RoleSort};
use crate::http::{Page, Paging};
use crate::permission::RecordScope;
use crate::sql;
use crate::tenancy::{Refusal, Statement, TenantId, records, select, statement};
use crate::value::Text;

const NAME_TAKEN: Refusal = Refusal::Taken {
    pointer: "/name",
    code: "name_taken",
    detail: "Another role of this organization has this name. Choose another one.",
};

const IN_USE: Refusal = Refusal::InTheWay {
    code: "role_in_use",
    detail: "Members or open invitations have this role. Give them another one first.",
};

pub(super) fn list(tenant: TenantId, paging: Paging<RoleSort>) -> Statement<Page<CustomRole>> {
    paging.page(records(sql!("custom_roles")).filter(sql!("tenant_id = $1"), Some(tenant)))
}

pub(super) fn find(tenant: TenantId, id: RoleId) -> Statement<Option<CustomRole>> {
    select::<CustomRole>(sql!("FROM custom_roles WHERE tenant_id = $1 AND id = $2")).bind(tenant).bind(id).optional()
}

pub(super) fn count(tenant: TenantId) -> Statement<(i64,)> {
    statement(sql!("SELECT count(*) FROM custom_roles WHERE tenant_id = $1")).bind(tenant).one()
}

pub(super) fn insert(
    tenant: TenantId,
    name: Text<100>,
    permissions: Vec<String>,
    scope: RecordScope,
) -> Statement<CustomRole> {
    statement(sql!(
        "INSERT INTO custom_roles (id, tenant_id, name, permissions, scope) VALUES ($1, $2, $3, $4, $5) ",
        "RETURNING id, name, permissions, scope, created_at, updated_at, version"
    ))
    .bind(RoleId::new())
    .bind(tenant)
    .bind(name)
    .bind(permissions)
    .bind(scope)
    .one()
    .refused_by("custom_roles_name_key", NAME_TAKEN)
}

/// Its key changes with it, and so does the role of each member and session that has it: their tokens are refused from
/// now on, and refreshed ones know the new permissions.
pub(super) fn update(role: CustomRole) -> Statement<CustomRole> {
    statement(sql!(
        "UPDATE custom_roles SET name = $2, permissions = $3, scope = $4, version = version + 1, updated_at = now() WHERE id = $1 ",
        "RETURNING id, name, permissions, scope, created_at, updated_at, version"
    ))
    .bind(role.id)
    .bind(role.name)
    .bind(role.permissions)
    .bind(role.scope)
    .one()
    .refused_by("custom_roles_name_key", NAME_TAKEN)
}

pub(super) fn delete(id: RoleId) -> Statement<()> {
    statement(sql!("DELETE FROM custom_roles WHERE id = $1"))
        .bind(id)
        .done()
        .refused_by("memberships_custom_role_fkey", IN_USE)
        .refused_by("invitations_custom_role_fkey", IN_USE)
}

/// Forgets the invitations with a role that are over, which would keep it from going.
pub(super) fn forget_invitations(tenant: TenantId, id: RoleId) -> Statement<()> {
    statement(sql!(
        "DELETE FROM invitations i USING custom_roles r WHERE r.tenant_id = $1 AND r.id = $2 AND i.role_tenant = $1 ",
        "AND i.role = r.key AND (i.accepted_at IS NOT NULL OR i.revoked_at IS NOT NULL OR i.expires_at <= now())"
    ))
    .bind(tenant)
    .bind(id)
    .done()
}

/// The modules that an organization has enabled.
pub(super) fn enabled(tenant: TenantId) -> Statement<Vec<String>> {
    statement(sql!("SELECT module FROM tenant_modules WHERE tenant_id = $1 AND enabled"))
        .bind(tenant)
        .many::<(String,)>()
        .map(|rows| rows.into_iter().map(|(module,)| module).collect())
}
