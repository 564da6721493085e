//! The operations on tenancies.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::life::{self, EndTenancy, Step};
use super::terms::{NewTenancy, TenancyPatch};
use super::{Tenancy, TenancyFields, TenancyId, TenancyStatus, store};
use crate::{Tag, TenanciesRead, TenanciesWrite};

/// Tenancies.
#[derive(Default)]
pub struct TenanciesApi;

#[OpenApi(tag = "Tag::Tenancies")]
impl TenanciesApi {
    /// List tenancies.
    #[oai(path = "/real-estate/tenancies", method = "get", operation_id = "tenancies_list")]
    async fn list(
        &self,
        caller: Can<TenanciesRead>,
        criteria: Criteria<TenancyFields>,
    ) -> ApiResult<Answer<Page<Tenancy>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a tenancy.
    ///
    /// It is a draft, and takes no days of the property until it is started.
    #[oai(path = "/real-estate/tenancies", method = "post", operation_id = "tenancies_create")]
    async fn create(&self, caller: Can<TenanciesWrite>, body: Body<NewTenancy>) -> ApiResult<Created<Tenancy>> {
        let record = caller.write(store::insert(TenancyId::new(), body.0.checked()?)).await?;
        Ok(Created::at("/real-estate/tenancies", record.id, record))
    }

    /// Show a tenancy.
    #[oai(path = "/real-estate/tenancies/:id", method = "get", operation_id = "tenancies_get")]
    async fn get(&self, caller: Can<TenanciesRead>, id: Path<TenancyId>) -> ApiResult<Item<Tenancy>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a tenancy.
    ///
    /// Of one that has started, the first day, the currency and how often rent is due stay; of one that is over, all but what became
    /// of its deposit.
    #[oai(path = "/real-estate/tenancies/:id", method = "patch", operation_id = "tenancies_update")]
    async fn update(
        &self,
        caller: Can<TenanciesWrite>,
        id: Path<TenancyId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<TenancyPatch>,
    ) -> ApiResult<Item<Tenancy>> {
        let record = caller.transaction(async |tx| {
            let mut tenancy = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            tenancy.expect(&version)?;
            body.0.apply_checked(&mut tenancy)?;
            Ok(tx.run(store::update(tenancy)).await?)
        });
        record.await.map(Item)
    }

    /// Start a tenancy.
    ///
    /// From then on its days are its own: where the property is let on any of them, this is 409 `property_let`. Its rent is charged
    /// as it falls due. One that has started stays as it is.
    #[oai(path = "/real-estate/tenancies/:id/start", method = "post", operation_id = "tenancies_start")]
    async fn start(&self, caller: Can<TenanciesWrite>, id: Path<TenancyId>) -> ApiResult<Item<Tenancy>> {
        step(&caller, id.0, life::start).await
    }

    /// End a tenancy.
    ///
    /// It keeps its days up to the last one, and rent is charged until then. One that has ended stays as it is.
    #[oai(path = "/real-estate/tenancies/:id/end", method = "post", operation_id = "tenancies_end")]
    async fn end(
        &self,
        caller: Can<TenanciesWrite>,
        id: Path<TenancyId>,
        body: Body<EndTenancy>,
    ) -> ApiResult<Item<Tenancy>> {
        step(&caller, id.0, |tenancy| life::end(tenancy, &body.0)).await
    }

    /// Cancel a tenancy that has not started.
    #[oai(path = "/real-estate/tenancies/:id/cancel", method = "post", operation_id = "tenancies_cancel")]
    async fn cancel(&self, caller: Can<TenanciesWrite>, id: Path<TenancyId>) -> ApiResult<Item<Tenancy>> {
        step(&caller, id.0, life::cancel).await
    }

    /// Delete a tenancy that never started.
    #[oai(path = "/real-estate/tenancies/:id", method = "delete", operation_id = "tenancies_delete")]
    async fn delete(
        &self,
        caller: Can<TenanciesWrite>,
        id: Path<TenancyId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let deleted = caller.transaction(async |tx| {
            let tenancy = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            tenancy.expect_given(&version)?;
            if !matches!(tenancy.status, TenancyStatus::Draft | TenancyStatus::Canceled) {
                let detail = "This tenancy has started, so it stays. End it instead.";
                return Err(ApiError::conflict("tenancy_started", detail));
            }
            Ok(tx.run(store::delete(id.0)).await?)
        });
        deleted.await.map(|()| Deleted)
    }
}

/// Takes a tenancy a step on.
async fn step(
    caller: &Can<TenanciesWrite>,
    id: TenancyId,
    step: impl FnOnce(Tenancy) -> ApiResult<Step>,
) -> ApiResult<Item<Tenancy>> {
    let record = caller.transaction(async |tx| {
        let tenancy = tx.run(store::lock(id)).await?.ok_or_else(ApiError::not_found)?;
        match step(tenancy)? {
            Step::There(tenancy) => Ok(tenancy),
            Step::To(tenancy) => Ok(tx.run(store::update(tenancy)).await?),
        }
    });
    record.await.map(Item)
}
