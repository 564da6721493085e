//! The operations on deals.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{Deal, DealFields, DealId, DealMove, DealMoveSort, DealPatch, MoveTo, NewDeal, moves, store};
use crate::bulk::{BulkRequest, BulkResults, bulk};
use crate::crm::parts::Assignment;
use crate::crm::pipelines::{Entry, StageId, entry};
use crate::crm::{DealsAssign, DealsRead, DealsWrite};
use crate::custom::Customized;
use crate::export::{Export, ExportFormat, export};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit,
    Page, Paging, Unpaged, Versioned,
};
use crate::module::Tag;
use crate::tenancy::TenantTx;

/// Deals.
#[derive(Default)]
pub struct DealsApi;

#[OpenApi(tag = "Tag::Deals")]
impl DealsApi {
    /// List deals.
    #[oai(path = "/deals", method = "get", operation_id = "deals_list")]
    async fn list(&self, caller: Can<DealsRead>, criteria: Criteria<DealFields>) -> ApiResult<Answer<Page<Deal>>> {
        criteria.list(&caller, store::list(caller.reach())).await.map(Answer)
    }

    /// Create a deal.
    ///
    /// It starts in the stage that is named, if it has what that one asks for, or in the first open one of the default pipeline. It
    /// is the caller's own: an API key makes it for its creator, an operator for nobody.
    #[oai(path = "/deals", method = "post", operation_id = "deals_create")]
    async fn create(&self, caller: Can<DealsWrite>, body: Body<NewDeal>) -> ApiResult<Created<Deal>> {
        let mut new = body.0.checked()?;
        let record = caller
            .transaction(async |tx| {
                let stage = stage(tx, new.stage_id).await?;
                new.enters(&stage)?;
                let given = std::mem::take(&mut new.custom);
                let custom = given.of_new(tx, caller.reach(), Customized::Deals).await?;
                let deal = tx.run(store::insert(caller.reach(), DealId::new(), new, custom, stage)).await?;
                tx.run(moves::note(caller.reach(), deal.id, caller.user())).await?;
                Ok(deal)
            })
            .await?;
        Ok(Created::at("/deals", record.id, record))
    }

    /// Create, change, move and delete many deals at once.
    ///
    /// Up to 1,000 in one request, each by the rules of the operation on one, in one transaction; a row with a `stage_id` moves its
    /// deal. With `all_or_nothing`, which is the default, nothing changes unless every row is good; the problem points at the others,
    /// such as `/create/17/amount`. With `per_row` the good ones are done, and the answer tells of each. A `version` is left out where
    /// any may be changed.
    #[oai(path = "/deals/bulk", method = "post", operation_id = "deals_bulk")]
    async fn bulk(&self, caller: Can<DealsWrite>, body: Body<BulkRequest<Deal>>) -> ApiResult<Answer<BulkResults>> {
        bulk(&caller, body.0).await.map(Answer)
    }

    /// Export deals.
    ///
    /// All that the list would show, as a file that is written as it is read: CSV, or a JSON object a line. It is no picture of one
    /// moment: each record is as it was when it was read. An organization has two exports at once.
    #[oai(path = "/deals/export", method = "get", operation_id = "deals_export")]
    async fn export(
        &self,
        caller: Can<DealsRead>,
        asked: Unpaged<DealFields>,
        /// How it is written; CSV where it is left out.
        format: Query<Option<ExportFormat>>,
    ) -> ApiResult<Export> {
        export(caller, store::list, asked, format.0).await
    }

