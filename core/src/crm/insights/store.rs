//! The statement of the insights: stages with their history, and weeks, as far as the caller may see them.

use serde::Deserialize;
use time::Duration;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::shares::ExpectedValue;
use super::week::Week;
use super::{Insights, drops, shares, stalled, told};
use crate::crm::activities::Activity;
use crate::crm::calendar::{ByClock, Calendar};
use crate::crm::deals::Deal;
use crate::crm::pipelines::{PipelineId, StageId};
use crate::tenancy::{Fragment, Reach, Statement, reached};
use crate::value::{Currency, Sum, Text, TimeZone};
use crate::{row, sql};

/// A stage where deals go on, with its history, as the statement gives it. Times are in seconds.
#[derive(Deserialize)]
pub(super) struct StageLine {
    pub(super) pipeline_id: PipelineId,
    pub(super) pipeline: Text<100>,
    pub(super) stage_id: StageId,
    pub(super) name: Text<100>,
    pub(super) probability: i16,
    /// Stays of won deals, and what is long by them.
    pub(super) examples: i64,
    pub(super) long: f64,
    pub(super) very: Option<f64>,
    /// Open deals that have been there longer, and the first of them.
    pub(super) stalled: i64,
    pub(super) very_stalled: i64,
    pub(super) ids: Vec<Uuid>,
    /// Closed deals that had passed.
    pub(super) closed: i64,
    pub(super) won: i64,
    /// Open deals by currency.
    pub(super) totals: Vec<OpenSum>,
}

/// Open deals in a currency.
#[derive(Deserialize)]
pub(super) struct OpenSum {
    currency: Currency,
    count: i64,
    amount: Sum,
}

impl OpenSum {
    pub(super) fn expected(&self, won: i64, closed: i64, probability: i16) -> Option<ExpectedValue> {
        let OpenSum { currency, count, amount } = self;
        let (by_share, by_probability) = (amount.share(won, closed), amount.percent(probability));
        Some(ExpectedValue { currency: currency.clone(), count: *count, amount: *amount, by_share, by_probability })
    }
}

/// Closed deals and where they had been. The index has them by time, so that no more are read than are looked at.
const PASSED: Fragment = sql!(
    ", closed AS MATERIALIZED (SELECT d.id, d.status FROM asked a CROSS JOIN LATERAL (SELECT d.id, d.status FROM deals_in_reach d ",
    "WHERE d.closed_at >= a.a_year_ago AND d.closed_at <= a.now ORDER BY d.closed_at DESC, d.id DESC LIMIT 5000) d), ",
    "passed AS MATERIALIZED (SELECT c.id, c.status, m.from_stage_id, m.to_stage_id, m.stayed ",
    "FROM closed c JOIN deal_moves m ON m.deal_id = c.id), ",
    "stays AS MATERIALIZED (SELECT from_stage_id AS stage_id, count(*) AS examples, ",
    "percentile_cont(0.75) WITHIN GROUP (ORDER BY stayed) AS long, percentile_cont(0.9) WITHIN GROUP (ORDER BY stayed) AS very ",
    "FROM passed WHERE status = 'won' AND stayed IS NOT NULL GROUP BY 1), ",
    "odds AS MATERIALIZED (SELECT o.stage_id, count(*) AS closed, count(*) FILTER (WHERE o.status = 'won') AS won FROM (",
    "SELECT DISTINCT to_stage_id AS stage_id, id, status FROM passed) o GROUP BY 1)"
);

