//! The operations on viewings.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit,
    Page, Paging, Versioned,
};

use super::make::{join, make};
use super::steps::{locked, over};
use super::terms::{JoinViewing, NewViewing, ViewingPatch};
use super::{Viewing, ViewingFields, ViewingId, ViewingSort, ViewingStatus, store};
use crate::properties::{PropertyId, store as properties};
use crate::{Tag, ViewingsRead, ViewingsWrite};

/// Viewings.
#[derive(Default)]
pub struct ViewingsApi;

#[OpenApi(tag = "Tag::Viewings")]
impl ViewingsApi {
    /// List viewings.
    #[oai(path = "/real-estate/viewings", method = "get", operation_id = "viewings_list")]
    async fn list(
        &self,
        caller: Can<ViewingsRead>,
        criteria: Criteria<ViewingFields>,
    ) -> ApiResult<Answer<Page<Viewing>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Ask for a viewing.
    ///
    /// It takes the time of the property and, where the applicant is accompanied, of the agent with the way there and back: 409
    /// `slot_taken` where that is not free, with what is free instead. 409 `listing_not_shown` where the listing is off the market.
    #[oai(path = "/real-estate/viewings", method = "post", operation_id = "viewings_create")]
    async fn create(&self, caller: Can<ViewingsWrite>, body: Body<NewViewing>) -> ApiResult<Created<Viewing>> {
        // Who leaves right after this question leaves as the agent, as anybody does.
        let agent = caller.member_name(body.0.agent_id).await?;
        let made = caller.transaction(async |tx| make(tx, caller.reach(), body.0, None, agent, caller.user()).await);
        let record = made.await?;
        Ok(Created::at("/real-estate/viewings", record.id, record))
    }

    /// List the viewings of a property.
    #[oai(path = "/real-estate/properties/:id/viewings", method = "get", operation_id = "properties_viewings_list")]
    async fn list_of_property(
        &self,
        caller: Can<ViewingsRead>,
        id: Path<PropertyId>,
        /// The order; the latest first where it is left out.
        sort: Query<Option<ViewingSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Viewing>>> {
        let sort = sort.0.unwrap_or(ViewingSort::StartsAtDesc);
        let paging = Paging::new(&caller, "viewings of a property", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(properties::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::of_property(caller.reach(), id.0, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// Ask for a viewing of a property.
    ///
    /// As `POST /real-estate/viewings`, with a listing of the property.
    #[oai(path = "/real-estate/properties/:id/viewings", method = "post", operation_id = "properties_viewings_create")]
    async fn create_of_property(
        &self,
        caller: Can<ViewingsWrite>,
        id: Path<PropertyId>,
        body: Body<NewViewing>,
    ) -> ApiResult<Created<Viewing>> {
        let agent = caller.member_name(body.0.agent_id).await?;
        let made = caller.transaction(async |tx| {
            tx.run(properties::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            make(tx, caller.reach(), body.0, Some(id.0), agent, caller.user()).await
        });
        let record = made.await?;
        Ok(Created::at("/real-estate/viewings", record.id, record))
    }

    /// Show a viewing.
    #[oai(path = "/real-estate/viewings/:id", method = "get", operation_id = "viewings_get")]
    async fn get(&self, caller: Can<ViewingsRead>, id: Path<ViewingId>) -> ApiResult<Item<Viewing>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a viewing.
    ///
    /// Only one that may still take place. Its time changes by `POST /real-estate/viewings/{id}/move`.
    #[oai(path = "/real-estate/viewings/:id", method = "patch", operation_id = "viewings_update")]
    async fn update(
        &self,
        caller: Can<ViewingsWrite>,
        id: Path<ViewingId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<ViewingPatch>,
    ) -> ApiResult<Item<Viewing>> {
        let changed = caller.transaction(async |tx| {
            let mut viewing = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            viewing.expect(&version)?;
            if !viewing.status.is_pending() {
                return Err(over(viewing.status));
            }
            body.0.apply(&mut viewing)?;
            Ok(tx.run(store::update(caller.reach(), viewing)).await?)
        });
        changed.await.map(Item)
    }

    /// Have somebody else come to a viewing too.
    ///
    /// As many as it says may come together; each has a viewing of their own, at the same time: 409 `viewing_full`.
    #[oai(path = "/real-estate/viewings/:id/join", method = "post", operation_id = "viewings_join")]
    async fn join(
        &self,
        caller: Can<ViewingsWrite>,
        id: Path<ViewingId>,
        body: Body<JoinViewing>,
    ) -> ApiResult<Created<Viewing>> {
        let made = caller.transaction(async |tx| join(tx, caller.reach(), id.0, body.0).await);
        let record = made.await?;
        Ok(Created::at("/real-estate/viewings", record.id, record))
    }

    /// Delete a viewing that is cancelled.
    ///
    /// Any other one is cancelled first.
    #[oai(path = "/real-estate/viewings/:id", method = "delete", operation_id = "viewings_delete")]
    async fn delete(
        &self,
        caller: Can<ViewingsWrite>,
        id: Path<ViewingId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            let (_, viewing) = locked(tx, caller.reach(), id.0).await?;
            viewing.expect_given(&version)?;
            if viewing.status != ViewingStatus::Cancelled {
                let detail = "Only a viewing that is cancelled is deleted. Cancel it instead.";
                return Err(ApiError::conflict("cancel_instead", detail));
            }
            Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
        });
        gone.await.map(|()| Deleted)
    }
}
