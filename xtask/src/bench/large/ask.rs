//! What is asked of a large organization: lists, filters, the search, the board and reports, each for itself.

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use serde::Serialize;

use super::fill::{COMPANIES, NAMES};
use crate::Outcome;
use crate::bed::Bed;
use crate::fill::record_id;
use crate::load::Connection;
use crate::options::Options;

/// Milliseconds within which 99 of 100 are answered, where that was promised.
const BAR: f64 = 25.0;

/// A question, with what it is asked about at random.
pub(super) struct Ask {
    pub(super) name: &'static str,
    /// Whether the bar is for it.
    pub(super) promised: bool,
    path: fn(&Asked<'_>, &mut SmallRng) -> String,
}

/// What questions are about.
pub(super) struct Asked<'a> {
    pub(super) contacts: u32,
    pub(super) pipeline: &'a str,
}

pub(super) const ASKS: [Ask; 13] = [
    Ask { name: "list 50", promised: true, path: |_, _| "/contacts".to_owned() },
    Ask { name: "list by name", promised: true, path: |_, _| "/contacts?sort=display_name".to_owned() },
    Ask { name: "list deals", promised: true, path: |_, _| "/deals?sort=-amount".to_owned() },
    Ask {
        name: "filter tag",
        promised: true,
        path: |_, random| format!("/contacts?filter[tags][has]=tag%20{}", random.random_range(0..200)),
    },
    Ask {
        name: "filter company",
        promised: true,
        path: |asked, random| {
            let n = random.random_range(1..=asked.contacts);
            let word = COMPANIES.get(n as usize % COMPANIES.len()).copied().unwrap_or_default();
            format!("/contacts?filter[company]={word}%20{}", n / 10)
        },
    },
    Ask {
        name: "filter deals",
        promised: true,
        path: |_, random| {
            format!("/deals?filter[status]=open&filter[amount][gte]={}&sort=-created_at", random.random_range(0..9000))
        },
    },
    Ask { name: "find in list", promised: true, path: |_, random| format!("/contacts?q={}", name(random)) },
    Ask { name: "search", promised: true, path: |asked, random| format!("/search?q={}", words(asked, random)) },
    Ask {
        name: "search, typo",
        promised: true,
        path: |asked, random| format!("/search?q={}", misspelt(asked, random)),
    },
    Ask { name: "board", promised: true, path: |asked, _| format!("/pipelines/{}/board", asked.pipeline) },
    Ask {
        name: "timeline",
        promised: false,
        path: |asked, random| format!("/contacts/{}/timeline", record_id(random.random_range(1..=asked.contacts))),
    },
    Ask {
        name: "duplicates",
        promised: false,
        path: |asked, random| format!("/contacts/{}/duplicates", record_id(random.random_range(1..=asked.contacts))),
    },
    Ask { name: "dashboard", promised: false, path: |_, _| "/dashboard".to_owned() },
];

fn name(random: &mut SmallRng) -> &'static str {
    NAMES.get(random.random_range(0..NAMES.len())).copied().unwrap_or_default()
}

/// A person by the whole name, as somebody who knows it types it.
fn words(asked: &Asked<'_>, random: &mut SmallRng) -> String {
    let n = random.random_range(1..=asked.contacts);
    let family = NAMES.get(n as usize / 3 % NAMES.len()).copied().unwrap_or_default();
    format!("{family}%20{n:x}")
}

/// The same with two letters in the wrong order.
fn misspelt(asked: &Asked<'_>, random: &mut SmallRng) -> String {
    let mut words = words(asked, random);
    if let Some(second) = words.get(1..2).map(str::to_owned) {
        words.replace_range(1..2, "");
        words.insert_str(2, &second);
    }
    words
}

/// What came out of one.
#[derive(Debug, Serialize)]
pub(super) struct Answered {
    name: &'static str,
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    server_us: f64,
    database_us: f64,
    bar_ms: Option<f64>,
}

impl Answered {
    pub(super) fn missed(&self) -> bool {
        self.bar_ms.is_some_and(|bar| self.p99_ms > bar)
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn print(&self) {
        let Self { name, per_second, p50_ms, p99_ms, server_us, database_us, bar_ms } = self;
        let bar = bar_ms.map_or(String::new(), |bar| format!("{bar:.0}"));
        println!(
            "  {name:<16} {per_second:>8.0} {p50_ms:>8.1} {p99_ms:>8.1} {server_us:>10.0} {database_us:>10.0} {bar:>6}"
        );
    }
}

/// Asks one question for a while, on as many connections as are wanted.
pub(super) async fn measure(bed: &Bed, ask: &Ask, asked: &Asked<'_>, options: &Options) -> Outcome<Answered> {
    let token = &bed.members.first().ok_or("no tenant")?.token;
    let start = Instant::now() + Duration::from_secs(options.warm.into());
    let end = start + Duration::from_secs(options.seconds.into());
    let drivers = (0..options.concurrency).map(|seed| drive(bed, ask, asked, token, seed.into(), start, end));
    let usage = async {
        tokio::time::sleep_until(start.into()).await;
        let before = bed.usage()?;
        tokio::time::sleep_until(end.into()).await;
        Outcome::Ok(bed.usage()?.since(before))
    };
    let (all, used) = tokio::try_join!(futures_util::future::try_join_all(drivers), usage)?;
    let mut latencies = Histogram::<u64>::new_with_bounds(1, 60_000_000, 3)?;
    for one in all {
        latencies.add(one)?;
    }
    let count = (latencies.len() as f64).max(1.0);
    Ok(Answered {
        name: ask.name,
        per_second: count / f64::from(options.seconds),
        p50_ms: latencies.value_at_quantile(0.5) as f64 / 1e3,
        p99_ms: latencies.value_at_quantile(0.99) as f64 / 1e3,
        server_us: used.server / count,
        database_us: used.database / count,
        bar_ms: ask.promised.then_some(BAR),
    })
}

async fn drive(
    bed: &Bed,
    ask: &Ask,
    asked: &Asked<'_>,
    token: &str,
    seed: u64,
    start: Instant,
    end: Instant,
) -> Outcome<Histogram<u64>> {
    let mut latencies = Histogram::new_with_bounds(1, 60_000_000, 3)?;
    let mut connection = Connection::open(bed.server.address()).await?;
    let mut random = SmallRng::seed_from_u64(seed);
    let mut began = Instant::now();
    while began < end {
        let path = (ask.path)(asked, &mut random);
        let request = format!("GET /api/v1{path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n");
        let answer = connection.exchange(request.as_bytes()).await?;
        if answer.status != 200 {
            let text = String::from_utf8_lossy(&answer.body).chars().take(300).collect::<String>();
            return Err(format!("{path} was answered {}: {text}", answer.status).into());
        }
        let now = Instant::now();
        if now >= start && now < end {
            latencies.saturating_record(u64::try_from((now - began).as_micros()).unwrap_or(u64::MAX));
        }
        began = now;
    }
    Ok(latencies)
}
