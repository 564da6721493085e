//! What is in the pipelines: open deals by stage.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use crate::crm::pipelines::{PipelineId, StageId, Total};
use crate::sql;
use crate::tenancy::Fragment;
use crate::value::{Currency, Sum, Text};

/// What is in the pipelines.
#[derive(Debug, Serialize, Object)]
pub struct PipelineValue {
    /// How many deals are open.
    pub count: i64,
    /// What they come to, by currency. What is weighted is the sum of what the stages have.
    pub totals: Vec<Total>,
    /// Each stage where deals go on, in the order of the pipelines and from left to right.
    pub stages: Vec<StageValue>,
}

/// What is in a stage.
#[derive(Debug, Serialize, Object)]
pub struct StageValue {
    /// Its pipeline.
    pub pipeline_id: PipelineId,
    /// The stage.
    pub stage_id: StageId,
    /// What it is called.
    pub name: Text<100>,
    /// How likely a deal here is won, in percent.
    pub probability: i16,
    /// How many deals are there.
    pub count: i64,
    /// What they come to, by currency.
    pub totals: Vec<Total>,
}

/// A stage as the statement gives it.
#[derive(Deserialize)]
pub(super) struct Line {
    pipeline_id: PipelineId,
    stage_id: StageId,
    name: Text<100>,
    probability: i16,
    totals: Vec<OpenSum>,
}

#[derive(Deserialize)]
struct OpenSum {
    currency: Option<Currency>,
    count: i64,
    amount: Option<Sum>,
}

/// By the index of the boards: `status` is the kind of the stage.
pub(super) const SQL: Fragment = sql!(
    "(SELECT jsonb_agg(jsonb_build_object('pipeline_id', s.pipeline_id, 'stage_id', s.id, 'name', s.name, ",
    "'probability', s.probability, 'totals', t.totals) ORDER BY p.created_at, p.id, s.position) ",
    "FROM asked a JOIN stages s ON s.kind = 'open' AND (a.pipeline IS NULL OR s.pipeline_id = a.pipeline) ",
    "JOIN pipelines p ON p.id = s.pipeline_id CROSS JOIN LATERAL (",
    "SELECT coalesce(jsonb_agg(jsonb_build_object('currency', g.currency, 'count', g.count, 'amount', g.amount::text) ",
    "ORDER BY g.currency), '[]') AS totals FROM (SELECT d.currency, count(*) AS count, sum(d.amount) AS amount ",
    "FROM deals_in_reach d WHERE d.stage_id = s.id GROUP BY d.currency) g) t)"
);

pub(super) fn value(lines: Vec<Line>) -> PipelineValue {
    let stages: Vec<StageValue> = lines.into_iter().map(stage).collect();
    let mut totals: Vec<Total> = Vec::new();
    for total in stages.iter().flat_map(|stage| &stage.totals) {
        match totals.iter_mut().find(|other| other.currency == total.currency) {
            Some(other) => {
                other.count += total.count;
                other.amount = plus(other.amount, total.amount);
                other.weighted = plus(other.weighted, total.weighted);
            }
            None => totals.push(total.clone()),
        }
    }
    // As the stages have them: by code, and those without an amount last.
    totals.sort_by(|a, b| by_code(&a.currency, &b.currency));
    PipelineValue { count: totals.iter().map(|total| total.count).sum(), totals, stages }
}

fn by_code(a: &Option<Currency>, b: &Option<Currency>) -> std::cmp::Ordering {
    let key =
        |currency: &Option<Currency>| (currency.is_none(), currency.as_ref().map(|code| code.as_str().to_owned()));
    key(a).cmp(&key(b))
}

fn plus(a: Option<Sum>, b: Option<Sum>) -> Option<Sum> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    }
}

fn stage(line: Line) -> StageValue {
    let Line { pipeline_id, stage_id, name, probability, totals } = line;
    let total = |OpenSum { currency, count, amount }: OpenSum| {
        let weighted = amount.map(|amount| amount.percent(probability));
        Total { currency, count, amount, weighted }
    };
    let totals: Vec<Total> = totals.into_iter().map(total).collect();
    let count = totals.iter().map(|total| total.count).sum();
    StageValue { pipeline_id, stage_id, name, probability, count, totals }
}
