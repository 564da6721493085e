//! The operations on services.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::offered::{self, Offering};
use super::{NewService, Service, ServiceFields, ServiceId, ServicePatch, store};
use crate::{ClinicSetupRead, ClinicSetupWrite, Tag};

/// Services.
#[derive(Default)]
pub struct ServicesApi;

#[OpenApi(tag = "Tag::ClinicSetup")]
impl ServicesApi {
    /// List services.
    #[oai(path = "/clinic/services", method = "get", operation_id = "services_list")]
    async fn list(
        &self,
        caller: Can<ClinicSetupRead>,
        criteria: Criteria<ServiceFields>,
    ) -> ApiResult<Answer<Page<Service>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a service.
    #[oai(path = "/clinic/services", method = "post", operation_id = "services_create")]
    async fn create(&self, caller: Can<ClinicSetupWrite>, body: Body<NewService>) -> ApiResult<Created<Service>> {
        let service = Service::from(body.0);
        let made = caller.transaction(async |tx| {
            service.check()?;
            Ok(tx.run(store::insert(service)).await?)
        });
        let record = made.await?;
        Ok(Created::at("/clinic/services", record.id, record))
    }

    /// Show a service.
    #[oai(path = "/clinic/services/:id", method = "get", operation_id = "services_get")]
    async fn get(&self, caller: Can<ClinicSetupRead>, id: Path<ServiceId>) -> ApiResult<Item<Service>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a service.
    #[oai(path = "/clinic/services/:id", method = "patch", operation_id = "services_update")]
    async fn update(
        &self,
        caller: Can<ClinicSetupWrite>,
        id: Path<ServiceId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<ServicePatch>,
    ) -> ApiResult<Item<Service>> {
        let changed = caller.transaction(async |tx| {
            let mut record = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            record.expect(&version)?;
            body.0.apply(&mut record);
            record.check()?;
            Ok(tx.run(store::update(record)).await?)
        });
        changed.await.map(Item)
    }

    /// Delete a service.
    ///
    /// One that other records refer to stays: 409 `in_use`.
    #[oai(path = "/clinic/services/:id", method = "delete", operation_id = "services_delete")]
    async fn delete(
        &self,
        caller: Can<ClinicSetupWrite>,
        id: Path<ServiceId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            let record = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            record.expect_given(&version)?;
            Ok(tx.run(store::delete(id.0)).await?)
        });
        gone.await.map(|()| Deleted)
    }

    /// Say who offers a service.
    ///
    /// All of them: who is left out does not offer it any more.
    #[oai(path = "/clinic/services/:id/practitioners", method = "put", operation_id = "services_practitioners_set")]
    async fn set_practitioners(
        &self,
        caller: Can<ClinicSetupWrite>,
        id: Path<ServiceId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<Offering>,
    ) -> ApiResult<Item<Service>> {
        let set = caller.transaction(async |tx| {
            let service = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            service.expect_given(&version)?;
            offered::replace(tx, service, body.0).await
        });
        set.await.map(Item)
    }
}
