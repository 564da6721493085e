//! The operations on the stages of a pipeline.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{NewStage, Stage, StageId, StageOrder, StagePatch, StageSort, defined, store};
use crate::crm::pipelines::{PipelineId, store as pipelines};
use crate::crm::{PipelinesRead, PipelinesWrite};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit, Page, Paging,
    Versioned,
};
use crate::module::Tag;
use crate::tenancy::TenantTx;

/// Stages that one pipeline may have.
const MOST: usize = 50;

/// Stages.
#[derive(Default)]
pub struct StagesApi;

#[OpenApi(tag = "Tag::Deals")]
impl StagesApi {
    /// List the stages of a pipeline.
    #[oai(path = "/pipelines/:id/stages", method = "get", operation_id = "stages_list")]
    async fn list(
        &self,
        caller: Can<PipelinesRead>,
        id: Path<PipelineId>,
        /// The order; from left to right where it is left out.
        sort: Query<Option<StageSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Stage>>> {
        let paging = Paging::new(&caller, "stages", sort.0.unwrap_or(StageSort::Position), limit.0, cursor.0)?;
        let page = caller.read(store::list(id.0, paging)).await?;
        // Every pipeline has stages; behind the last of them there may be an empty page.
        if page.items.is_empty() && caller.read(pipelines::find(id.0)).await?.is_none() {
            return Err(ApiError::not_found());
        }
        Ok(Answer(page))
    }

    /// Create a stage.
    ///
    /// It comes behind the others.
    #[oai(path = "/pipelines/:id/stages", method = "post", operation_id = "stages_create")]
    async fn create(
        &self,
        caller: Can<PipelinesWrite>,
        id: Path<PipelineId>,
        body: Body<NewStage>,
    ) -> ApiResult<Created<Stage>> {
        let asked = body.0.required.clone().unwrap_or_default();
        let new = body.0.checked()?;
        let record = caller
            .transaction(async |tx| {
                let stages = stages(tx, id.0).await?;
                if stages.len() >= MOST {
                    let detail = "A pipeline has at most 50 stages. Delete one first.";
                    return Err(ApiError::conflict("too_many_stages", detail));
                }
                defined(tx, &asked, &[]).await?;
                let last = stages.last().map(|stage| stage.position);
                Ok(tx.run(store::insert(id.0, StageId::new(), new, last)).await?)
            })
            .await?;
        Ok(Created::at(&format!("/pipelines/{}/stages", id.0), record.id, record))
    }

    /// Put the stages of a pipeline in order.
    ///
    /// All of them are named; the answer has them in their new order.
    #[oai(path = "/pipelines/:id/stages", method = "put", operation_id = "stages_order")]
    async fn order(
        &self,
        caller: Can<PipelinesWrite>,
        id: Path<PipelineId>,
        body: Body<StageOrder>,
    ) -> ApiResult<Answer<Page<Stage>>> {
        let items = caller
            .transaction(async |tx| {
                check_order(&body.0.stage_ids, &stages(tx, id.0).await?)?;
                tx.run(store::order(body.0.stage_ids)).await?;
                Ok(tx.run(store::all(id.0)).await?)
            })
            .await?;
        Ok(Answer(Page { items, next_cursor: None }))
    }

    /// Show a stage.
    #[oai(path = "/pipelines/:id/stages/:stage_id", method = "get", operation_id = "stages_get")]
    async fn get(
        &self,
        caller: Can<PipelinesRead>,
        id: Path<PipelineId>,
        stage_id: Path<StageId>,
    ) -> ApiResult<Item<Stage>> {
        caller.read(store::find(id.0, stage_id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a stage.
    ///
    /// What it means to be in it changes only while no deal is, and not in the last stage of a kind.
    #[oai(path = "/pipelines/:id/stages/:stage_id", method = "patch", operation_id = "stages_update")]
    async fn update(
        &self,
        caller: Can<PipelinesWrite>,
        id: Path<PipelineId>,
        stage_id: Path<StageId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<StagePatch>,
    ) -> ApiResult<Item<Stage>> {
        let record = caller
            .transaction(async |tx| {
                let stages = stages(tx, id.0).await?;
                let before = stages.iter().find(|stage| stage.id == stage_id.0).ok_or_else(ApiError::not_found)?;
                before.expect(&version)?;
                let asked = body.0.required.clone().given().unwrap_or_default();
                defined(tx, &asked, &before.required).await?;
                let mut stage = before.clone();
                body.0.apply(&mut stage)?;
                let same_kind = |other: &&Stage| other.kind == before.kind && other.id != before.id;
                if stage.kind != before.kind && stages.iter().find(same_kind).is_none() {
                    return Err(last_of_kind());
                }
                Ok(tx.run(store::update(stage)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a stage.
    ///
    /// Neither one that has deals nor the last of a kind can go: a pipeline has one to go on in, one to win in, one to lose in.
    #[oai(path = "/pipelines/:id/stages/:stage_id", method = "delete", operation_id = "stages_delete")]
    async fn delete(
        &self,
        caller: Can<PipelinesWrite>,
        id: Path<PipelineId>,
        stage_id: Path<StageId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                tx.run(pipelines::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                let stage = tx.run(store::find(id.0, stage_id.0)).await?.ok_or_else(ApiError::not_found)?;
                stage.expect_given(&version)?;
                if tx.run(store::delete(stage.id)).await? { Ok(()) } else { Err(last_of_kind()) }
            })
            .await?;
        Ok(Deleted)
    }
}

/// The stages of a pipeline, which nobody else changes until the transaction ends.
async fn stages(tx: &mut TenantTx, id: PipelineId) -> ApiResult<Vec<Stage>> {
    tx.run(pipelines::lock(id)).await?.ok_or_else(ApiError::not_found)?;
    Ok(tx.run(store::all(id)).await?)
}

fn last_of_kind() -> ApiError {
    let detail = "This is the only stage of its kind, and a pipeline has one to go on in, one to win in and one to lose in. \
                  Create another one of the kind first.";
    ApiError::conflict("last_of_kind", detail)
}

/// Whether these are all stages, each once.
fn check_order(ids: &[StageId], stages: &[Stage]) -> ApiResult<()> {
    let mut seen = Vec::with_capacity(stages.len());
    for (n, id) in ids.iter().enumerate() {
        let pointer = format!("/stage_ids/{n}");
        if !stages.iter().any(|stage| stage.id == *id) {
            return Err(ApiError::not_found().at(pointer, "there is no such stage in the pipeline"));
        }
        if seen.contains(id) {
            return Err(ApiError::invalid().at(pointer, "this stage was named before"));
        }
        seen.push(*id);
    }
    if seen.len() < stages.len() {
        let expected = format!("expected all {} stages of the pipeline", stages.len());
        return Err(ApiError::invalid().at("/stage_ids", expected));
    }
    Ok(())
}
