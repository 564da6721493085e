//! The operations on locations.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::{Location, LocationFields, LocationId, LocationPatch, NewLocation, store};
use crate::{ClinicSetupRead, ClinicSetupWrite, Tag};

/// Locations.
#[derive(Default)]
pub struct LocationsApi;

#[OpenApi(tag = "Tag::ClinicSetup")]
impl LocationsApi {
    /// List locations.
    #[oai(path = "/clinic/locations", method = "get", operation_id = "locations_list")]
    async fn list(
        &self,
        caller: Can<ClinicSetupRead>,
        criteria: Criteria<LocationFields>,
    ) -> ApiResult<Answer<Page<Location>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a location.
    #[oai(path = "/clinic/locations", method = "post", operation_id = "locations_create")]
    async fn create(&self, caller: Can<ClinicSetupWrite>, body: Body<NewLocation>) -> ApiResult<Created<Location>> {
        let record = caller.write(store::insert(LocationId::new(), body.0)).await?;
        Ok(Created::at("/clinic/locations", record.id, record))
    }

    /// Show a location.
    #[oai(path = "/clinic/locations/:id", method = "get", operation_id = "locations_get")]
    async fn get(&self, caller: Can<ClinicSetupRead>, id: Path<LocationId>) -> ApiResult<Item<Location>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a location.
    #[oai(path = "/clinic/locations/:id", method = "patch", operation_id = "locations_update")]
    async fn update(
        &self,
        caller: Can<ClinicSetupWrite>,
        id: Path<LocationId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<LocationPatch>,
    ) -> ApiResult<Item<Location>> {
        let changed = caller.transaction(async |tx| {
            let mut record = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            record.expect(&version)?;
            body.0.apply(&mut record);
            Ok(tx.run(store::update(record)).await?)
        });
        changed.await.map(Item)
    }

    /// Delete a location.
    ///
    /// One that other records refer to stays: 409 `in_use`.
    #[oai(path = "/clinic/locations/:id", method = "delete", operation_id = "locations_delete")]
    async fn delete(
        &self,
        caller: Can<ClinicSetupWrite>,
        id: Path<LocationId>,
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
}
