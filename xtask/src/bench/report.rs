//! What came out: medians, ratios, the bar; as tables or as JSON.

use serde::Serialize;

use crate::bed::Bed;
use crate::options::{Operation, Options};
use crate::pgbench::{CLIENTS, GROUP, TENANTS};
use crate::provision::Provisioning;
use crate::rounds::Series;
use crate::work::{BAR, Work};
use crate::{Outcome, load, pgbench, usage};

/// All that was measured.
#[derive(Serialize)]
pub(crate) struct Report {
    contacts: u32,
    concurrency: u32,
    seconds: u32,
    rounds: u32,
    skewed: bool,
    postgresql: u32,
    /// How pgbench does it, in words.
    naive_limit: String,
    beds: Vec<BedReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    work: Option<Work>,
    /// Names of what misses the bar.
    missed: Vec<String>,
}

#[derive(Serialize)]
struct BedReport {
    tenants: usize,
    operations: Vec<Row>,
    provisioning: Provisioning,
    server_mb: Option<f64>,
    server_peak_mb: Option<f64>,
    backends: usize,
    backend_private_mb_median: Option<f64>,
    backend_private_mb_max: Option<f64>,
}

/// One operation: medians over the rounds.
#[derive(Serialize)]
struct Row {
    operation: Operation,
    http: load::Measured,
    #[serde(skip_serializing_if = "Option::is_none")]
    pgbench: Option<pgbench::Measured>,
    /// The median of the rounds' ratios.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    bar: f64,
    /// CPU of server and database a request, against the first bed.
    cost: f64,
}

impl Report {
    pub(crate) async fn new(
        options: &Options,
        beds: &[Bed],
        results: Vec<Series>,
        work: Option<Work>,
    ) -> Outcome<Self> {
        let mut reports = Vec::new();
        for (index, bed) in beds.iter().enumerate() {
            let rows = results.iter().filter(|series| series.bed == index).map(|series| row(series, &results));
            reports.push(bed_report(bed, rows.collect()).await?);
        }
        let mut missed = missed(&reports, !options.compare_tenants.is_empty());
        missed.extend(
            work.iter().filter(|work| work.ratio < BAR).map(|work| format!("work {:.2} of {BAR:.1}", work.ratio)),
        );
        Ok(Self {
            contacts: options.contacts,
            concurrency: options.concurrency,
            seconds: options.seconds,
            rounds: options.rounds,
            skewed: options.skewed,
            postgresql: beds.first().map_or(0, |bed| bed.cluster.server_version()),
            naive_limit: format!(
                "pgbench, {CLIENTS} clients, prepared, one pipeline of BEGIN, SET LOCAL search_path, statement, COMMIT; \
                 up to {TENANTS} random tenants, {GROUP} a script; superuser, without role, token and checks"
            ),
            beds: reports,
            work,
            missed,
        })
    }

    /// What misses the bar.
    pub(crate) fn missed(&self) -> &[String] {
        &self.missed
    }

    pub(crate) fn print(&self) {
        println!(
            "PostgreSQL {}, fsync on; {} contacts a tenant; {} HTTP connections; medians of {} rounds of {} s{}",
            self.postgresql,
            self.contacts,
            self.concurrency,
            self.rounds,
            self.seconds,
            if self.skewed { "; tenants of unequal weight" } else { "" }
        );
        println!("naive limit: {}", self.naive_limit);
        for bed in &self.beds {
            bed.print(self.beds.len() > 1);
        }
        self.work.iter().for_each(Work::print);
        match self.missed.as_slice() {
            [] => println!("\nthe bar is met"),
            missed => println!("\nbelow the bar: {}", missed.join(", ")),
        }
    }
}

impl BedReport {
    fn print(&self, compared: bool) {
        println!("\n{} tenants", self.tenants);
        println!(
            "  {:<10} {:>8} {:>8} {:>8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7} {:>6}",
            "", "req/s", "p50 ms", "p99 ms", "server µs", "db µs", "bench µs", "pgbench/s", "its db µs", "ratio", "bar"
        );
        for row in &self.operations {
            row.print(compared);
        }
        let Provisioning { ours_ms, bare_ms, ratio, per_second } = &self.provisioning;
        print!("  provisioning: {ours_ms:.1} ms a tenant, bare DDL {bare_ms:.1} ms, ratio {ratio:.2} (bar 1.5)");
        match per_second {
            Some(rate) => println!("; {rate:.1} a second with eight at once"),
            None => println!(),
        }
        let mb = |value: Option<f64>| value.map_or("?".to_owned(), |mb| format!("{mb:.1}"));
        println!(
            "  memory: server {} MB (peak {}); {} backends, private {} MB median, {} MB at most",
            mb(self.server_mb),
            mb(self.server_peak_mb),
            self.backends,
            mb(self.backend_private_mb_median),
            mb(self.backend_private_mb_max)
        );
    }
}