/// What is long: by stays of won deals where there are ten of them, else 30 days.
const STAGES: Fragment = sql!(
    "(SELECT jsonb_agg(jsonb_build_object('pipeline_id', p.id, 'pipeline', p.name, 'stage_id', s.id, 'name', s.name, ",
    "'probability', s.probability, 'examples', w.examples, 'long', w.long, 'very', w.very, 'stalled', l.stalled, ",
    "'very_stalled', l.very_stalled, 'ids', i.ids, 'closed', coalesce(o.closed, 0), 'won', coalesce(o.won, 0), 'totals', t.totals) ",
    "ORDER BY p.created_at, p.id, s.position) FROM asked a JOIN stages s ON s.kind = 'open' JOIN pipelines p ON p.id = s.pipeline_id ",
    "LEFT JOIN stays x ON x.stage_id = s.id LEFT JOIN odds o ON o.stage_id = s.id CROSS JOIN LATERAL (",
    "SELECT coalesce(x.examples, 0) AS examples, CASE WHEN x.examples >= 10 THEN x.long ELSE 2592000 END AS long, ",
    "CASE WHEN x.examples >= 10 THEN x.very END AS very) w CROSS JOIN LATERAL (",
    "SELECT count(*) AS stalled, count(*) FILTER (WHERE d.stage_since < a.now - make_interval(secs => w.very)) AS very_stalled ",
    "FROM deals_in_reach d WHERE d.stage_id = s.id AND d.stage_since < a.now - make_interval(secs => w.long)) l ",
    "CROSS JOIN LATERAL (SELECT coalesce(jsonb_agg(f.id ORDER BY f.stage_since, f.id), '[]') AS ids FROM (",
    "SELECT d.id, d.stage_since FROM deals_in_reach d WHERE d.stage_id = s.id ",
    "AND d.stage_since < a.now - make_interval(secs => w.long) ORDER BY d.stage_since, d.id LIMIT 20) f) i ",
    "CROSS JOIN LATERAL (SELECT coalesce(jsonb_agg(jsonb_build_object('currency', g.currency, 'count', g.count, ",
    "'amount', g.amount::text) ORDER BY g.currency), '[]') AS totals FROM (SELECT d.currency, count(*) AS count, ",
    "sum(d.amount) AS amount FROM deals_in_reach d WHERE d.stage_id = s.id AND d.currency IS NOT NULL GROUP BY d.currency) g) t)"
);

/// Which parts the caller may see.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) deals: bool,
    pub(super) activities: bool,
}

/// What the statement gives back; numbers and sums of what the caller reaches, and ids.
struct Line {
    zone: TimeZone,
    fits: bool,
    stages: Option<Json<Vec<StageLine>>>,
    deals: Option<Json<Vec<drops::Line>>>,
    activities: Option<Json<Vec<drops::Line>>>,
}

row!(Line { zone, fits, stages, deals, activities });

/// The insights, or the zone that they have to be asked by.
pub(super) fn insights(reach: Reach, parts: Parts, week: Week, calendar: &Calendar) -> Statement<ByClock<Insights>> {
    let given = |allowed: bool, part| if allowed { part } else { sql!("NULL::jsonb") };
    let query = reached(reach).with::<Deal>().with::<Activity>().parts([
        sql!(
            ", asked AS MATERIALIZED (SELECT $2::timestamptz AS now, $3::timestamptz AS a_year_ago, $4::timestamptz AS first_week, ",
            "$5::timestamptz AS today, $6::timestamptz[] AS weeks FROM notification_settings n ",
            "WHERE $1::text IS NULL OR n.time_zone = $1 LIMIT 1)"
        ),
        PASSED,
        sql!("SELECT n.time_zone, EXISTS (SELECT 1 FROM asked),"),
        given(parts.deals, STAGES),
        sql!(","),
        given(parts.deals, drops::DEALS),
        sql!(","),
        given(parts.activities, drops::ACTIVITIES),
        sql!("FROM notification_settings n LIMIT 1"),
    ]);
    let (first, last) = (week.starts.first().copied(), week.starts.last().copied());
    let now = calendar.now();
    let query =
        query.bind(calendar.must_be()).bind(now).bind(now - YEAR).bind(first).bind(last).bind(week.starts.clone());
    let zone = calendar.zone();
    query.one::<Line>().map(move |line| if line.fits { Ok(whole(line, &week, zone)) } else { Err(line.zone) })
}

const YEAR: Duration = Duration::days(365);

fn whole(line: Line, week: &Week, zone: String) -> Insights {
    let Line { stages, deals, activities, .. } = line;
    let stages = stages.map(|stages| stages.0).unwrap_or_default();
    let weeks = [deals, activities].into_iter().flatten().flat_map(|lines| lines.0).collect();
    let mut insights: Vec<_> = stages.iter().filter_map(stalled::insight).collect();
    insights.extend(drops::insights(weeks, week));
    insights.extend(stages.iter().filter_map(shares::insight));
    Insights { items: told(insights), zone, week_from: week.from, week_until: week.until }
}
