//! The watcher: a small shell script that stops a server some seconds after its last user ended.
//!
//! Its whole state is files in the data directory, so that any process can be killed at any
//! time. `users/<id>` is a process that keeps the server alive. `watcher` names the one watcher
//! there is; a watcher that is not named there ends. `stopping` is there while it stops the
//! server.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::command;
use super::error::EmbeddedError;
use super::layout::Layout;
use super::process::Process;
use super::record::{remove, replace};
use super::server::{self, State};

/// Seconds without a user after which the server stops: longer than the pause between two test
/// binaries of one run.
const IDLE_SECONDS: &str = "8";
/// A stop that takes longer than this is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// In place of a watcher's id while the server is starting.
const NOBODY: &str = "0";

/// Notes that the calling process uses the server, until it ends.
pub(super) fn register(layout: &Layout) -> Result<(), EmbeddedError> {
    let users = layout.users();
    DirBuilder::new().recursive(true).mode(0o700).create(&users).map_err(EmbeddedError::files("create", &users))?;
    let process = Process::current();
    let began = process.began.unwrap_or_default();
    replace(&users.join(process.id.to_string()), &format!("{began}\n"))
}

/// Makes the watcher end, if there is one: the server stays.
pub(super) fn dismiss(layout: &Layout) -> Result<(), EmbeddedError> {
    remove(&layout.watcher())
}

/// Says that the server about to start is to be watched, so that a process that attaches after a
/// crash in between starts the watcher.
pub(super) fn announce(layout: &Layout) -> Result<(), EmbeddedError> {
    replace(&layout.watcher(), &format!("{NOBODY}\n"))
}

/// Whether a watcher has announced that it stops the server.
pub(super) fn is_stopping(layout: &Layout) -> bool {
    layout.stopping().exists()
}

/// Whether the server is to be watched and is not.
pub(super) async fn is_dead(layout: &Layout) -> bool {
    match id_in(&layout.watcher()) {
        Some(id) => !is_watcher(layout, id).await,
        None => false,
    }
}

/// Waits until a stop that was announced is over: the server is gone, the watcher has seen a new
/// user in time, or the watcher itself is gone. The caller holds the lock.
pub(super) async fn wait_for_a_stop(layout: &Layout) -> Result<(), EmbeddedError> {
    let stopping = layout.stopping();
    let began = Instant::now();
    while stopping.exists() && began.elapsed() < PATIENCE {
        let stopped = matches!(server::state(layout).await, State::Stopped { .. });
        let alive = match id_in(&stopping) {
            Some(id) => is_watcher(layout, id).await,
            // The watcher has opened the file and not yet written to it.
            None => began.elapsed() < Duration::from_secs(1),
        };
        if stopped || !alive {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    remove(&stopping)
}

/// Starts the watcher of a running server that is to be watched and is not. The caller holds the
/// lock, so that there is one.
pub(super) async fn restart_if_dead(layout: &Layout) -> Result<(), EmbeddedError> {
    if !is_dead(layout).await {
        return Ok(());
    }
    let State::Ready(address) = server::state(layout).await else {
        return Ok(());
    };
    let shell = Path::new("/bin/sh");
    let mut command = command::new(shell, None);
    command
        .args(["-c", include_str!("watch.sh"), "tenantry-watch"])
        .arg(&layout.data_dir)
        .arg(address.process.id.to_string())
        .arg(address.process.began.unwrap_or_default())
        .arg(IDLE_SECONDS)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let child = command.spawn().map_err(|source| EmbeddedError::Run { program: shell.to_owned(), source })?;
    let id = child.id().unwrap_or_default();
    replace(&layout.watcher(), &format!("{id}\n"))
}

fn id_in(file: &Path) -> Option<u32> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

/// Whether this process is a watcher of this directory, and not a later one with its id.
async fn is_watcher(layout: &Layout, id: u32) -> bool {
    match Process::find(id).await {
        Some(process) => process.watches(&layout.data_dir).await,
        None => false,
    }
}
