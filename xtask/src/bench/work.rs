//! The worker: how many messages a second it does, and beside it pgbench with a queue of the plainest kind.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::process::Command;

use crate::Outcome;
use crate::bed::{Bed, DATABASE};
use crate::options::Options;
use crate::pgbench::CLIENTS;
use crate::report::median;

/// Messages a second, from the transaction that writes one until it is done and gone; medians.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Work {
    ours_per_second: f64,
    /// pgbench: one transaction inserts, the next one deletes the first row that nobody has locked.
    naive_per_second: f64,
    /// The median of the rounds' ratios.
    pub(crate) ratio: f64,
}

/// What the ratio has to be. A message is written three times, not twice, and has a tenant, an actor, a turn and a lease, each
/// with its index; whoever dies with it loses nothing, which the plain queue cannot say.
pub(crate) const BAR: f64 = 0.5;

const NAIVE: &str = "CREATE SCHEMA IF NOT EXISTS naive;
    CREATE TABLE IF NOT EXISTS naive.queue (id uuid PRIMARY KEY, payload bytea NOT NULL, due_at timestamptz NOT NULL DEFAULT now());
    CREATE INDEX IF NOT EXISTS queue_due_idx ON naive.queue (due_at)";
const NAIVE_SCRIPT: &str = "INSERT INTO naive.queue (id, payload) VALUES (gen_random_uuid(), decode(repeat('ab', 200), 'hex'));
DELETE FROM naive.queue WHERE id = (SELECT id FROM naive.queue WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED);
";

/// Measures both, in turns the one first or the other.
pub(crate) async fn measure(bed: &Bed, options: &Options) -> Outcome<Work> {
    bed.superuser().batch_execute(NAIVE).await?;
    let naive = write(bed, "naive", NAIVE_SCRIPT)?;
    let ours = write(bed, "outbox", &publish(bed))?;
    let (mut rates, mut limits) = (Vec::new(), Vec::new());
    for round in 0..options.rounds {
        for turn in [round % 2, (round + 1) % 2] {
            bed.settle().await?;
            let began = Instant::now();
            if turn == 0 {
                let written = run(bed, &ours, options.seconds).await?;
                until_done(bed).await?;
                rates.push(written / began.elapsed().as_secs_f64());
            } else {
                limits.push(run(bed, &naive, options.seconds).await? / began.elapsed().as_secs_f64());
            }
        }
    }
    let ratio = median(rates.iter().zip(&limits).map(|(ours, naive)| ours / naive).collect());
    let work = Work { ours_per_second: median(rates), naive_per_second: median(limits), ratio };
    eprintln!("  {:<10} {:>7.0}/s, by pgbench {:.0}/s", "work", work.ours_per_second, work.naive_per_second);
    Ok(work)
}

impl Work {
    pub(crate) fn print(&self) {
        let Self { ours_per_second, naive_per_second, ratio } = self;
        println!(
            "  work: {ours_per_second:.0} messages a second, pgbench {naive_per_second:.0}, ratio {ratio:.2} (bar {BAR:.1})"
        );
    }
}

/// A message of a tenant at random, in a transaction of its own, as a change of its data would write it.
fn publish(bed: &Bed) -> String {
    let tenants: Vec<String> = bed.members.iter().map(|member| member.tenant.to_string()).collect();
    format!(
        "\\set n random(1, {})\nINSERT INTO platform.outbox (id, tenant_id, topic, payload) VALUES (gen_random_uuid(), \
         ('{{{}}}'::uuid[])[:n], '{}/nothing', decode(repeat('ab', 200), 'hex'));\n",
        tenants.len(),
        tenants.join(","),
        crate::module::NAME,
    )
}

fn write(bed: &Bed, name: &str, script: &str) -> Outcome<PathBuf> {
    let path = bed.cluster.data_dir().join(format!("{name}.pgbench"));
    std::fs::write(&path, script)?;
    Ok(path)
}

/// Runs a script for so many seconds, and tells how often.
async fn run(bed: &Bed, script: &Path, seconds: u32) -> Outcome<f64> {
    let program = bed.cluster.bin_dir().join("pgbench");
    let output = Command::new(&program)
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--host=127.0.0.1"])
        .args([format!("--port={}", bed.cluster.port()), format!("--username={}", bed.cluster.superuser())])
        .args([format!("--client={CLIENTS}"), format!("--time={seconds}"), format!("--file={}", script.display())])
        .arg(DATABASE)
        .env("PGPASSWORD", bed.cluster.password())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    let said = String::from_utf8_lossy(&output.stdout);
    let count = said.lines().find_map(|line| line.strip_prefix("number of transactions actually processed: "));
    let count = count.and_then(|count| count.split('/').next()?.trim().parse().ok());
    count.ok_or_else(|| format!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr)).into())
}

async fn until_done(bed: &Bed) -> Outcome<()> {
    loop {
        let left = "SELECT EXISTS (SELECT 1 FROM platform.outbox WHERE dead_at IS NULL)";
        if !bed.superuser().query_one(left, &[]).await?.try_get::<_, bool>(0)? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
