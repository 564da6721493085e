//! What comes of a stage: the share of the deals that passed through it and were won, and what is to be expected by it.

use poem_openapi::Object;
use serde::Serialize;

use super::store::StageLine;
use super::{Insight, InsightKind, Severity};
use crate::crm::pipelines::{PipelineId, StageId};
use crate::value::{Currency, Sum};

/// How many deals that passed through a stage were won.
#[derive(Debug, Serialize, Object)]
pub struct ShareFigures {
    /// The pipeline.
    pub pipeline_id: PipelineId,
    /// The stage.
    pub stage_id: StageId,
    /// How many closed deals had passed through the stage, of the newest 5000 of the last twelve months.
    pub closed: i64,
    /// How many of them were won.
    pub won: i64,
    /// The share of those won, in percent, with one decimal.
    pub share: f64,
    /// How likely a deal in the stage is won, in percent, as the stage says.
    pub probability: i16,
    /// What the open deals of the stage come to, by currency, and what is to be expected of them.
    pub expected: Vec<ExpectedValue>,
}

/// What the open deals of a stage come to in a currency.
#[derive(Debug, Serialize, Object)]
pub struct ExpectedValue {
    /// The currency.
    pub currency: Currency,
    /// How many deals.
    pub count: i64,
    /// The sum of their amounts.
    pub amount: Sum,
    /// That sum times the share of deals that were won.
    pub by_share: Sum,
    /// That sum times the probability of the stage.
    pub by_probability: Sum,
}

/// So many closed deals have to have passed.
const ENOUGH: i64 = 20;

/// What there is to say of a stage.
pub(super) fn insight(line: &StageLine) -> Option<Insight> {
    let (closed, won, probability) = (line.closed, line.won, line.probability);
    if closed < ENOUGH {
        return None;
    }
    // In tenths of a percent, so that what is told is what is compared.
    let tenths = (1000 * won + closed / 2) / closed;
    let apart = (tenths - i64::from(probability) * 10).abs();
    let severity = match apart {
        250.. => Severity::High,
        100.. => Severity::Medium,
        _ => Severity::Low,
    };
    let (pipeline, stage, share) = (line.pipeline.as_str(), line.name.as_str(), tenths as f64 / 10.0);
    let title = format!("{share:.1} % of the deals that pass through {stage} are won");
    let expected: Vec<ExpectedValue> =
        line.totals.iter().filter_map(|total| total.expected(won, closed, probability)).collect();
    let mut reason = format!(
        "Of {closed} closed deals of the last 12 months that had passed through {stage} ({pipeline}), {won} were won: {share:.1} %. \
         The stage says {probability} %."
    );
    for ExpectedValue { currency, count, amount, by_share, by_probability } in &expected {
        let currency = currency.as_str();
        let text = format!(
            " Its open deals in {currency}: {count}, together {amount}; by that share {by_share} can be expected, by the stage's own \
             {by_probability}."
        );
        reason.push_str(&text);
    }
    let mut insight = Insight::new(InsightKind::WinShare, severity, title, reason);
    let (pipeline_id, stage_id) = (line.pipeline_id, line.stage_id);
    insight.share = Some(ShareFigures { pipeline_id, stage_id, closed, won, share, probability, expected });
    Some(insight.about("stages", [stage_id.as_uuid()]))
}
