//! The operations on tenants.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{
    MadeTenants, NewOperatedTenant, NewOperatedTenants, Reason, Tenant, TenantKey, TenantSort, TenantStatus, create,
    store,
};
use crate::http::{Answer, ApiError, ApiResult, Body, Cursor, Limit, Made, Operator, Page, Paging};
use crate::module::Tag;
use crate::tenancy::{TenantUsage, TotalUsage};
use crate::value::{Slug, Text};

/// Tenants, for operators.
#[derive(Default)]
pub struct OperatorTenantsApi;

#[OpenApi(tag = "Tag::Operators")]
impl OperatorTenantsApi {
    /// List tenants.
    #[allow(clippy::too_many_arguments, reason = "each is a parameter of the operation")]
    #[oai(path = "/operator/tenants", method = "get", operation_id = "operator_tenants_list")]
    async fn list(
        &self,
        caller: Operator,
        /// Looks in name and short name.
        q: Query<Option<Text<200>>>,
        /// Only the one with this short name.
        slug: Query<Option<Slug>>,
        /// Only those that stand here in their life.
        status: Query<Option<TenantStatus>>,
        /// The order; newest first where it is left out.
        sort: Query<Option<TenantSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Tenant>>> {
        let filter = store::Filter { q: q.0, slug: slug.0, status: status.0 };
        let sort = sort.0.unwrap_or(TenantSort::CreatedAtDesc);
        let paging = Paging::new(&caller, "operator tenants", sort, limit.0, cursor.0)?;
        caller.run(store::list(filter, paging)).await.map(Answer)
    }

    /// Create a tenant.
    ///
    /// Makes its schema and its database role. It has no people until some are invited.
    #[oai(path = "/operator/tenants", method = "post", operation_id = "operator_tenants_create")]
    async fn create(&self, caller: Operator, body: Body<NewOperatedTenant>) -> ApiResult<Made<Tenant>> {
        create::create(&caller, body.0).await.map(Made)
    }

    /// Create up to 100 tenants.
    ///
    /// Each is made or refused by itself. One that is there under the same short name and name counts as made, so the
    /// same request can be sent again.
    #[oai(path = "/operator/tenants/bulk", method = "post", operation_id = "operator_tenants_create_bulk")]
    async fn create_bulk(&self, caller: Operator, body: Body<NewOperatedTenants>) -> ApiResult<Answer<MadeTenants>> {
        create::create_all(&caller, body.0).await.map(Answer)
    }

    /// Show a tenant.
    #[oai(path = "/operator/tenants/:id", method = "get", operation_id = "operator_tenants_get")]
    async fn get(&self, caller: Operator, id: Path<TenantKey>) -> ApiResult<Answer<Tenant>> {
        caller.run(store::find(id.0)).await?.map(Answer).ok_or_else(ApiError::not_found)
    }

    /// Show what a tenant uses.
    #[oai(path = "/operator/tenants/:id/usage", method = "get", operation_id = "operator_tenants_usage")]
    async fn usage(&self, caller: Operator, id: Path<TenantKey>) -> ApiResult<Answer<TenantUsage>> {
        let usage = caller.platform().tenants().usage(id.0.tenant()).await?;
        usage.map(Answer).ok_or_else(ApiError::not_found)
    }

    /// Show what all tenants use together.
    #[oai(path = "/operator/usage", method = "get", operation_id = "operator_usage")]
    async fn total_usage(&self, caller: Operator) -> ApiResult<Answer<TotalUsage>> {
        Ok(Answer(caller.platform().tenants().total_usage().await?))
    }

    /// Suspend a tenant.
    ///
    /// From the next request on its people are refused; nothing of it is lost. Suspending again changes the reason.
    #[oai(path = "/operator/tenants/:id/suspension", method = "put", operation_id = "operator_tenants_suspend")]
    async fn suspend(&self, caller: Operator, id: Path<TenantKey>, body: Body<Reason>) -> ApiResult<Answer<Tenant>> {
        let reason = body.0.reason;
        let tenant = caller
            .transaction(async |tx| {
                let tenant = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                expect(&tenant, &[TenantStatus::Active, TenantStatus::Suspended])?;
                tx.run(store::set_suspended(id.0, reason.clone())).await?;
                let note = caller.actor().did("tenant.suspended").to(id.0.tenant());
                tx.run(note.because(reason.to_string()).note()).await?;
                Ok(tx.run(store::find(id.0)).await?)
            })
            .await?;
        tenant.map(Answer).ok_or_else(ApiError::not_found)
    }

    /// Resume a suspended tenant.
    ///
    /// Its people's sessions are as they were. Resuming one that is active does no harm.
    #[oai(path = "/operator/tenants/:id/suspension", method = "delete", operation_id = "operator_tenants_resume")]
    async fn resume(&self, caller: Operator, id: Path<TenantKey>) -> ApiResult<Answer<Tenant>> {
        let tenant = caller
            .transaction(async |tx| {
                let tenant = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                expect(&tenant, &[TenantStatus::Active, TenantStatus::Suspended])?;
                if tenant.status == TenantStatus::Suspended {
                    tx.run(store::set_resumed(id.0)).await?;
                    tx.run(caller.actor().did("tenant.resumed").to(id.0.tenant()).note()).await?;
                }
                Ok(tx.run(store::find(id.0)).await?)
            })
            .await?;
        tenant.map(Answer).ok_or_else(ApiError::not_found)
    }
}

/// Refuses what a tenant's state does not allow.
fn expect(tenant: &Tenant, allowed: &[TenantStatus]) -> ApiResult<()> {
    if allowed.contains(&tenant.status) {
        return Ok(());
    }
    let status = tenant.status.as_str();
    Err(ApiError::conflict("tenant_status", format!("This cannot be done to a tenant that is {status}.")))
}
