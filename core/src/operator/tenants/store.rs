//! The SQL of tenants for operators, on the schema `platform`.

use super::{Tenant, TenantKey, TenantSort, TenantStatus};
use crate::http::{Page, Paging, contains};
use crate::sql;
use crate::tenancy::{Refusal, Statement, records, select, statement};
use crate::value::{Prose, Slug, Text};

/// Which tenants to list.
pub(super) struct Filter {
    /// Words anywhere in name or short name.
    pub(super) q: Option<Text<200>>,
    pub(super) slug: Option<Slug>,
    pub(super) status: Option<TenantStatus>,
}

pub(super) fn list(filter: Filter, paging: Paging<TenantSort>) -> Statement<Page<Tenant>> {
    let Filter { q, slug, status } = filter;
    let tenants = records(sql!("tenants"))
        .filter(sql!("search_text LIKE lower($1)"), q.map(|q| contains(q.as_str())))
        .filter(sql!("slug = $1"), slug)
        .filter(sql!("status = $1"), status);
    paging.page(tenants)
}

pub(super) fn find(id: TenantKey) -> Statement<Option<Tenant>> {
    select::<Tenant>(sql!("FROM tenants WHERE id = $1")).bind(id).optional()
}

pub(super) fn find_slug(slug: Slug) -> Statement<Option<Tenant>> {
    select::<Tenant>(sql!("FROM tenants WHERE slug = $1")).bind(slug).optional()
}

/// Whether anybody belongs to it.
pub(super) fn has_people(id: TenantKey) -> Statement<bool> {
    statement(sql!("SELECT 1 FROM memberships WHERE tenant_id = $1 LIMIT 1")).bind(id).any()
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(id: TenantKey) -> Statement<Option<Tenant>> {
    select::<Tenant>(sql!("FROM tenants WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

/// The sessions of the tenant hold a copy of the status, which follows in the same transaction.
pub(super) fn set_suspended(id: TenantKey, reason: Prose<500>) -> Statement<()> {
    statement(sql!(
        "UPDATE tenants SET status = 'suspended', suspended_reason = $2, suspended_at = coalesce(suspended_at, now()), ",
        "version = version + 1 WHERE id = $1"
    ))
    .bind(id)
    .bind(reason)
    .done()
}

pub(super) fn set_resumed(id: TenantKey) -> Statement<()> {
    statement(sql!(
        "UPDATE tenants SET status = 'active', suspended_reason = NULL, suspended_at = NULL, version = version + 1 ",
        "WHERE id = $1"
    ))
    .bind(id)
    .done()
}

pub(super) fn rename(id: TenantKey, name: Text<200>, slug: Slug) -> Statement<()> {
    statement(sql!("UPDATE tenants SET name = $2, slug = $3, version = version + 1 WHERE id = $1"))
        .bind(id)
        .bind(name)
        .bind(slug)
        .done()
        .refused_by(
            "tenants_slug_key",
            Refusal::Taken {
                pointer: "/slug",
                code: "slug_taken",
                detail: "Another organization has this short name, or had it until recently. Choose another one.",
            },
        )
}
