//! pgbench with the same statements: what a server that enters tenants by `SET LOCAL search_path` could reach at most.
//!
//! A schema's name cannot be a parameter, and each script file has prepared statements of its own. So a script holds
//! the names of [`GROUP`] tenants in a tree of `\if`s, and one `SELECT` that they share, as every connection of a naive
//! server shares it: PostgreSQL plans it again whenever the path has changed, which it has in 24 of 25 cases.

use std::path::PathBuf;
use std::process::Stdio;

use serde::Serialize;
use tenantry_core::crm::contacts::Contact;
use tenantry_core::tenancy::FromRow as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::Outcome;
use crate::bed::{Bed, DATABASE};
use crate::load::NEW_CONTACT;
use crate::module::join_sql;
use crate::options::{Operation, Options};
use crate::provision::Member;

/// Tenants that share a script.
pub(crate) const GROUP: usize = 25;
/// Tenants that pgbench uses at most. Fewer are easier for it: each of its connections has seen all of them soon.
pub(crate) const TENANTS: usize = 200;
pub(crate) const CLIENTS: u32 = 16;

/// What one phase came to.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    pub(crate) average_ms: f64,
    /// CPU microseconds of the database a transaction.
    pub(crate) database_us: f64,
}

/// Runs pgbench for one operation. `phase` tells the phases of a bench apart, for new ids.
pub(crate) async fn measure(bed: &Bed, operation: Operation, phase: u32, options: &Options) -> Outcome<Measured> {
    let scripts = write_scripts(bed, operation)?;
    let (warm, seconds) = (options.warm, options.seconds);
    let program = bed.cluster.bin_dir().join("pgbench");
    let mut command = Command::new(&program);
    command
        .args(["--no-vacuum", "--protocol=prepared", "--progress=1", "--jobs=2"])
        .args(["--host=127.0.0.1", &format!("--port={}", bed.cluster.port())])
        .arg(format!("--username={}", bed.cluster.superuser()))
        .arg(format!("--client={CLIENTS}"))
        // The last second's line is not always printed.
        .arg(format!("--time={}", warm + seconds + 1))
        .args(["--define=limit=51", "--define=seq=0"])
        .arg(format!("--define=base={}", (u64::from(phase) + 100_000) * 1_000_000_000_000))
        .args(scripts.iter().map(|script| format!("--file={}", script.display())))
        .arg(DATABASE)
        .env("PGPASSWORD", bed.cluster.password())
        // Statements are prepared before the first SET LOCAL, so the path must hold some tenant then.
        .env(
            "PGOPTIONS",
            bed.members.first().map(|m| format!("-c search_path={}", m.tenant.schema())).unwrap_or_default(),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| format!("{} does not start: {error}", program.display()))?;
    let lines = BufReader::new(child.stderr.take().ok_or("pgbench has no output")?).lines();
    let measured = follow(bed, lines, warm, seconds).await;
    let status = child.wait().await?;
    if measured.is_ok() && !status.success() {
        return Err(format!("pgbench failed: {status}").into());
    }
    measured
}

type Lines = tokio::io::Lines<BufReader<tokio::process::ChildStderr>>;

/// Reads a line a second; those of the first seconds do not count.
async fn follow(bed: &Bed, mut lines: Lines, warm: u32, seconds: u32) -> Outcome<Measured> {
    let (mut seen, mut rates, mut averages, mut errors) = (0, Vec::new(), Vec::new(), String::new());
    let mut before = bed.usage()?;
    let mut after = before;
    while let Some(line) = lines.next_line().await? {
        let Some(progress) = Progress::parse(&line) else {
            if line.contains("error:") && errors.len() < 2000 {
                errors.push_str(&format!("{line}\n"));
            }
            continue;
        };
        seen += 1;
        if seen == warm {
            before = bed.usage()?;
        }
        if seen > warm && seen <= warm + seconds {
            rates.push(progress.per_second);
            averages.push(progress.average_ms);
            after = bed.usage()?;
        }
    }
    if rates.is_empty() || !errors.is_empty() {
        return Err(format!("pgbench failed:\n{errors}").into());
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    Ok(Measured {
        per_second: mean(&rates),
        average_ms: mean(&averages),
        database_us: after.since(before).database / rates.iter().sum::<f64>(),
    })
}

struct Progress {
    per_second: f64,
    average_ms: f64,
}

impl Progress {
    /// `progress: 3.0 s, 23110.9 tps, lat 0.689 ms stddev 0.430, 0 failed`
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.strip_prefix("progress: ")?.split_whitespace().collect();
        let number = |index: usize| words.get(index)?.parse().ok();
        Some(Self { per_second: number(2)?, average_ms: number(5)? })
    }
}

fn write_scripts(bed: &Bed, operation: Operation) -> Outcome<Vec<PathBuf>> {
    let chosen = bed.members.get(..TENANTS).unwrap_or(&bed.members);
    let write = |(number, members): (usize, &[Member])| {
        let path = bed.cluster.data_dir().join(format!("{operation:?}-{number}.pgbench"));
        std::fs::write(&path, script(members, bed.contacts, operation))?;
        Ok(path)
    };
    let written: Outcome<Vec<PathBuf>> = chosen.chunks(GROUP).enumerate().map(write).collect();
    written
}

fn script(members: &[Member], records: u32, operation: Operation) -> String {
    let (columns, id) = (Contact::COLUMNS, "lpad(:id::text, 32, '0')::uuid");
    let statement = match operation {
        Operation::Get => format!("SELECT {columns} FROM contacts WHERE id = {id}"),
        Operation::List => {
            format!("SELECT {columns} FROM contacts WHERE true ORDER BY created_at DESC, id DESC LIMIT :limit")
        }
        Operation::Create => {
            let (names, values) = (NEW_CONTACT.map(|(name, _)| name), NEW_CONTACT.map(|(_, value)| value));
            let (names, values) = (names.join(", "), values.join("', '"));
            format!("INSERT INTO contacts (id, {names}) VALUES ({id}, '{values}') RETURNING {columns}")
        }
        Operation::Join => join_sql!("lpad(:id::text, 32, '0')::uuid").to_owned(),
    };
    let record = match operation {
        // Rising, as the server's are.
        Operation::Create => "\\set seq :seq + 1\n\\set id :base + :client_id * 10000000000 + :seq".to_owned(),
        _ => format!("\\set id random(1, {records})"),
    };
    let last = members.len().saturating_sub(1);
    let path = paths(members, 0);
    format!(
        "\\set n random(0, {last})\n{record}\n\\startpipeline\nBEGIN;\n{path}{statement};\nCOMMIT;\n\\endpipeline\n"
    )
}

/// Chooses one of the paths by the variable `n`.
fn paths(members: &[Member], first: usize) -> String {
    match members {
        [] => String::new(),
        [member] => format!("SET LOCAL search_path TO {};\n", member.tenant.schema()),
        _ => {
            let (left, right) = members.split_at(members.len() / 2);
            let middle = first + left.len();
            format!("\\if :n < {middle}\n{}\\else\n{}\\endif\n", paths(left, first), paths(right, middle))
        }
    }
}
