//! The operations on pipelines.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::board::Cards;
use super::forecast::Window;
use super::{Board, Forecast, NewPipeline, Pipeline, PipelineId, PipelinePatch, PipelineSort, board, forecast, store};
use crate::crm::{DealsRead, PipelinesRead, PipelinesWrite};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit, Page, Paging,
    Versioned,
};
use crate::module::Tag;
use crate::value::{Date, Moment};

/// Pipelines that one organization may have.
const MOST: i64 = 100;

/// Pipelines.
#[derive(Default)]
pub struct PipelinesApi;

#[OpenApi(tag = "Tag::Deals")]
impl PipelinesApi {
    /// List the pipelines.
    #[oai(path = "/pipelines", method = "get", operation_id = "pipelines_list")]
    async fn list(
        &self,
        caller: Can<PipelinesRead>,
        /// The order; oldest first where it is left out.
        sort: Query<Option<PipelineSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Pipeline>>> {
        let sort = sort.0.unwrap_or(PipelineSort::CreatedAt);
        let paging = Paging::new(&caller, "pipelines", sort, limit.0, cursor.0)?;
        caller.read(store::list(paging)).await.map(Answer)
    }

    /// Create a pipeline.
    ///
    /// It starts with the stages New, Negotiation, Closed won and Closed lost, which can be changed.
    #[oai(path = "/pipelines", method = "post", operation_id = "pipelines_create")]
    async fn create(&self, caller: Can<PipelinesWrite>, body: Body<NewPipeline>) -> ApiResult<Created<Pipeline>> {
        let record = caller
            .transaction(async |tx| {
                if tx.run(store::count()).await? >= MOST {
                    let detail = "An organization has at most 100 pipelines. Delete one first.";
                    return Err(ApiError::conflict("too_many_pipelines", detail));
                }
                Ok(tx.run(store::insert(PipelineId::new(), body.0)).await?)
            })
            .await?;
        Ok(Created::at("/pipelines", record.id, record))
    }

    /// Show a pipeline.
    #[oai(path = "/pipelines/:id", method = "get", operation_id = "pipelines_get")]
    async fn get(&self, caller: Can<PipelinesRead>, id: Path<PipelineId>) -> ApiResult<Item<Pipeline>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a pipeline.
    #[oai(path = "/pipelines/:id", method = "patch", operation_id = "pipelines_update")]
    async fn update(
        &self,
        caller: Can<PipelinesWrite>,
        id: Path<PipelineId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<PipelinePatch>,
    ) -> ApiResult<Item<Pipeline>> {
        let record = caller
            .transaction(async |tx| {
                let mut pipeline = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                pipeline.expect(&version)?;
                if body.0.apply(&mut pipeline)? {
                    tx.run(store::no_default()).await?;
                    pipeline.is_default = true;
                }
                Ok(tx.run(store::update(pipeline)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a pipeline and its stages.
    ///
    /// Neither the default one nor one that has deals can go.
    #[oai(path = "/pipelines/:id", method = "delete", operation_id = "pipelines_delete")]
    async fn delete(
        &self,
        caller: Can<PipelinesWrite>,
        id: Path<PipelineId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let pipeline = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                pipeline.expect_given(&version)?;
                if pipeline.is_default {
                    let detail = "Deals go to this pipeline whose maker names no stage. Make another one the default, then \
                                  delete this one.";
                    return Err(ApiError::conflict("default_pipeline", detail));
                }
                Ok(tx.run(store::delete(id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }

    /// Show a pipeline as a board.
    ///
    /// Each stage with the number of its deals, their sums by currency, and the first of them, what came last first. Of stages
    /// where deals are won or lost it is about what came there lately. The others of a column are in
    /// `GET /deals?filter[stage_id]=…&sort=-stage_since`.
    #[oai(path = "/pipelines/:id/board", method = "get", operation_id = "pipelines_board")]
    async fn board(
        &self,
        caller: Can<DealsRead>,
        id: Path<PipelineId>,
        /// Deals a column: 0 to 50, 20 where it is left out.
        cards: Query<Option<Cards>>,
        /// Of stages where deals are won or lost, only what came there since this time; 30 days ago where it is left out.
        closed_since: Query<Option<Moment>>,
    ) -> ApiResult<Answer<Board>> {
        let board =
            caller.read(board::board(caller.reach(), id.0, cards.0.unwrap_or_default(), closed_since.0)).await?;
        board.map(Answer).ok_or_else(ApiError::not_found)
    }

    /// Show what is expected of a pipeline, and what was won, month by month.
    ///
    /// Months are those of the calendar. An open deal counts in the month of its `expected_close`, which is a date and knows no
    /// time zone; what was won counts in the month of its `closed_at` in UTC. Open deals that expect no date are in no month.
    #[oai(path = "/pipelines/:id/forecast", method = "get", operation_id = "pipelines_forecast")]
    async fn forecast(
        &self,
        caller: Can<DealsRead>,
        id: Path<PipelineId>,
        /// A day of the first month; today where it is left out.
        from: Query<Option<Date>>,
        /// A day of the last month, at most 60 months later; eleven months after the first where it is left out.
        until: Query<Option<Date>>,
    ) -> ApiResult<Answer<Forecast>> {
        let window = Window::new(from.0, until.0)?;
        let forecast = caller.read(forecast::forecast(caller.reach(), id.0, window)).await?;
        forecast.map(Answer).ok_or_else(ApiError::not_found)
    }
}
