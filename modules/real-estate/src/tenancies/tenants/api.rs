//! The operations on who lives in a property.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Cursor, Deleted, Limit, Made, Page, Paging};

use super::{NewTenancyTenant, TenancyId, TenancyTenant, TenancyTenantId, TenancyTenantSort, store};
use crate::tenancies::store as tenancies;
use crate::{Tag, TenancyTenantsRead, TenancyTenantsWrite};

/// Who lives in a property by a tenancy.
#[derive(Default)]
pub struct TenancyTenantsApi;

#[OpenApi(tag = "Tag::Tenancies")]
impl TenancyTenantsApi {
    /// List the tenants of a tenancy.
    #[oai(path = "/real-estate/tenancies/:id/tenants", method = "get", operation_id = "tenancy_tenants_list")]
    async fn list(
        &self,
        caller: Can<TenancyTenantsRead>,
        id: Path<TenancyId>,
        /// The order; who came first comes first where it is left out.
        sort: Query<Option<TenancyTenantSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<TenancyTenant>>> {
        let sort = sort.0.unwrap_or(TenancyTenantSort::CreatedAt);
        let paging = Paging::new(&caller, "tenancy_tenants", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(tenancies::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::list(caller.reach(), id.0, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// Add a tenant to a tenancy.
    #[oai(path = "/real-estate/tenancies/:id/tenants", method = "post", operation_id = "tenancy_tenants_create")]
    async fn create(
        &self,
        caller: Can<TenancyTenantsWrite>,
        id: Path<TenancyId>,
        body: Body<NewTenancyTenant>,
    ) -> ApiResult<Made<TenancyTenant>> {
        let made = caller.transaction(async |tx| {
            tx.run(tenancies::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::insert(caller.reach(), id.0, body.0)).await?)
        });
        made.await.map(Made)
    }

    /// Remove a tenant from a tenancy.
    #[oai(
        path = "/real-estate/tenancies/:id/tenants/:tenant_id",
        method = "delete",
        operation_id = "tenancy_tenants_delete"
    )]
    async fn delete(
        &self,
        caller: Can<TenancyTenantsWrite>,
        id: Path<TenancyId>,
        tenant_id: Path<TenancyTenantId>,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            tx.run(tenancies::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            let tenant = tx.run(store::lock(caller.reach(), tenant_id.0)).await?;
            tenant.filter(|tenant| tenant.tenancy_id == id.0).ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::delete(caller.reach(), tenant_id.0)).await?)
        });
        gone.await.map(|()| Deleted)
    }
}
