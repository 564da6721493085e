//! What was won and lost.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use crate::sql;
use crate::tenancy::Fragment;
use crate::value::{Currency, Sum};

/// Deals that were won or lost, in the period and in the one before.
#[derive(Debug, Serialize, Object)]
pub struct ClosedDeals {
    /// In the period.
    pub period: DealOutcome,
    /// In the period before.
    pub before: DealOutcome,
}

/// Deals that were won or lost in some time, by their `closed_at`.
#[derive(Debug, Default, Serialize, Object)]
pub struct DealOutcome {
    /// How many were won.
    pub won: i64,
    /// How many were lost.
    pub lost: i64,
    /// The share of those won, from 0 to 1, with four decimals; null where there were none.
    pub win_rate: Option<f64>,
    /// How long those won had taken, from `created_at` to `closed_at`, on average in days, with two decimals; null where there
    /// were none.
    pub days_to_win: Option<f64>,
    /// What those won come to, by currency.
    pub won_totals: Vec<DealSum>,
    /// What those lost come to, by currency.
    pub lost_totals: Vec<DealSum>,
}

/// How many deals there are in a currency, and what they come to.
#[derive(Debug, Serialize, Object)]
pub struct DealSum {
    /// The currency; null for deals without an amount.
    pub currency: Option<Currency>,
    /// How many deals.
    pub count: i64,
    /// The sum of their amounts.
    pub amount: Option<Sum>,
}

/// Deals of a time, an end and a currency, as the statement gives them.
#[derive(Deserialize)]
pub(super) struct Line {
    is_before: bool,
    is_won: bool,
    currency: Option<Currency>,
    count: i64,
    amount: Option<Sum>,
    seconds: f64,
}

pub(super) const SQL: Fragment = sql!(
    "(SELECT jsonb_agg(jsonb_build_object('is_before', g.is_before, 'is_won', g.is_won, 'currency', g.currency, 'count', g.count, ",
    "'amount', g.amount::text, 'seconds', g.seconds) ORDER BY g.currency) FROM (SELECT d.closed_at < a.since AS is_before, ",
    "d.status = 'won' AS is_won, d.currency, count(*) AS count, sum(d.amount) AS amount, ",
    "extract(epoch FROM sum(greatest(d.closed_at - d.created_at, interval '0')))::float8 AS seconds ",
    "FROM asked a JOIN deals_in_reach d ON d.closed_at >= a.before AND d.closed_at < a.until ",
    "WHERE a.pipeline IS NULL OR d.pipeline_id = a.pipeline GROUP BY 1, 2, 3) g)"
);

pub(super) fn outcomes(lines: Vec<Line>) -> ClosedDeals {
    let (before, period) = lines.into_iter().partition(|line: &Line| line.is_before);
    ClosedDeals { period: outcome(period), before: outcome(before) }
}

fn outcome(lines: Vec<Line>) -> DealOutcome {
    let mut outcome = DealOutcome::default();
    let mut seconds = 0.0;
    for Line { is_won, currency, count, amount, seconds: taken, .. } in lines {
        let (number, totals) = if is_won {
            seconds += taken;
            (&mut outcome.won, &mut outcome.won_totals)
        } else {
            (&mut outcome.lost, &mut outcome.lost_totals)
        };
        *number += count;
        totals.push(DealSum { currency, count, amount });
    }
    outcome.win_rate = ratio(outcome.won as f64, outcome.won + outcome.lost, 10_000.0);
    outcome.days_to_win = ratio(seconds / 86_400.0, outcome.won, 100.0);
    outcome
}

/// A part of something, to so many parts of one; none of nothing.
fn ratio(part: f64, of: i64, parts: f64) -> Option<f64> {
    (of > 0).then(|| (part / of as f64 * parts).round() / parts)
}
