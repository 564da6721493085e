//! The SQL of organizations, on the schema `platform`.

use uuid::Uuid;

use super::{Organization, OrganizationId};
use crate::sql;
use crate::tenancy::{Refusal, Statement, TenantId, select, statement};
use crate::value::{Slug, Text};

/// Somebody else has the short name, or has had it less than 90 days ago.
pub(in crate::identity) const SLUG_TAKEN: Refusal = Refusal::Taken {
    pointer: "/slug",
    code: "slug_taken",
    detail: "Another organization has this short name, or had it until recently. Choose another one.",
};

pub(super) fn find(tenant: TenantId) -> Statement<Option<Organization>> {
    select::<Organization>(sql!("FROM tenants WHERE id = $1")).bind(tenant).optional()
}

pub(super) fn update(organization: Organization) -> Statement<Organization> {
    let Organization { id, slug, name, .. } = organization;
    rename(id, slug, name).one().refused_by("tenants_slug_key", SLUG_TAKEN)
}

fn rename(id: OrganizationId, slug: Slug, name: Text<200>) -> crate::tenancy::Query {
    statement(sql!(
        "UPDATE tenants SET slug = $2, name = $3, version = version + 1 WHERE id = $1 ",
        "RETURNING id, slug, name, created_at, version"
    ))
    .bind(id)
    .bind(slug)
    .bind(name)
}

/// Whether the session's person has signed in less than a quarter of an hour ago.
pub(super) fn is_fresh(session: Uuid) -> Statement<bool> {
    statement(sql!("SELECT 1 FROM sessions WHERE id = $1 AND created_at > now() - interval '15 minutes'"))
        .bind(session)
        .any()
}

/// What a person is in an organization, whatever its state.
pub(super) fn owned(user: Uuid, id: OrganizationId) -> Statement<Option<Organization>> {
    select::<Organization>(sql!(
        "FROM tenants WHERE id = $2 AND status <> 'purged' AND EXISTS (",
        "SELECT 1 FROM memberships WHERE memberships.tenant_id = $2 AND user_id = $1 AND role = 'owner')"
    ))
    .bind(user)
    .bind(id)
    .optional()
}
