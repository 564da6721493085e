//! The SQL of stages.

use time::OffsetDateTime;

use super::{NewStage, Stage, StageField, StageId, StageKind, StageSort};
use crate::crm::pipelines::PipelineId;
use crate::http::{Page, Paging};
use crate::tenancy::{Refusal, Statement, change, records, select, statement};
use crate::{row, sql};

const NAME_TAKEN: Refusal = Refusal::Taken {
    pointer: "/name",
    code: "name_taken",
    detail: "Another stage of this pipeline has this name. Choose another one.",
};
const IN_USE: Refusal = Refusal::InTheWay {
    code: "stage_in_use",
    detail: "There are deals in this stage. Move them to another one, or delete them, then repeat this.",
};
const NO_ROOM: Refusal = Refusal::InTheWay {
    code: "too_many_stages",
    detail: "There is no room behind the last stage. Put the stages in order once, or delete one, then repeat this.",
};

pub(super) fn list(pipeline: PipelineId, paging: Paging<StageSort>) -> Statement<Page<Stage>> {
    paging.page(records(sql!("stages")).filter(sql!("pipeline_id = $1"), Some(pipeline)))
}

/// All stages of a pipeline, in their order.
pub(super) fn all(pipeline: PipelineId) -> Statement<Vec<Stage>> {
    select::<Stage>(sql!("FROM stages WHERE pipeline_id = $1 ORDER BY position, id LIMIT 200")).bind(pipeline).many()
}

pub(super) fn find(pipeline: PipelineId, id: StageId) -> Statement<Option<Stage>> {
    select::<Stage>(sql!("FROM stages WHERE id = $1 AND pipeline_id = $2")).bind(id).bind(pipeline).optional()
}

/// Makes a stage behind the others. Its pipeline is locked.
pub(super) fn insert(pipeline: PipelineId, id: StageId, new: NewStage, behind: Option<i16>) -> Statement<Stage> {
    let NewStage { name, kind, probability, required } = new;
    change(sql!("stages"))
        .set(sql!("id"), id)
        .set(sql!("pipeline_id"), pipeline)
        .set(sql!("name"), name)
        .set(sql!("position"), behind.map_or(0, |last| last.saturating_add(1)))
        .set(sql!("kind"), kind)
        .set(sql!("probability"), probability)
        .set(sql!("required"), required)
        .insert()
        .refused_by("stages_name_key", NAME_TAKEN)
        .refused_by("stages_position_check", NO_ROOM)
}

pub(super) fn update(stage: Stage) -> Statement<Stage> {
    change(sql!("stages"))
        .set(sql!("name"), stage.name)
        .set(sql!("kind"), stage.kind)
        .set(sql!("probability"), stage.probability)
        .set(sql!("required"), stage.required)
        .update(stage.id)
        .refused_by("stages_name_key", NAME_TAKEN)
        .refused_by("deals_stage_fkey", IN_USE)
}

/// Puts stages in an order. Only those that come elsewhere by it are changed.
pub(super) fn order(ids: Vec<StageId>) -> Statement<()> {
    let order = statement(sql!(
        "UPDATE stages AS s SET position = o.n - 1 FROM unnest($1::uuid[]) WITH ORDINALITY AS o (id, n) ",
        "WHERE s.id = o.id AND s.position <> o.n - 1"
    ));
    order.bind(ids).done()
}

/// Deletes a stage unless it is the last of its kind in its pipeline, which is locked; tells whether it did.
pub(super) fn delete(id: StageId) -> Statement<bool> {
    let delete = statement(sql!(
        "DELETE FROM stages AS s WHERE s.id = $1 AND EXISTS (SELECT 1 FROM stages o WHERE o.pipeline_id = s.pipeline_id ",
        "AND o.kind = s.kind AND o.id <> s.id) RETURNING 1"
    ));
    delete.bind(id).any().refused_by("deals_stage_fkey", IN_USE)
}

/// What a deal that comes to a stage has to know of it. Until the transaction ends, the stage stays what it is.
pub struct Entry {
    pub(in crate::crm) id: StageId,
    pub(in crate::crm) pipeline_id: PipelineId,
    pub(in crate::crm) kind: StageKind,
    pub(in crate::crm) required: Vec<StageField>,
    /// The time of the transaction.
    pub(in crate::crm) at: OffsetDateTime,
}

// Of the organization's own fields only those that there are: nobody could fill in another one.
row!(Entry {
    id,
    pipeline_id,
    kind,
    required = "ARRAY(SELECT r.name FROM unnest(required) WITH ORDINALITY AS r (name, n) WHERE r.name NOT LIKE 'custom.%' OR EXISTS \
                (SELECT 1 FROM custom_fields f WHERE f.resource = 'deals' AND 'custom.' || f.key = r.name) ORDER BY r.n)",
    at = "now()"
});

/// Stages that deals come to, those of these ids that there are.
pub(in crate::crm) fn entries(ids: Vec<StageId>) -> Statement<Vec<Entry>> {
    select::<Entry>(sql!("FROM stages WHERE id = ANY ($1) ORDER BY id FOR KEY SHARE")).bind(ids).many()
}

/// The stage that a deal comes to: this one, or the first open one of the default pipeline. Where there is no default one, which
/// only an undo can bring about, it is the oldest.
pub(in crate::crm) fn entry(stage: Option<StageId>) -> Statement<Option<Entry>> {
    let entry = select::<Entry>(sql!(
        "FROM stages WHERE id = coalesce($1, (SELECT s.id FROM stages s JOIN pipelines p ON p.id = s.pipeline_id ",
        "WHERE s.kind = 'open' ORDER BY p.is_default, p.created_at, p.id, s.position LIMIT 1)) FOR KEY SHARE"
    ));
    entry.bind(stage).optional()
}
