//! Open deals that have been in their stage for long.

use poem_openapi::Object;
use serde::Serialize;

use super::store::StageLine;
use super::{Insight, InsightKind, Severity, rounded};
use crate::crm::pipelines::{PipelineId, StageId};

/// How long deals stay in a stage, and which have stayed longer.
#[derive(Debug, Serialize, Object)]
pub struct StalledFigures {
    /// The pipeline.
    pub pipeline_id: PipelineId,
    /// The stage.
    pub stage_id: StageId,
    /// How many open deals have been there longer than `long_days`.
    pub count: i64,
    /// How many of them have been there longer than `very_long_days`; null where that is not known.
    pub very_long: Option<i64>,
    /// What is long, in days: longer than three of four stays of deals that were won; 30 where there are fewer than ten.
    pub long_days: f64,
    /// What is very long, in days: longer than nine of ten stays; null where there are fewer than ten.
    pub very_long_days: Option<f64>,
    /// From how many stays of deals that were won that is known.
    pub examples: i64,
}

const DAY: f64 = 86_400.0;

/// What there is to say of a stage. The rule of what is long stands in the statement ([`SQL`](super::store)).
pub(super) fn insight(line: &StageLine) -> Option<Insight> {
    if line.stalled == 0 {
        return None;
    }
    let (long, very) = (line.long / DAY, line.very.map(|very| very / DAY));
    let severity = if line.very_stalled > 0 { Severity::High } else { Severity::Medium };
    let (count, pipeline, stage) = (line.stalled, line.pipeline.as_str(), line.name.as_str());
    let have = if count == 1 { "deal has" } else { "deals have" };
    let title = format!("{count} open {have} been in {stage} for long");
    let reason = match very {
        Some(very) => format!(
            "Of {} stays of won deals in {stage} ({pipeline}) in the last 12 months, three of four took no more than {long:.1} \
             days and nine of ten no more than {very:.1}. {count} open {have} been there longer than {long:.1} days, {} of them \
             longer than {very:.1}.",
            line.examples, line.very_stalled
        ),
        None => format!(
            "{count} open {have} been in {stage} ({pipeline}) longer than {long:.0} days. That is a plain default: there are {} \
             stays of won deals of the last 12 months to compare with, and it takes 10.",
            line.examples
        ),
    };
    let mut insight = Insight::new(InsightKind::StalledDeals, severity, title, reason);
    insight.stalled = Some(StalledFigures {
        pipeline_id: line.pipeline_id,
        stage_id: line.stage_id,
        count,
        very_long: very.map(|_| line.very_stalled),
        long_days: rounded(long),
        very_long_days: very.map(rounded),
        examples: line.examples,
    });
    Some(insight.about("deals", line.ids.iter().copied()))
}
