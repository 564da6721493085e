//! Stages: what a pipeline consists of. There is always one to go on in, one to win in and one to lose in.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::StagesApi;
pub use store::Entry;
pub(in crate::crm) use store::{entries, entry};

use super::PipelineId;
use crate::custom::{Customized, FieldName, Fields};
use crate::http::{ApiError, ApiResult, Change, Versioned, replace};
use crate::tenancy::{FieldKey, TenantTx};
use crate::value::Text;
use crate::{choice, record_id, row, sorts};

record_id! {
    /// The id of a stage.
    StageId
}

choice! {
    /// What it means for a deal to be in a stage.
    pub enum StageKind {
        /// It goes on.
        Open = "open",
        /// It was won.
        Won = "won",
        /// It was lost.
        Lost = "lost",
    }
}

choice! {
    /// A field of a deal that a stage can ask for.
    pub enum DealField {
        /// What it is worth, with the currency.
        Amount = "amount",
        /// When it is expected to be closed.
        ExpectedClose = "expected_close",
        /// The person whom it is made with.
        ContactId = "contact_id",
        /// The company that it is made with.
        CompanyId = "company_id",
        /// What is worth remembering.
        Notes = "notes",
    }
}

/// A field of a deal that a stage can ask for, also one of the organization's own.
pub type StageField = FieldName<DealField>;

/// A stage of a pipeline.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Stage {
    /// Its id.
    pub id: StageId,
    /// The pipeline that it is a stage of.
    pub pipeline_id: PipelineId,
    /// What it is called; no other stage of the pipeline has the same name.
    pub name: Text<100>,
    #[oai(skip)]
    #[serde(skip)]
    position: i16,
    /// What it means for a deal to be here: its status.
    pub kind: StageKind,
    /// How likely a deal here is won, in percent.
    pub probability: i16,
    /// Fields that a deal must have before it comes here. One of the organization's own that was deleted is not asked for.
    pub required: Vec<StageField>,
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

row!(Stage { id, pipeline_id, name, position, kind, probability, required, created_at, updated_at, version });

impl Versioned for Stage {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A stage to make. It comes last; see the order of stages.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewStage {
    /// What it is called; no other stage of the pipeline may have the same name.
    name: Text<100>,
    /// What it means for a deal to be here.
    kind: StageKind,
    /// How likely a deal here is won, in percent: 100 where deals are won, 0 where they are lost, 50 where nothing is said.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    probability: Option<i16>,
    /// Fields that a deal must have before it comes here.
    #[oai(validator(max_items = 50))]
    required: Option<Vec<StageField>>,
}

/// What to change in a stage. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct StagePatch {
    /// What it is called.
    name: Change<Text<100>>,
    /// What it means for a deal to be here. It cannot change while there are deals.
    kind: Change<StageKind>,
    /// How likely a deal here is won, in percent. Where it is left out and the kind changes, it follows the kind.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    probability: Change<i16>,
    /// Fields that a deal must have before it comes here. Deals that are here already stay.
    #[oai(validator(max_items = 50))]
    required: Change<Vec<StageField>>,
}

/// In which order the stages of a pipeline come.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct StageOrder {
    /// All stages of the pipeline, from left to right.
    #[oai(validator(min_items = 1, max_items = 100))]
    stage_ids: Vec<StageId>,
}

/// The most fields that a stage asks for.
const MOST_REQUIRED: usize = 50;

impl NewStage {
    fn checked(mut self) -> ApiResult<Self> {
        self.probability = Some(probability(self.kind, self.probability)?);
        self.required = Some(required(self.required.unwrap_or_default())?);
        Ok(self)
    }
}

impl StagePatch {
    fn apply(self, stage: &mut Stage) -> ApiResult<()> {
        let was = stage.kind;
        replace(&mut stage.name, self.name);
        replace(&mut stage.kind, self.kind);
        let given = self.probability.given();
        let same = Some(stage.probability).filter(|_| stage.kind == was);
        stage.probability = probability(stage.kind, given.or(same))?;
        if let Some(fields) = self.required.given() {
            stage.required = required(fields)?;
        }
        Ok(())
    }
}

/// A deal that is won is certain, and so is one that is lost.
fn probability(kind: StageKind, given: Option<i16>) -> ApiResult<i16> {
    let wrong = |expected| ApiError::invalid().at("/probability", expected);
    match (kind, given) {
        (StageKind::Won, None | Some(100)) => Ok(100),
        (StageKind::Won, Some(_)) => Err(wrong("expected 100 for a stage where deals are won")),
        (StageKind::Lost, None | Some(0)) => Ok(0),
        (StageKind::Lost, Some(_)) => Err(wrong("expected 0 for a stage where deals are lost")),
        (StageKind::Open, None) => Ok(50),
        (StageKind::Open, Some(percent @ 0..=100)) => Ok(percent),
        (StageKind::Open, Some(_)) => Err(wrong("expected a number from 0 to 100")),
    }
}

/// Each field once.
fn required(fields: Vec<StageField>) -> ApiResult<Vec<StageField>> {
    if fields.len() > MOST_REQUIRED {
        return Err(ApiError::invalid().at("/required", format!("expected at most {MOST_REQUIRED} fields")));
    }
    let mut once = Vec::with_capacity(fields.len());
    for field in fields {
        if !once.contains(&field) {
            once.push(field);
        }
    }
    Ok(once)
}

/// Checks that the organization has the fields of its own that are asked for. What was asked for before may be asked for still.
async fn defined(tx: &mut TenantTx, fields: &[StageField], before: &[StageField]) -> ApiResult<()> {
    let new = fields.iter().enumerate().filter(|(_, field)| !before.contains(field));
    let own = new.filter_map(|(n, field)| match field {
        FieldName::Own(key) => Some((n, *key)),
        FieldName::Common(_) => None,
    });
    let own: Vec<(usize, FieldKey)> = own.collect();
    if own.is_empty() {
        return Ok(());
    }
    let known = Fields::lock(tx, Customized::Deals).await?;
    let unknown = own.into_iter().filter(|(_, key)| known.get(key.as_str()).is_none());
    let refused = unknown.fold(None, |refused: Option<ApiError>, (n, _)| {
        let refused = refused.unwrap_or_else(ApiError::invalid);
        Some(refused.at(format!("/required/{n}"), "this organization has not defined such a field of deals"))
    });
    refused.map_or(Ok(()), Err)
}

sorts! {
    /// How stages can be sorted.
    pub enum StageSort of Stage {
        Position | PositionDesc: "position" | "-position" = smallint position => |stage| stage.position,
    }
}
