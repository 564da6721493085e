//! Starting and stopping the server by `pg_ctl`, which detaches it from the caller.

use std::fs::{self, File, OpenOptions};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use tokio::process::Command;

use super::Progress;
use super::account::{self, Account};
use super::command;
use super::error::EmbeddedError;
use super::init::give;
use super::layout::Layout;
use super::record::{self, Record};
use super::server::{self, State};

const EMPTY_PID_FILE: &str = "postmaster.pid\" is empty";
const LARGEST_LOG: u64 = 10 * 1024 * 1024;
/// Below the ranges from which Linux and macOS take ports for outgoing connections: one of those
/// could be in use at the next start.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// Starts a stopped server and stores where it listens. The caller holds the lock.
pub(super) async fn start(
    layout: &Layout,
    record: Record,
    account: Option<&Account>,
    settings: &str,
    progress: Progress<'_>,
) -> Result<Record, EmbeddedError> {
    progress(&format!("Starting PostgreSQL {}", record.major));
    rotate_log(layout, account)?;
    let began = Instant::now();
    let mut preferred = Some(record.port).filter(|port| *port != 0);
    loop {
        let port = free_port(preferred, layout)?;
        write_settings(layout, account, settings, port)?;
        let log_before = log_length(layout);
        if pg_ctl_start(layout, &record, account, progress).await?.success() {
            let record = Record { port, ..record };
            record.write(layout)?;
            return Ok(record);
        }
        if let Some(address) = server::settled(layout, progress).await? {
            // Somebody started it at the same time: a `pg_ctl` whose caller was killed.
            let record = Record { port: address.port, ..record };
            record.write(layout)?;
            return Ok(record);
        }
        let log = log_since(layout, log_before);
        if log.contains("could not bind") || log.contains("TCP/IP sockets") {
            // Somebody took the port between the look and the start.
            preferred = None;
        } else if !passes(&log) {
            return Err(EmbeddedError::Start { log: layout.log(), tail: command::tail(&log) });
        } else if log.contains(EMPTY_PID_FILE) && began.elapsed() > Duration::from_secs(3) {
            // Nobody is about to write it: a power failure left it so.
            record::remove(&layout.pgdata().join("postmaster.pid"))?;
        }
        if began.elapsed() > server::PATIENCE {
            return Err(server::not_ready(layout));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Whether a failure to start goes away by itself: the children of a killed server notice its
/// death within moments, and another server may be ending or beginning.
fn passes(log: &str) -> bool {
    [EMPTY_PID_FILE, "\"postmaster.pid\" already exists", "pre-existing shared memory block"]
        .iter()
        .any(|reason| log.contains(reason))
}

/// Stops a running server. The caller holds the lock.
pub(super) async fn stop(layout: &Layout, record: &Record) -> Result<(), EmbeddedError> {
    // Without this look `pg_ctl` would signal whatever process has the stored id now.
    if let State::Stopped { .. } = server::state(layout).await {
        return Ok(());
    }
    let account = account::for_cluster(layout)?;
    let mut command = pg_ctl(layout, record, account.as_ref(), "stop")?;
    command.args(["-m", "fast"]);
    let stopped = run(command, record).await?.success()
        // It may have gone by itself in between, which `pg_ctl` reports as a failure.
        || matches!(server::state(layout).await, State::Stopped { .. });
    if stopped {
        return Ok(());
    }
    Err(EmbeddedError::Stop { log: layout.log(), tail: server::log_tail(layout) })
}

async fn pg_ctl_start(
    layout: &Layout,
    record: &Record,
    account: Option<&Account>,
    progress: Progress<'_>,
) -> Result<ExitStatus, EmbeddedError> {
    let mut command = pg_ctl(layout, record, account, "start")?;
    command.arg("-l").arg(layout.log());
    let running = run(command, record);
    tokio::pin!(running);
    let began = Instant::now();
    loop {
        match tokio::time::timeout(Duration::from_secs(5), &mut running).await {
            Ok(status) => return status,
            Err(_) => progress(&format!(
                "PostgreSQL is still starting after {} s: after an unclean stop it recovers first",
                began.elapsed().as_secs()
            )),
        }
    }
}

/// Its output goes to the log and never into a pipe: the server inherits it, and the reader of a
/// pipe would wait until the server ends.
fn pg_ctl(layout: &Layout, record: &Record, account: Option<&Account>, verb: &str) -> Result<Command, EmbeddedError> {
    let path = layout.log();
    let out = open_log(layout).map_err(EmbeddedError::files("open", &path))?;
    let err = out.try_clone().map_err(EmbeddedError::files("open", &path))?;
    let mut command = command::new(&record.bin_dir.join("pg_ctl"), account);
    let patience = server::PATIENCE.as_secs().to_string();
    command.args([verb, "-s", "-w", "-t", &patience, "-D"]).arg(layout.pgdata());
    command.stdout(out).stderr(err);
    Ok(command)
}

async fn run(mut command: Command, record: &Record) -> Result<ExitStatus, EmbeddedError> {
    let program = record.bin_dir.join("pg_ctl");
    command.status().await.map_err(|source| EmbeddedError::Run { program, source })
}

/// The preferred port if it is free, else another free one.
fn free_port(preferred: Option<u16>, layout: &Layout) -> Result<u16, EmbeddedError> {
    let free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok();
    if let Some(port) = preferred
        && free(port).is_some()
    {
        return Ok(port);
    }
    let random = || rand::random_range(PORTS);
    if let Some(port) = (0..50).map(|_| random()).find(|port| free(*port).is_some()) {
        return Ok(port);
    }
    let any = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|it| it.local_addr());
    any.map(|address| address.port()).map_err(EmbeddedError::files("find a free port for", &layout.data_dir))
}

fn write_settings(layout: &Layout, account: Option<&Account>, settings: &str, port: u16) -> Result<(), EmbeddedError> {
    let path = layout.pgdata().join("tenantry.conf");
    record::replace(&path, &format!("{settings}port = {port}\n"))?;
    give(&path, account)
}

/// Keeps the log bounded: one old file beside the current one. The server opens the log as its
/// own user, who may not create files in the data directory.
fn rotate_log(layout: &Layout, account: Option<&Account>) -> Result<(), EmbeddedError> {
    let path = layout.log();
    if log_length(layout) > LARGEST_LOG {
        fs::rename(&path, path.with_extension("log.1")).map_err(EmbeddedError::files("rename", &path))?;
    }
    open_log(layout).map_err(EmbeddedError::files("open", &path))?;
    give(&path, account)
}

fn open_log(layout: &Layout) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(layout.log())
}

fn log_length(layout: &Layout) -> u64 {
    fs::metadata(layout.log()).map_or(0, |metadata| metadata.len())
}

fn log_since(layout: &Layout, length: u64) -> String {
    let bytes = fs::read(layout.log()).unwrap_or_default();
    let from = usize::try_from(length).unwrap_or(usize::MAX);
    String::from_utf8_lossy(bytes.get(from..).unwrap_or_default()).into_owned()
}