impl Row {
    fn print(&self, compared: bool) {
        let load::Measured { per_second, p50_ms, p99_ms, server_us, database_us, bench_us } = &self.http;
        print!(
            "  {:<10} {per_second:>8.0} {p50_ms:>8.2} {p99_ms:>8.2} {server_us:>9.1} {database_us:>9.1} {bench_us:>9.1}",
            self.operation.name()
        );
        match (&self.pgbench, self.ratio) {
            (Some(limit), Some(ratio)) => {
                println!(" {:>9.0} {:>9.1} {ratio:>7.2} {:>6.1}", limit.per_second, limit.database_us, self.bar);
            }
            _ if compared => println!("   cost {:.2}", self.cost),
            _ => println!(),
        }
    }
}

async fn bed_report(bed: &Bed, operations: Vec<Row>) -> Outcome<BedReport> {
    let backends = bed.backends().await?;
    let private: Vec<f64> = backends.iter().filter_map(|pid| usage::private_mb(*pid)).collect();
    Ok(BedReport {
        tenants: bed.members.len(),
        operations,
        provisioning: bed.provisioning.clone(),
        server_mb: usage::resident_mb(bed.server.pid()),
        server_peak_mb: usage::peak_mb(bed.server.pid()),
        backends: backends.len(),
        backend_private_mb_median: (!private.is_empty()).then(|| median(private.clone())),
        backend_private_mb_max: private.iter().copied().reduce(f64::max),
    })
}

fn row(series: &Series, all: &[Series]) -> Row {
    let first = all.iter().find(|other| other.operation == series.operation).unwrap_or(series);
    let cost = |round: &load::Measured| round.server_us + round.database_us;
    let costs = series.http.iter().zip(&first.http).map(|(this, first)| cost(this) / cost(first));
    let ratios = series.http.iter().zip(&series.pgbench).map(|(http, limit)| http.per_second / limit.per_second);
    Row {
        operation: series.operation,
        http: http_median(&series.http),
        pgbench: (!series.pgbench.is_empty()).then(|| pgbench_median(&series.pgbench)),
        ratio: (!series.pgbench.is_empty()).then(|| median(ratios.collect())),
        bar: series.operation.bar(),
        cost: median(costs.collect()),
    }
}

fn http_median(rounds: &[load::Measured]) -> load::Measured {
    let of = |value: fn(&load::Measured) -> f64| median(rounds.iter().map(value).collect());
    load::Measured {
        per_second: of(|round| round.per_second),
        p50_ms: of(|round| round.p50_ms),
        p99_ms: of(|round| round.p99_ms),
        server_us: of(|round| round.server_us),
        database_us: of(|round| round.database_us),
        bench_us: of(|round| round.bench_us),
    }
}

fn pgbench_median(rounds: &[pgbench::Measured]) -> pgbench::Measured {
    let of = |value: fn(&pgbench::Measured) -> f64| median(rounds.iter().map(value).collect());
    pgbench::Measured {
        per_second: of(|round| round.per_second),
        average_ms: of(|round| round.average_ms),
        database_us: of(|round| round.database_us),
    }
}

/// What a bed's cost per request may be, against a hundredth of its tenants.
const COST_BAR: f64 = 1.2;

fn missed(beds: &[BedReport], compared: bool) -> Vec<String> {
    let rows = beds.iter().flat_map(|bed| bed.operations.iter().map(move |row| (bed, row)));
    let miss = |(bed, row): (&BedReport, &Row)| {
        let name = row.operation.name();
        match row.ratio {
            Some(ratio) if ratio < row.bar => Some(format!("{name} {ratio:.2} of {:.1}", row.bar)),
            None if compared && row.cost > COST_BAR => {
                Some(format!("{name} costs {:.2} times as much at {} tenants", row.cost, bed.tenants))
            }
            _ => None,
        }
    };
    rows.filter_map(miss).collect()
}

/// The value in the middle; 0 of nothing.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let at = |index: usize| values.get(index).copied().unwrap_or_default();
    if values.len() % 2 == 1 { at(middle) } else { (at(middle.saturating_sub(1)) + at(middle)) / 2.0 }
}
