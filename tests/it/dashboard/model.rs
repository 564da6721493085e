//! Sums against a model: random deals with their moves, counted once more in the plainest way.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tenantry_core::testing::{TestOrganization, TestPlatform};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::sum;
use crate::platform;
use crate::support::{rounds, superuser_in};

/// The stages by their place, and what they say.
pub const STAGES: [(&str, &str, i64); 4] =
    [("New", "open", 10), ("Negotiation", "open", 50), ("Closed won", "won", 100), ("Closed lost", "lost", 0)];

/// A deal of the model. Times are in seconds since 1970.
#[derive(Debug)]
pub struct Deal {
    pub id: Uuid,
    pub stage: usize,
    /// Hundredths, and the currency.
    pub amount: Option<(i64, &'static str)>,
    pub made: i64,
    pub since: i64,
    pub closed: Option<i64>,
    /// The stages where it had been, and for how long; then that where it is.
    pub stays: Vec<(usize, i64)>,
}

const HOUR: i64 = 3600;
pub const DAY: i64 = 24 * HOUR;

/// A deal that goes from open stage to open stage, and may end.
fn deal(random: &mut StdRng, midnight: i64) -> Deal {
    let stages = (0..random.random_range(0..4)).map(|_| random.random_range(0..2)).collect::<Vec<usize>>();
    let stays: Vec<(usize, i64)> = stages.iter().map(|stage| (*stage, random.random_range(0..900) * HOUR)).collect();
    // Moves lead elsewhere.
    let stays: Vec<(usize, i64)> = stays
        .iter()
        .enumerate()
        .filter(|(n, stay)| *n == 0 || stays[n - 1].0 != stay.0)
        .map(|(_, stay)| *stay)
        .collect();
    let stage = match stays.last() {
        Some((0, _)) if random.random_bool(0.2) => 1,
        Some((1, _)) if random.random_bool(0.2) => 0,
        None if random.random_bool(0.4) => random.random_range(0..2),
        _ => random.random_range(2..4),
    };
    let since = midnight - random.random_range(0..14_000) * HOUR + random.random_range(0..2) * (HOUR / 2);
    let since = since.min(midnight - HOUR);
    let amount = random
        .random_bool(0.8)
        .then(|| (random.random_range(0..1_000_000), ["EUR", "GBP", "USD"][random.random_range(0..3)]));
    let made = since - stays.iter().map(|(_, stayed)| stayed).sum::<i64>();
    Deal { id: Uuid::new_v4(), stage, amount, made, since, closed: (stage > 1).then_some(since), stays }
}

/// So many deals, written to the database with their moves.
pub async fn world(platform: &TestPlatform, acme: &TestOrganization, random: &mut StdRng, midnight: i64) -> Vec<Deal> {
    let deals: Vec<Deal> = (0..400).map(|_| deal(random, midnight)).collect();
    let mut sql = "DELETE FROM deals; DELETE FROM deal_moves;".to_owned();
    for Deal { id, stage, amount, made, since, closed, stays } in &deals {
        let (stage, kind, _) = STAGES[*stage];
        let (amount, currency) = match amount {
            Some((cents, currency)) => (format!("{cents} / 100.0"), format!("'{currency}'")),
            None => ("NULL".to_owned(), "NULL".to_owned()),
        };
        let closed = closed.map_or("NULL".to_owned(), |at| format!("to_timestamp({at})"));
        let reason = if kind == "lost" { "'price'" } else { "NULL" };
        sql += &format!(
            "INSERT INTO deals (id, title, pipeline_id, stage_id, status, amount, currency, lost_reason, stage_since, closed_at, created_at)
             SELECT '{id}', 'x', pipeline_id, id, kind, {amount}, {currency}, {reason}, to_timestamp({since}), {closed}, to_timestamp({made})
             FROM stages WHERE name = '{stage}';"
        );
        let mut at = *made;
        let mut from: Option<(usize, i64)> = None;
        for next in stays.iter().map(|(stage, _)| STAGES[*stage].0).chain([stage]).enumerate() {
            let (n, to) = next;
            let (from_stage, stayed) = from.map_or(("NULL".to_owned(), "NULL".to_owned()), |(stage, stayed)| {
                (format!("(SELECT id FROM stages WHERE name = '{}')", STAGES[stage].0), stayed.to_string())
            });
            sql += &format!(
                "INSERT INTO deal_moves (deal_id, from_stage_id, to_stage_id, moved_at, stayed)
                 SELECT '{id}', {from_stage}, id, to_timestamp({at}), {stayed} FROM stages WHERE name = '{to}';"
            );
            from = stays.get(n).copied();
            at += from.map_or(0, |(_, stayed)| stayed);
        }
    }
    superuser_in(platform, acme).await.batch_execute(&sql).await.unwrap();
    deals
}

/// Midnight in UTC, in seconds since 1970.
pub fn midnight() -> i64 {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    now - now.rem_euclid(DAY)
}

/// The seed of a random test, which it prints.
pub fn seed() -> u64 {
    let seed = std::env::var("TENANTRY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("TENANTRY_SEED={seed}");
    seed
}

pub fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The currencies in their order, none last, and what deals come to in each.
pub fn by_currency<'a>(deals: impl Iterator<Item = &'a Deal> + Clone) -> Vec<(Value, i64, Option<i64>)> {
    let mut sums = Vec::new();
    for currency in [Some("EUR"), Some("GBP"), Some("USD"), None] {
        let of: Vec<&Deal> = deals.clone().filter(|deal| deal.amount.map(|(_, own)| own) == currency).collect();
        if !of.is_empty() {
            let cents = currency.map(|_| of.iter().map(|deal| deal.amount.unwrap().0).sum());
            sums.push((json!(currency), of.len() as i64, cents));
        }
    }
    sums
}

fn outcome(deals: &[Deal], since: i64, until: i64) -> Value {
    let within = |stage: usize| {
        deals
            .iter()
            .filter(move |deal| deal.stage == stage && deal.closed.is_some_and(|at| (since..until).contains(&at)))
    };
    let (won, lost) = (within(2).count() as i64, within(3).count() as i64);
    let taken: i64 = within(2).map(|deal| deal.closed.unwrap() - deal.made).sum();
    let totals = |stage| -> Vec<Value> {
        by_currency(within(stage))
            .into_iter()
            .map(|(currency, count, cents)| sum(currency, count, json!(cents.map(money))))
            .collect()
    };
    let rate = (won + lost > 0).then(|| (won as f64 / (won + lost) as f64 * 10_000.0).round() / 10_000.0);
    let days = (won > 0).then(|| (taken as f64 / DAY as f64 / won as f64 * 100.0).round() / 100.0);
    json!({ "won": won, "lost": lost, "win_rate": rate, "days_to_win": days, "won_totals": totals(2), "lost_totals": totals(3) })
}

fn pipeline(deals: &[Deal]) -> Value {
    let mut stages = Vec::new();
    let mut weighted = std::collections::BTreeMap::new();
    for (n, (name, _, probability)) in STAGES.iter().enumerate().take(2) {
        let mut totals = Vec::new();
        for (currency, count, cents) in by_currency(deals.iter().filter(|deal| deal.stage == n)) {
            let part = cents.map(|cents| (cents * probability + 50) / 100);
            *weighted.entry(currency.to_string()).or_insert(0) += part.unwrap_or_default();
            totals.push(json!({ "currency": currency, "count": count, "amount": cents.map(money), "weighted": part.map(money) }));
        }
        stages.push(json!([name, totals]));
    }
    let open = deals.iter().filter(|deal| deal.stage < 2);
    let all: Vec<Value> = by_currency(open.clone())
        .into_iter()
        .map(|(currency, count, cents)| {
            let weighted = cents.map(|_| money(weighted[&currency.to_string()]));
            json!({ "currency": currency, "count": count, "amount": cents.map(money), "weighted": weighted })
        })
        .collect();
    json!([open.count(), all, stages])
}

/// Random periods of random deals.
#[tokio::test]
async fn sums_are_those_of_the_model() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let seed = seed();
    for round in 0..rounds(2) {
        let mut random = StdRng::seed_from_u64(seed.wrapping_add(round as u64));
        let midnight = midnight();
        let deals = world(&platform, &acme, &mut random, midnight).await;
        for _ in 0..10 {
            let (back, days) = (random.random_range(0..500), random.random_range(1..=200));
            let until = OffsetDateTime::from_unix_timestamp(midnight).unwrap().date() - Duration::days(back);
            let from = until - Duration::days(days - 1);
            let reply = acme.owner().get(&format!("/dashboard?from={from}&until={until}")).await.expect(200).body;
            let (end, length) = (midnight + (1 - back) * DAY, days * DAY);
            let said = format!("seed {seed}, round {round}, {from} to {until}");
            assert_eq!(reply["closed"]["period"], outcome(&deals, end - length, end), "{said}");
            assert_eq!(reply["closed"]["before"], outcome(&deals, end - 2 * length, end - length), "{said}");
            let shown = &reply["pipeline"];
            let stages = shown["stages"].as_array().unwrap().iter();
            let stages: Vec<Value> = stages.map(|stage| json!([stage["name"], stage["totals"]])).collect();
            assert_eq!(json!([shown["count"], shown["totals"], stages]), pipeline(&deals), "{said}");
        }
    }
}
