//! The SQL of pipelines.

use super::{NewPipeline, Pipeline, PipelineId, PipelineSort};
use crate::http::{Page, Paging};
use crate::sql;
use crate::tenancy::{Refusal, Statement, change, records, select, statement};

const NAME_TAKEN: Refusal = Refusal::Taken {
    pointer: "/name",
    code: "name_taken",
    detail: "Another pipeline has this name. Choose another one.",
};
const DEFAULT_CHANGED: Refusal = Refusal::InTheWay {
    code: "default_changed",
    detail: "Another pipeline has become the default one at this moment. Read the pipelines again.",
};
const IN_USE: Refusal = Refusal::InTheWay {
    code: "pipeline_in_use",
    detail: "There are deals in this pipeline. Move them to a stage of another one, or delete them, then delete the pipeline.",
};

pub(super) fn list(paging: Paging<PipelineSort>) -> Statement<Page<Pipeline>> {
    paging.page(records(sql!("pipelines")))
}

pub(super) fn find(id: PipelineId) -> Statement<Option<Pipeline>> {
    select::<Pipeline>(sql!("FROM pipelines WHERE id = $1")).bind(id).optional()
}

/// Locks the row until the transaction ends. Whatever changes the stages of a pipeline does this first, so that what holds of
/// all of them together is decided by one at a time.
pub(super) fn lock(id: PipelineId) -> Statement<Option<Pipeline>> {
    select::<Pipeline>(sql!("FROM pipelines WHERE id = $1 FOR NO KEY UPDATE")).bind(id).optional()
}

/// How many there are.
pub(super) fn count() -> Statement<i64> {
    statement(sql!("SELECT count(*) FROM pipelines")).one().map(|(count,)| count)
}

/// Makes a pipeline with the stages that every one starts with: there is always one to go on in, to win in and to lose in.
pub(super) fn insert(id: PipelineId, new: NewPipeline) -> Statement<Pipeline> {
    let NewPipeline { name } = new;
    let insert = statement(sql!(
        "WITH stage AS (INSERT INTO stages (id, pipeline_id, name, position, kind, probability) ",
        "SELECT gen_random_uuid(), $1, s.name, s.position, s.kind, s.probability FROM (VALUES ",
        "('New', 0, 'open', 10), ('Negotiation', 1, 'open', 50), ('Closed won', 2, 'won', 100), ('Closed lost', 3, 'lost', 0)",
        ") AS s (name, position, kind, probability)) ",
        "INSERT INTO pipelines (id, name) VALUES ($1, $2) ",
        "RETURNING id, name, coalesce(is_default, false), created_at, updated_at, version"
    ));
    insert.bind(id).bind(name).one().refused_by("pipelines_name_key", NAME_TAKEN)
}

pub(super) fn update(pipeline: Pipeline) -> Statement<Pipeline> {
    let is_default = pipeline.is_default.then_some(true);
    change(sql!("pipelines"))
        .set(sql!("name"), pipeline.name)
        .set(sql!("is_default"), is_default)
        .update(pipeline.id)
        .refused_by("pipelines_name_key", NAME_TAKEN)
        .refused_by("pipelines_default_key", DEFAULT_CHANGED)
}

/// Takes from the default pipeline that it is.
pub(super) fn no_default() -> Statement<()> {
    statement(sql!(
        "UPDATE pipelines SET is_default = NULL, version = version + 1, updated_at = now() WHERE is_default"
    ))
    .done()
}

pub(super) fn delete(id: PipelineId) -> Statement<()> {
    statement(sql!("DELETE FROM pipelines WHERE id = $1")).bind(id).done().refused_by("deals_stage_fkey", IN_USE)
}
