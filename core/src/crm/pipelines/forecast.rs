//! What is expected of a pipeline, and what was won, by month.

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;

use super::{PipelineId, Total};
use crate::crm::deals::Deal;
use crate::http::{ApiError, ApiResult};
use crate::tenancy::{Fragment, Reach, Statement, reached};
use crate::value::{Currency, Date, Sum};
use crate::{row, sql};

/// What is expected of a pipeline.
#[derive(Debug, Serialize, Object)]
pub struct Forecast {
    /// Each month, in their order.
    pub months: Vec<ForecastMonth>,
}

/// What is expected in a month, and what was won in it, of the deals that the caller reaches.
#[derive(Debug, Serialize, Object)]
pub struct ForecastMonth {
    /// The first day of the month.
    pub month: Date,
    /// Open deals whose `expected_close` is in the month, by currency.
    pub expected: Vec<Total>,
    /// Deals that were won in the month, by currency.
    pub won: Vec<Total>,
}

/// From a day of the first month to a day of the last one.
pub(super) struct Window {
    from: time::Date,
    until: time::Date,
}

impl Window {
    const MOST_MONTHS: i32 = 60;

    /// Checks that it is neither empty nor long.
    pub(super) fn new(from: Option<Date>, until: Option<Date>) -> ApiResult<Self> {
        let from = from.map_or_else(|| OffsetDateTime::now_utc().date(), time::Date::from);
        // The same day of the year but for a month.
        let until = until.map_or_else(|| from.replace_day(1).ok().and_then(Self::a_year_on), |day| Some(day.into()));
        let until = until.ok_or_else(|| ApiError::invalid().at("from", "expected an earlier day"))?;
        let months =
            (until.year() - from.year()) * 12 + i32::from(u8::from(until.month())) - i32::from(u8::from(from.month()));
        match months {
            0..=Self::MOST_MONTHS => Ok(Self { from, until }),
            _ => {
                Err(ApiError::invalid()
                    .at("until", "expected a day of the same month as `from`, or up to 60 months later"))
            }
        }
    }

    fn a_year_on(first: time::Date) -> Option<time::Date> {
        first.replace_year(first.year() + 1).ok()?.previous_day()
    }
}

/// A month, and what is expected or was won in it in one currency, if anything.
struct Line {
    month: Date,
    is_won: Option<bool>,
    currency: Option<Currency>,
    count: Option<i64>,
    amount: Option<Sum>,
    weighted: Option<Sum>,
}

row!(Line { month, is_won, currency, count, amount, weighted });

/// Behind what the caller reaches of deals; the same test asks for its plan.
#[doc(hidden)]
pub const FORECAST: Fragment = sql!(
    ", span AS (SELECT date_trunc('month', $2::date::timestamp) AS since, ",
    "date_trunc('month', $3::date::timestamp) + interval '1 month' AS until), ",
    "sums AS (SELECT date_trunc('month', d.expected_close::timestamp)::date AS month, false AS is_won, d.currency, ",
    "count(*) AS count, sum(d.amount) AS amount, round(sum(d.amount * s.probability) / 100, 2) AS weighted ",
    "FROM span CROSS JOIN deals_in_reach d JOIN stages s ON s.id = d.stage_id WHERE d.pipeline_id = $1 AND d.status = 'open' ",
    "AND d.expected_close >= span.since::date AND d.expected_close < span.until::date GROUP BY 1, 2, 3 ",
    "UNION ALL SELECT date_trunc('month', d.closed_at AT TIME ZONE 'UTC')::date, true, d.currency, ",
    "count(*), sum(d.amount), sum(d.amount) ",
    "FROM span CROSS JOIN deals_in_reach d WHERE d.pipeline_id = $1 AND d.status = 'won' ",
    "AND d.closed_at >= span.since AT TIME ZONE 'UTC' AND d.closed_at < span.until AT TIME ZONE 'UTC' GROUP BY 1, 2, 3) ",
    "SELECT m.month::date, t.is_won, t.currency, t.count, t.amount, t.weighted FROM pipelines p CROSS JOIN span ",
    "CROSS JOIN generate_series(span.since, span.until - interval '1 day', interval '1 month') AS m (month) ",
    "LEFT JOIN sums t ON t.month = m.month::date WHERE p.id = $1 ORDER BY m.month, t.is_won, t.currency"
);

/// The forecast of a pipeline; none where there is no such pipeline.
pub(super) fn forecast(reach: Reach, id: PipelineId, window: Window) -> Statement<Option<Forecast>> {
    let forecast = reached(reach).with::<Deal>().statement(FORECAST);
    forecast.bind(id).bind(window.from).bind(window.until).many::<Line>().map(|lines| {
        let mut months: Vec<ForecastMonth> = Vec::new();
        for line in lines {
            if months.last().is_none_or(|last| last.month != line.month) {
                months.push(ForecastMonth { month: line.month, expected: Vec::new(), won: Vec::new() });
            }
            if let (Some(month), Some(is_won), Some(count)) = (months.last_mut(), line.is_won, line.count) {
                let Line { currency, amount, weighted, .. } = line;
                let totals = if is_won { &mut month.won } else { &mut month.expected };
                totals.push(Total { currency, count, amount, weighted });
            }
        }
        (!months.is_empty()).then_some(Forecast { months })
    })
}
