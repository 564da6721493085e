//! The operations on tenants.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use serde_json::json;

use super::{
    MadeTenants, NewOperatedTenant, NewOperatedTenants, OperatedTenantPatch, Tenant, TenantKey, TenantSort,
    TenantStatus, create, life, store,
};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Created, Cursor, IfMatch, Item, Limit, Operator, Page, Paging, Versioned,
};
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
    /// Makes its schema and its database role. It has no people until some are invited; `owner_email` invites the first owner,
    /// by a letter whose link works once, for 7 days.
    #[oai(path = "/operator/tenants", method = "post", operation_id = "operator_tenants_create")]
    async fn create(&self, caller: Operator, body: Body<NewOperatedTenant>) -> ApiResult<Created<Tenant>> {
        let tenant = create::create(&caller, body.0).await?;
        Ok(Created::at("/operator/tenants", tenant.id, tenant))
    }

    /// Create up to 100 tenants.
    ///
    /// Each is made or refused by itself. One that is there under the same short name and name counts as made, so the
    /// same request can be sent again; its first owner is invited anew where nobody has joined yet, and the link of the older
    /// letter does not work any more.
    #[oai(path = "/operator/tenants/bulk", method = "post", operation_id = "operator_tenants_create_bulk")]
    async fn create_bulk(&self, caller: Operator, body: Body<NewOperatedTenants>) -> ApiResult<Answer<MadeTenants>> {
        create::create_all(&caller, body.0).await.map(Answer)
    }

    /// Show a tenant.
    #[oai(path = "/operator/tenants/:id", method = "get", operation_id = "operator_tenants_get")]
    async fn get(&self, caller: Operator, id: Path<TenantKey>) -> ApiResult<Item<Tenant>> {
        caller.run(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Rename a tenant.
    ///
    /// At once, its short name too. The former short name still leads there for 90 days.
    #[oai(path = "/operator/tenants/:id", method = "patch", operation_id = "operator_tenants_update")]
    async fn update(
        &self,
        caller: Operator,
        id: Path<TenantKey>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<OperatedTenantPatch>,
    ) -> ApiResult<Item<Tenant>> {
        let renamed = caller.transaction(async |tx| {
            let mut tenant = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            tenant.expect(&version)?;
            life::expect(&tenant, &[TenantStatus::Active, TenantStatus::Suspended])?;
            let before = json!({ "name": tenant.name, "slug": tenant.slug });
            body.0.apply(&mut tenant);
            let after = json!({ "name": tenant.name, "slug": tenant.slug });
            if before != after {
                tx.run(store::rename(id.0, tenant.name, tenant.slug)).await?;
                let note = caller.doer().did("tenant.renamed").to(id.0.tenant());
                tx.run(note.with(json!({ "before": before, "after": after })).note()).await?;
            }
            tx.run(store::find(id.0)).await?.ok_or_else(ApiError::not_found)
        });
        renamed.await.map(Item)
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
}
