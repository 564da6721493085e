//! Insights against a model: random deals with their moves, looked through once more in the plainest way.

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::of_kind;
use crate::dashboard::model::{DAY, Deal, STAGES, by_currency, midnight, money, seed, world};
use crate::platform;
use crate::support::rounds;

/// The number below which such a part of sorted numbers is, between two of them where it falls between two.
fn percentile(sorted: &[i64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[place.floor() as usize] as f64, sorted[place.ceil() as usize] as f64);
    low + (high - low) * place.fract()
}

/// How many deals of a stage are long there, the ids of the first, how many very long, and what is long, in days.
fn stalled(deals: &[Deal], stage: usize, now: i64) -> Option<Value> {
    let is_example = |deal: &&Deal| deal.stage == 2 && deal.closed.is_some_and(|at| at >= now - 365 * DAY);
    let stays = deals.iter().filter(is_example).flat_map(|deal| &deal.stays).filter(|stay| stay.0 == stage);
    let mut stays: Vec<i64> = stays.map(|(_, stayed)| *stayed).collect();
    stays.sort_unstable();
    let known = stays.len() >= 10;
    let long = if known { percentile(&stays, 0.75) } else { 30.0 * DAY as f64 };
    let very = known.then(|| percentile(&stays, 0.9));
    let mut longer: Vec<&Deal> =
        deals.iter().filter(|deal| deal.stage == stage && (now - deal.since) as f64 > long).collect();
    longer.sort_by_key(|deal| (deal.since, deal.id));
    let ids: Vec<_> = longer.iter().take(20).map(|deal| deal.id).collect();
    let very_long = very.map(|very| longer.iter().filter(|deal| (now - deal.since) as f64 > very).count());
    let days = |seconds: f64| (seconds / DAY as f64 * 100.0).round() / 100.0;
    (!longer.is_empty()).then(|| json!([longer.len(), very_long, days(long), very.map(days), stays.len(), ids]))
}

fn share(deals: &[Deal], stage: usize, now: i64) -> Option<Value> {
    let passed = deals.iter().filter(|deal| deal.closed.is_some_and(|at| at >= now - 365 * DAY));
    let passed = passed.filter(|deal| deal.stays.iter().any(|stay| stay.0 == stage));
    let (closed, won) = (passed.clone().count() as i64, passed.filter(|deal| deal.stage == 2).count() as i64);
    if closed < 20 {
        return None;
    }
    let probability = STAGES[stage].2;
    let expected: Vec<Value> = by_currency(deals.iter().filter(|deal| deal.stage == stage))
        .into_iter()
        .filter_map(|(currency, count, cents)| {
            let cents = cents?;
            let (by_share, by_own) = ((2 * cents * won + closed) / (2 * closed), (cents * probability + 50) / 100);
            let (amount, by_share, by_probability) = (money(cents), money(by_share), money(by_own));
            Some(json!({ "currency": currency, "count": count, "amount": amount, "by_share": by_share, "by_probability": by_probability }))
        })
        .collect();
    Some(json!([closed, won, (won as f64 / closed as f64 * 1000.0).round() / 10.0, probability, expected]))
}

fn all(deals: &[Deal], now: i64) -> [Vec<Option<Value>>; 2] {
    [(0..2).map(|stage| stalled(deals, stage, now)).collect(), (0..2).map(|stage| share(deals, stage, now)).collect()]
}

/// Every figure about stages is that of the model.
#[tokio::test]
async fn figures_are_those_of_the_model() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let stages = crate::pipelines::stages(acme.owner(), &crate::pipelines::sales(acme.owner()).await).await;
    let seed = seed();
    for round in 0..rounds(4) {
        let mut random = StdRng::seed_from_u64(seed.wrapping_add(round as u64));
        let deals = world(&platform, &acme, &mut random, midnight()).await;
        let now = || OffsetDateTime::now_utc().unix_timestamp();
        let start = now();
        let stalled = of_kind(acme.owner(), "stalled_deals").await;
        let shares = of_kind(acme.owner(), "win_share").await;
        let expected = all(&deals, start);
        // A deal that has just stayed too long may be counted or not.
        if expected != all(&deals, now() + 1) {
            continue;
        }
        let of = |insights: &[Value], part: &str, names: &[&str], ids: bool| -> Vec<Option<Value>> {
            let find = |stage: &Value| insights.iter().find(|insight| insight[part]["stage_id"] == stage["id"]);
            let figures = |insight: &Value| {
                let mut figures: Vec<Value> = names.iter().map(|name| insight[part][*name].clone()).collect();
                let records = insight["records"].as_array().unwrap().iter();
                figures.extend(ids.then(|| records.map(|record| record["id"].clone()).collect()));
                json!(figures)
            };
            stages[..2].iter().map(|stage| find(stage).map(figures)).collect()
        };
        let names = ["count", "very_long", "long_days", "very_long_days", "examples"];
        assert_eq!(of(&stalled, "stalled", &names, true), expected[0], "seed {seed}, round {round}");
        let names = ["closed", "won", "share", "probability", "expected"];
        assert_eq!(of(&shares, "share", &names, false), expected[1], "seed {seed}, round {round}");
    }
}
