//! The SQL of the tenants of tenancies.

use tenantry_core::http::{Page, Paging};
use tenantry_core::sql;
use tenantry_core::tenancy::{Reach, Refusal, Statement, owned};

use super::{NewTenancyTenant, TenancyId, TenancyTenant, TenancyTenantId, TenancyTenantSort};

const TENANT_ALREADY: Refusal = Refusal::Taken {
    pointer: "/contact_id",
    code: "tenant_already",
    detail: "This contact is a tenant of the tenancy already.",
};

pub(super) fn list(
    reach: Reach,
    tenancy: TenancyId,
    paging: Paging<TenancyTenantSort>,
) -> Statement<Page<TenancyTenant>> {
    paging.page(owned(reach).list().filter(sql!("tenancy_id = $1"), Some(tenancy)))
}

pub(super) fn lock(reach: Reach, id: TenancyTenantId) -> Statement<Option<TenancyTenant>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, tenancy: TenancyId, new: NewTenancyTenant) -> Statement<TenancyTenant> {
    let NewTenancyTenant { contact_id } = new;
    owned(reach)
        .change()
        .set(sql!("id"), TenancyTenantId::new())
        .set(sql!("tenancy_id"), tenancy)
        .set(sql!("contact_id"), contact_id)
        .insert()
        .refused_by("tenancy_tenants_contact_id_fkey", Refusal::Missing { pointer: "/contact_id" })
        .refused_by("tenancy_tenants_key", TENANT_ALREADY)
}

pub(super) fn delete(reach: Reach, id: TenancyTenantId) -> Statement<()> {
    owned::<TenancyTenant>(reach).delete(id)
}
