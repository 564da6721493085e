//! The operations on open houses.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::terms::{CancelOpenHouse, MoveOpenHouse, NewOpenHouse, OpenHousePatch};
use super::visitors::store as visitors;
use super::{OpenHouse, OpenHouseFields, OpenHouseId, OpenHouseStatus, steps, store};
use crate::{OpenHousesRead, OpenHousesWrite, Tag};

/// Open houses.
#[derive(Default)]
pub struct OpenHousesApi;

#[OpenApi(tag = "Tag::OpenHouses")]
impl OpenHousesApi {
    /// List open houses.
    #[oai(path = "/real-estate/open-houses", method = "get", operation_id = "open_houses_list")]
    async fn list(
        &self,
        caller: Can<OpenHousesRead>,
        criteria: Criteria<OpenHouseFields>,
    ) -> ApiResult<Answer<Page<OpenHouse>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Plan an open house.
    ///
    /// It takes the time of the property, and of the agent with the way there and back: 409 `slot_taken` where that is not free, with
    /// what is free instead. 409 `listing_not_shown` where the listing is off the market.
    #[oai(path = "/real-estate/open-houses", method = "post", operation_id = "open_houses_create")]
    async fn create(&self, caller: Can<OpenHousesWrite>, body: Body<NewOpenHouse>) -> ApiResult<Created<OpenHouse>> {
        // Who leaves right after this question leaves as the agent, as anybody does.
        let agent = caller.member_name(body.0.agent_id).await?;
        let planned = caller.transaction(async |tx| steps::plan(tx, body.0, agent, caller.user()).await);
        let record = planned.await?;
        Ok(Created::at("/real-estate/open-houses", record.id, record))
    }

    /// Show an open house.
    #[oai(path = "/real-estate/open-houses/:id", method = "get", operation_id = "open_houses_get")]
    async fn get(&self, caller: Can<OpenHousesRead>, id: Path<OpenHouseId>) -> ApiResult<Item<OpenHouse>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change an open house.
    ///
    /// Only one that is planned. Its time changes by `POST /real-estate/open-houses/{id}/move`.
    #[oai(path = "/real-estate/open-houses/:id", method = "patch", operation_id = "open_houses_update")]
    async fn update(
        &self,
        caller: Can<OpenHousesWrite>,
        id: Path<OpenHouseId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<OpenHousePatch>,
    ) -> ApiResult<Item<OpenHouse>> {
        let changed = caller.transaction(async |tx| {
            let mut house = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            house.expect(&version)?;
            house.is_planned()?;
            body.0.apply(&mut house)?;
            if tx.run(visitors::count(id.0)).await? > i64::from(house.capacity) {
                return Err(ApiError::invalid().at("/capacity", "more visitors are expected: remove some first"));
            }
            Ok(tx.run(store::update(house)).await?)
        });
        changed.await.map(Item)
    }

    /// Move an open house to another time.
    ///
    /// 409 where that is not free, with what is free instead. Who is expected is told by letter.
    #[oai(path = "/real-estate/open-houses/:id/move", method = "post", operation_id = "open_houses_move")]
    async fn move_to(
        &self,
        caller: Can<OpenHousesWrite>,
        id: Path<OpenHouseId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<MoveOpenHouse>,
    ) -> ApiResult<Item<OpenHouse>> {
        let to = body.0;
        let agent = match to.agent_id {
            Some(agent) => caller.member_name(agent).await?,
            None => None,
        };
        let moved = caller.transaction(async |tx| steps::move_to(tx, caller.notify(), id.0, &version, to, agent).await);
        moved.await.map(Item)
    }

    /// Cancel an open house.
    ///
    /// Its time is free again, and who would have come is told by letter. One that is cancelled stays as it is.
    #[oai(path = "/real-estate/open-houses/:id/cancel", method = "post", operation_id = "open_houses_cancel")]
    async fn cancel(
        &self,
        caller: Can<OpenHousesWrite>,
        id: Path<OpenHouseId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<CancelOpenHouse>,
    ) -> ApiResult<Item<OpenHouse>> {
        let reason = body.0.reason;
        let cancelled = caller.transaction(async |tx| steps::cancel(tx, caller.notify(), id.0, &version, reason).await);
        cancelled.await.map(Item)
    }

    /// Delete an open house that is cancelled.
    ///
    /// Any other one is cancelled first. Its visitors go with it.
    #[oai(path = "/real-estate/open-houses/:id", method = "delete", operation_id = "open_houses_delete")]
    async fn delete(
        &self,
        caller: Can<OpenHousesWrite>,
        id: Path<OpenHouseId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            let (_, house) = steps::locked(tx, id.0).await?;
            house.expect_given(&version)?;
            if house.status != OpenHouseStatus::Cancelled {
                let detail = "Only an open house that is cancelled is deleted. Cancel it instead.";
                return Err(ApiError::conflict("cancel_instead", detail));
            }
            Ok(tx.run(store::delete(id.0)).await?)
        });
        gone.await.map(|()| Deleted)
    }
}
