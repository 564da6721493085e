//! What is heard of pipelines and their stages, and how changes of them are undone.

use crate::crm::{PipelinesRead, PipelinesWrite};
use crate::events::{EventSource, Refers, Undoable};
use crate::permission::Permission as _;
use crate::sql;

pub(in crate::crm) const PIPELINES: EventSource = EventSource {
    name: "pipeline",
    resource: "pipelines",
    read: &PipelinesRead::INFO,
    undo: Some(Undoable {
        table: sql!("pipelines"),
        columns: sql!("id, name, is_default, version, created_at, updated_at"),
        writes: &[&PipelinesWrite::INFO],
        refers: &[],
        unique: &[sql!("is_default")],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};

pub(in crate::crm) const STAGES: EventSource = EventSource {
    name: "stage",
    resource: "stages",
    read: &PipelinesRead::INFO,
    undo: Some(Undoable {
        table: sql!("stages"),
        columns: sql!("id, pipeline_id, name, position, kind, probability, required, version, created_at, updated_at"),
        writes: &[&PipelinesWrite::INFO],
        refers: &[Refers { column: sql!("pipeline_id"), table: sql!("pipelines") }],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