    /// Show a deal.
    #[oai(path = "/deals/:id", method = "get", operation_id = "deals_get")]
    async fn get(&self, caller: Can<DealsRead>, id: Path<DealId>) -> ApiResult<Item<Deal>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a deal.
    ///
    /// Its stage changes by a move.
    #[oai(path = "/deals/:id", method = "patch", operation_id = "deals_update")]
    async fn update(
        &self,
        caller: Can<DealsWrite>,
        id: Path<DealId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<DealPatch>,
    ) -> ApiResult<Item<Deal>> {
        let record = caller
            .transaction(async |tx| {
                let mut deal = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                deal.expect(&version)?;
                let given = body.0.apply_checked(&mut deal, "")?;
                deal.checked()?;
                let custom = given.of_old(tx, caller.reach(), Customized::Deals, "").await?;
                Ok(tx.run(store::update(caller.reach(), deal, custom, store::BY_HAND)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Move a deal to a stage.
    ///
    /// It takes the fields that the stage asks for (`required`), which can come with the move. In a stage where deals are won or
    /// lost it is closed; out of one it is open again, or closed the other way. The move stands in `/deals/{id}/moves`; the event is
    /// `deal.updated`, with the stage before and after. To the stage where it is already, a deal does not move.
    #[oai(path = "/deals/:id/move", method = "post", operation_id = "deals_move")]
    async fn move_to(
        &self,
        caller: Can<DealsWrite>,
        id: Path<DealId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<MoveTo>,
    ) -> ApiResult<Item<Deal>> {
        let record = caller
            .transaction(async |tx| {
                let mut deal = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                deal.expect(&version)?;
                let stage = stage(tx, Some(body.0.stage_id)).await?;
                let given = body.0.apply(&mut deal, &stage)?;
                let custom = given.of_old(tx, caller.reach(), Customized::Deals, "/fields").await?;
                let deal = tx.run(store::update(caller.reach(), deal, custom, store::BY_MOVE)).await?;
                tx.run(moves::note(caller.reach(), deal.id, caller.user())).await?;
                Ok(deal)
            })
            .await?;
        Ok(Item(record))
    }

    /// List the moves of a deal.
    ///
    /// The first is where it was made. A move that was undone stands there too, with the one that took it back.
    #[oai(path = "/deals/:id/moves", method = "get", operation_id = "deals_moves")]
    async fn moves(
        &self,
        caller: Can<DealsRead>,
        id: Path<DealId>,
        /// The order; newest first where it is left out.
        sort: Query<Option<DealMoveSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<DealMove>>> {
        let sort = sort.0.unwrap_or(DealMoveSort::MovedAtDesc);
        let paging = Paging::new(&caller, "deal_moves", sort, limit.0, cursor.0)?;
        let page = caller
            .read_all(async |tx| {
                let deal = tx.run(store::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                Ok(tx.run(moves::list(&deal, paging)).await?)
            })
            .await?;
        Ok(Answer(page))
    }

    /// Give a deal to another member.
    ///
    /// It may be out of the caller's reach from then on.
    #[oai(path = "/deals/:id/owner", method = "put", operation_id = "deals_assign")]
    async fn assign(
        &self,
        caller: Can<DealsAssign>,
        id: Path<DealId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<Assignment>,
    ) -> ApiResult<Item<Deal>> {
        // Who leaves right after this question leaves as the owner, as anybody does.
        let is_member = caller.is_member(body.0.user_id).await?;
        let record = caller
            .transaction(async |tx| {
                let deal = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                deal.expect(&version)?;
                if !is_member {
                    return Err(ApiError::not_found().at("/user_id", "there is no such member"));
                }
                Ok(tx.run(store::assign(caller.reach(), id.0, body.0.user_id)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a deal.
    #[oai(path = "/deals/:id", method = "delete", operation_id = "deals_delete")]
    async fn delete(
        &self,
        caller: Can<DealsWrite>,
        id: Path<DealId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let deal = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                deal.expect_given(&version)?;
                Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

/// The stage that a deal comes to, which stays what it is until the transaction ends.
async fn stage(tx: &mut TenantTx, id: Option<StageId>) -> ApiResult<Entry> {
    tx.run(entry(id)).await?.ok_or_else(|| ApiError::not_found().at("/stage_id", "there is no such stage"))
}
