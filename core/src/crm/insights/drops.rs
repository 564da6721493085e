//! Unusual drops: the last seven days against the eight weeks before.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use super::week::{BEFORE, Week};
use super::{Insight, InsightKind, Severity, rounded};
use crate::tenancy::Fragment;
use crate::value::Currency;
use crate::{choice, sql};

choice! {
    /// What is counted by the week.
    pub enum Measure {
        /// Deals that were made.
        NewDeals = "new_deals",
        /// Activities that happened.
        Activities = "activities",
        /// What was won, in a currency.
        WonValue = "won_value",
    }
}

/// A week, and what is usual.
#[derive(Debug, Serialize, Object)]
pub struct DropFigures {
    /// What is counted.
    pub measure: Measure,
    /// Of what was won: the currency.
    pub currency: Option<Currency>,
    /// How much it was in the last seven days.
    pub value: f64,
    /// How much it was in each of the eight weeks before, the first one first.
    pub weeks: Vec<f64>,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, as of a sample, but at least a tenth of the mean: where all weeks are alike, not every little
    /// less is unusual.
    pub deviation: f64,
    /// How many deviations the last seven days are from the mean; below -2 is unusual, below -3 very much so.
    pub z: f64,
}

/// How much it was in a week, as the statement gives it: the first of nine is 1.
#[derive(Deserialize)]
pub(super) struct Line {
    measure: Measure,
    currency: Option<Currency>,
    week: usize,
    value: f64,
}

/// In at least so many weeks there has to have been something, and so many in a week on average of what is counted.
const ENOUGH_WEEKS: usize = 6;
const ENOUGH_A_WEEK: f64 = 5.0;

pub(super) const DEALS: Fragment = sql!(
    "(SELECT jsonb_agg(jsonb_build_object('measure', g.measure, 'currency', g.currency, 'week', g.week, 'value', g.value) ",
    "ORDER BY g.measure, g.currency, g.week) FROM (",
    "SELECT 'new_deals' AS measure, NULL::text AS currency, width_bucket(d.created_at, a.weeks) AS week, count(*)::float8 AS value ",
    "FROM asked a JOIN deals_in_reach d ON d.created_at >= a.first_week AND d.created_at < a.today GROUP BY 3 UNION ALL ",
    "SELECT 'won_value', d.currency, width_bucket(d.closed_at, a.weeks), sum(d.amount)::float8 ",
    "FROM asked a JOIN deals_in_reach d ON d.closed_at >= a.first_week AND d.closed_at < a.today ",
    "WHERE d.status = 'won' AND d.currency IS NOT NULL GROUP BY 2, 3) g)"
);
pub(super) const ACTIVITIES: Fragment = sql!(
    "(SELECT jsonb_agg(jsonb_build_object('measure', 'activities', 'week', g.week, 'value', g.value)) FROM (",
    "SELECT width_bucket(v.happened_at, a.weeks) AS week, count(*)::float8 AS value ",
    "FROM asked a JOIN activities_in_reach v ON v.happened_at >= a.first_week AND v.happened_at < a.today GROUP BY 1) g)"
);

/// What there is to say of the weeks.
pub(super) fn insights(lines: Vec<Line>, week: &Week) -> Vec<Insight> {
    let mut series: Vec<(Measure, Option<Currency>, [f64; BEFORE + 1])> = Vec::new();
    for Line { measure, currency, week, value } in lines {
        if series.last().is_none_or(|(last, of, _)| *last != measure || *of != currency) {
            series.push((measure, currency, [0.0; BEFORE + 1]));
        }
        let place = week.checked_sub(1).zip(series.last_mut());
        if let Some(place) = place.and_then(|(week, (_, _, values))| values.get_mut(week)) {
            *place = value;
        }
    }
    series.into_iter().filter_map(|(measure, currency, values)| insight(measure, currency, values, week)).collect()
}

fn insight(measure: Measure, currency: Option<Currency>, values: [f64; BEFORE + 1], week: &Week) -> Option<Insight> {
    let (value, weeks) = values.split_last()?;
    let mean = weeks.iter().sum::<f64>() / BEFORE as f64;
    let is_enough = weeks.iter().filter(|value| **value > 0.0).count() >= ENOUGH_WEEKS
        && (measure == Measure::WonValue || mean >= ENOUGH_A_WEEK);
    let spread = weeks.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (BEFORE - 1) as f64;
    let deviation = spread.sqrt().max(mean / 10.0);
    let z = (value - mean) / deviation;
    // Also where there is nothing to compare with: then it is no number.
    if !is_enough || z >= -2.0 {
        return None;
    }
    let severity = if z < -3.0 { Severity::High } else { Severity::Medium };
    let what = match (measure, &currency) {
        (Measure::NewDeals, _) => "new deals".to_owned(),
        (Measure::Activities, _) => "activities".to_owned(),
        (Measure::WonValue, currency) => format!("value won in {}", currency.as_ref().map_or("", Currency::as_str)),
    };
    let title = format!("Fewer {what} than usual").replace("Fewer value", "Less value");
    let (from, until) = (week.from, week.until);
    let reason = format!(
        "From {from} to {until} it was {value}, in the eight weeks before {mean:.2} a week on average with a standard deviation of \
         {deviation:.2}: that is {:.2} deviations below the mean, and more than 2 is unusual.",
        -z
    );
    let mut insight = Insight::new(InsightKind::UnusualDrop, severity, title, reason);
    let (mean, deviation, z) = (rounded(mean), rounded(deviation), rounded(z));
    insight.drop = Some(DropFigures { measure, currency, value: *value, weeks: weeks.to_vec(), mean, deviation, z });
    Some(insight)
}
