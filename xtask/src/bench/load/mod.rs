//! The load generator. It shares the cores with what it measures, so it does as little as it can.

mod connection;
mod request;

use std::sync::Arc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use serde::Serialize;

pub(crate) use connection::Connection;
pub(crate) use request::NEW_CONTACT;
use request::Requests;

use crate::Outcome;
use crate::bed::Bed;
use crate::options::{Operation, Options};

/// What one phase over HTTP came to.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    /// CPU microseconds a request, of each.
    pub(crate) server_us: f64,
    pub(crate) database_us: f64,
    pub(crate) bench_us: f64,
}

/// Keeps `concurrency` requests under way. An answer that is not the expected one ends the bench.
pub(crate) async fn measure(bed: &Bed, operation: Operation, options: &Options) -> Outcome<Measured> {
    let requests = Arc::new(Requests::new(&bed.members, bed.contacts, operation, options.skewed));
    let mut connections = Vec::new();
    for _ in 0..options.concurrency {
        connections.push(Connection::open(bed.server.address()).await?);
    }
    let start = Instant::now() + Duration::from_secs(options.warm.into());
    let end = start + Duration::from_secs(options.seconds.into());
    let drive = |(connection, seed)| tokio::spawn(drive(connection, requests.clone(), seed, start, end));
    let drivers: Vec<_> = connections.into_iter().zip(0..).map(drive).collect();
    tokio::time::sleep_until(start.into()).await;
    let before = bed.usage()?;
    tokio::time::sleep_until(end.into()).await;
    let used = bed.usage()?.since(before);
    let mut latencies = histogram()?;
    for driver in drivers {
        latencies.add(driver.await??)?;
    }
    let count = latencies.len() as f64;
    Ok(Measured {
        per_second: count / f64::from(options.seconds),
        p50_ms: latencies.value_at_quantile(0.5) as f64 / 1e3,
        p99_ms: latencies.value_at_quantile(0.99) as f64 / 1e3,
        server_us: used.server / count,
        database_us: used.database / count,
        bench_us: used.bench / count,
    })
}

/// Asks each tenant once, so that what its lane prepares but once is not measured.
pub(crate) async fn visit(bed: &Bed, operation: Operation, options: &Options) -> Outcome<()> {
    let requests = Requests::new(&bed.members, bed.contacts, operation, options.skewed);
    let mut connection = Connection::open(bed.server.address()).await?;
    let mut bytes = Vec::with_capacity(2048);
    for tenant in 0..requests.tenants() {
        let asked = requests.write_of(tenant, 1, &mut bytes);
        let answer = connection.exchange(&bytes).await?;
        requests.check(&asked, &answer)?;
    }
    Ok(())
}

fn histogram() -> Outcome<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000, 3)?)
}

/// One connection's requests, one after the other. Microseconds of those that end while it is measured.
async fn drive(
    mut connection: Connection,
    requests: Arc<Requests>,
    seed: u64,
    start: Instant,
    end: Instant,
) -> Outcome<Histogram<u64>> {
    let mut latencies = histogram()?;
    let mut random = SmallRng::seed_from_u64(seed);
    let mut bytes = Vec::with_capacity(2048);
    let mut began = Instant::now();
    while began < end {
        let asked = requests.write(&mut random, &mut bytes);
        let answer = connection.exchange(&bytes).await?;
        requests.check(&asked, &answer)?;
        let now = Instant::now();
        if now >= start && now < end {
            latencies.saturating_record(u64::try_from((now - began).as_micros()).unwrap_or(u64::MAX));
        }
        began = now;
    }
    Ok(latencies)
}
