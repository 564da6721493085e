//! The SQL of organizations, on the schema `platform`.

use uuid::Uuid;

use super::{Organization, OrganizationId};
use crate::sql;
use crate::tenancy::{Refusal, Statement, TenantId, select, statement};

/// Somebody else has the short name, or has had it less than 90 days ago.
pub(super) const SLUG_TAKEN: Refusal = Refusal::Taken {
    pointer: "/slug",
    code: "slug_taken",
    detail: "Another organization has this short name, or had it until recently. Choose another one.",
};

pub(super) fn find(tenant: TenantId) -> Statement<Option<Organization>> {
    select::<Organization>(sql!("FROM tenants WHERE id = $1")).bind(tenant).optional()
}

pub(super) fn update(organization: Organization) -> Statement<Organization> {
    let Organization { id, slug, name, require_second_factor, .. } = organization;
    statement(sql!(
        "UPDATE tenants SET slug = $2, name = $3, require_second_factor = $4, version = version + 1 WHERE id = $1 ",
        "RETURNING id, slug, name, require_second_factor, created_at, version"
    ))
    .bind(id)
    .bind(slug)
    .bind(name)
    .bind(require_second_factor)
    .one()
    .refused_by("tenants_slug_key", SLUG_TAKEN)
}

/// Whether the session's person would be kept out by the rule that was just made.
pub(super) fn is_kept_out(session: Uuid) -> Statement<bool> {
    statement(sql!("SELECT 1 FROM sessions WHERE id = $1 AND lacks_second_factor")).bind(session).any()
}

/// Locks a person, so that what one person founds stands in a line.
pub(super) fn lock_person(user: Uuid) -> Statement<()> {
    statement(sql!("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE")).bind(user).done()
}

/// How many organizations a person owns, also those that are being deleted.
pub(super) fn count_owned(user: Uuid) -> Statement<(i64,)> {
    statement(sql!("SELECT count(*) FROM memberships WHERE user_id = $1 AND role = 'owner'")).bind(user).one()
}

/// Whether the session's person has signed in less than a quarter of an hour ago.
pub(super) fn is_fresh(session: Uuid) -> Statement<bool> {
    statement(sql!("SELECT 1 FROM sessions WHERE id = $1 AND signed_in_at > now() - interval '15 minutes'"))
        .bind(session)
        .any()
}

/// Whether an operator is deleting an organization of which the person is a member, and, while it is being deleted, an
/// owner. Locks it.
pub(super) fn lock_restorable(user: Uuid, id: OrganizationId) -> Statement<Option<(bool,)>> {
    statement(sql!(
        "SELECT status = 'deleting' AND deleted_by_operator FROM tenants WHERE id = $2 AND EXISTS (SELECT 1 FROM memberships m WHERE m.tenant_id = $2 AND m.user_id = $1 ",
        "AND (m.role = 'owner' OR tenants.status <> 'deleting')) FOR NO KEY UPDATE"
    ))
    .bind(user)
    .bind(id)
    .optional()
}
