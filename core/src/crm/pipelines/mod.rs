//! Pipelines: the ways that deals go, each with stages of its own.
//!
//! - this file: the record, what a client may send; `api.rs`, `store.rs`: as for every resource;
//! - `stages/`: what a pipeline consists of;
//! - `board.rs`: a pipeline with its deals; `forecast.rs`: what is expected of it, by month;
//! - `events.rs`: what is heard of them;
//! - `totals.rs`: sums by currency, which both are made of.

mod api;
mod board;
pub(super) mod events;
mod forecast;
mod stages;
mod store;
mod totals;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::PipelinesApi;
pub use board::{BOARD, Board, BoardColumn};
pub use forecast::{FORECAST, Forecast, ForecastMonth};
pub use stages::{DealField, Entry, Stage, StageField, StageId, StageKind, StagesApi};
pub(super) use stages::{entries, entry};
pub use totals::Total;

use crate::http::{ApiError, ApiResult, Change, Versioned};
use crate::value::Text;
use crate::{record_id, row, sorts};

record_id! {
    /// The id of a pipeline.
    PipelineId
}

/// A way that deals go, from stage to stage.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Pipeline {
    /// Its id.
    pub id: PipelineId,
    /// What it is called; no other pipeline has the same name.
    pub name: Text<100>,
    /// Whether deals go here whose maker names no stage. That is so of one pipeline at a time.
    pub is_default: bool,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(Pipeline { id, name, is_default = "coalesce(is_default, false)", created_at, updated_at, version });

impl Versioned for Pipeline {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A pipeline to make. It starts with the stages New, Negotiation, Closed won and Closed lost.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewPipeline {
    /// What it is called; no other pipeline may have the same name.
    name: Text<100>,
}

/// What to change in a pipeline. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct PipelinePatch {
    /// What it is called.
    name: Change<Text<100>>,
    /// True makes it the one where deals go whose maker names no stage, instead of the one that was.
    is_default: Change<bool>,
}

impl PipelinePatch {
    /// Applies it, and tells whether the pipeline becomes the default one by it.
    fn apply(self, pipeline: &mut Pipeline) -> ApiResult<bool> {
        crate::http::replace(&mut pipeline.name, self.name);
        match self.is_default.given() {
            Some(false) if pipeline.is_default => {
                Err(ApiError::invalid()
                    .at("/is_default", "one pipeline is the default: say true of another one instead"))
            }
            Some(true) if !pipeline.is_default => Ok(true),
            _ => Ok(false),
        }
    }
}

sorts! {
    /// How pipelines can be sorted.
    pub enum PipelineSort of Pipeline {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |pipeline| pipeline.created_at,
    }
}
