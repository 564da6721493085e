//! The operations on rooms and devices.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::calendar::{make_resources, rename_resource, unmake_resource};
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::{NewRoom, Room, RoomFields, RoomId, RoomPatch, store};
use crate::{ClinicSetupRead, ClinicSetupWrite, MODULE, Tag};

/// Rooms and devices.
#[derive(Default)]
pub struct RoomsApi;

#[OpenApi(tag = "Tag::ClinicSetup")]
impl RoomsApi {
    /// List rooms and devices.
    #[oai(path = "/clinic/rooms", method = "get", operation_id = "rooms_list")]
    async fn list(
        &self,
        caller: Can<ClinicSetupRead>,
        criteria: Criteria<RoomFields>,
    ) -> ApiResult<Answer<Page<Room>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a room or a device.
    #[oai(path = "/clinic/rooms", method = "post", operation_id = "rooms_create")]
    async fn create(&self, caller: Can<ClinicSetupWrite>, body: Body<NewRoom>) -> ApiResult<Created<Room>> {
        let made = caller.transaction(async |tx| {
            let record = tx.run(store::insert(RoomId::new(), body.0)).await?;
            tx.run(make_resources(MODULE, vec![record.resource()])).await?;
            Ok(record)
        });
        let record = made.await?;
        Ok(Created::at("/clinic/rooms", record.id, record))
    }

    /// Show a room or a device.
    #[oai(path = "/clinic/rooms/:id", method = "get", operation_id = "rooms_get")]
    async fn get(&self, caller: Can<ClinicSetupRead>, id: Path<RoomId>) -> ApiResult<Item<Room>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a room or a device.
    #[oai(path = "/clinic/rooms/:id", method = "patch", operation_id = "rooms_update")]
    async fn update(
        &self,
        caller: Can<ClinicSetupWrite>,
        id: Path<RoomId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<RoomPatch>,
    ) -> ApiResult<Item<Room>> {
        let changed = caller.transaction(async |tx| {
            let mut record = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            record.expect(&version)?;
            body.0.apply(&mut record);
            let record = tx.run(store::update(record)).await?;
            let (resource, new) = record.resource();
            tx.run(make_resources(MODULE, vec![(resource, new)])).await?;
            tx.run(rename_resource(MODULE, resource, record.name.clone(), None, record.active)).await?;
            Ok(record)
        });
        changed.await.map(Item)
    }

    /// Delete a room or a device.
    ///
    /// One that other records refer to stays: 409 `in_use`.
    #[oai(path = "/clinic/rooms/:id", method = "delete", operation_id = "rooms_delete")]
    async fn delete(
        &self,
        caller: Can<ClinicSetupWrite>,
        id: Path<RoomId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            let record = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            record.expect_given(&version)?;
            tx.run(store::delete(id.0)).await?;
            Ok(tx.run(unmake_resource(MODULE, id.0.as_uuid().into())).await?)
        });
        gone.await.map(|()| Deleted)
    }
}
