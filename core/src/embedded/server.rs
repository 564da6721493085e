//! Whether a server runs on a data directory, by its `postmaster.pid` and by asking its port.

use std::fs;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;

use super::Progress;
use super::command;
use super::error::EmbeddedError;
use super::layout::Layout;
use super::process::{self, Process};

/// How long a server may recover from an unclean stop before the caller is told.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);

/// A running server.
#[derive(Debug, Clone)]
pub(super) struct Address {
    pub(super) process: Process,
    pub(super) port: u16,
}

/// What is known of the server.
pub(super) enum State {
    /// It answers.
    Ready(Address),
    /// It is starting, recovering or stopping.
    Changing,
    /// There is none. `misleading` means that `postmaster.pid` names a process that PostgreSQL
    /// would take for a running server: one that got the id of a crashed server, as happens in
    /// each container that is restarted, or the zombie of it, in containers where nobody reaps.
    Stopped { misleading: bool },
}

/// Looks without waiting.
pub(super) async fn state(layout: &Layout) -> State {
    let pgdata = layout.pgdata();
    let text = fs::read_to_string(pgdata.join("postmaster.pid")).unwrap_or_default();
    // Its lines: process id, directory, start time, port, socket directory, address, key, status.
    let lines: Vec<&str> = text.lines().collect();
    let line = |number: usize| lines.get(number).map_or("", |line| line.trim());
    let Ok(id) = line(0).parse() else {
        return State::Stopped { misleading: false };
    };
    let Some(process) = Process::find(id).await else {
        return State::Stopped { misleading: process::is_zombie(id) };
    };
    if !process.serves(&pgdata).await {
        return State::Stopped { misleading: true };
    }
    match (line(3).parse(), line(7)) {
        (Ok(port), "ready") if answers(port).await => State::Ready(Address { process, port }),
        _ => State::Changing,
    }
}

/// Waits until the server is up or down; `None` is down. The caller holds the lock.
pub(super) async fn settled(layout: &Layout, progress: Progress<'_>) -> Result<Option<Address>, EmbeddedError> {
    let began = Instant::now();
    let mut announced = false;
    loop {
        match state(layout).await {
            State::Ready(address) => return Ok(Some(address)),
            State::Stopped { misleading } => {
                if misleading {
                    disown_pid_file(layout)?;
                }
                return Ok(None);
            }
            State::Changing if began.elapsed() > PATIENCE => return Err(not_ready(layout)),
            State::Changing => {}
        }
        if !announced && began.elapsed() > Duration::from_secs(1) {
            progress("PostgreSQL is there and does not answer yet: waiting for it");
            announced = true;
        }
        tokio::time::sleep(POLL).await;
    }
}

pub(super) fn not_ready(layout: &Layout) -> EmbeddedError {
    let log = layout.log();
    let tail = log_tail(layout);
    EmbeddedError::NotReady { seconds: PATIENCE.as_secs(), log, tail }
}

/// The last lines of the server's log.
pub(super) fn log_tail(layout: &Layout) -> String {
    let bytes = fs::read(layout.log()).unwrap_or_default();
    command::tail(&String::from_utf8_lossy(&bytes))
}

async fn answers(port: u16) -> bool {
    let connect = TcpStream::connect((Ipv4Addr::LOCALHOST, port));
    matches!(tokio::time::timeout(Duration::from_secs(2), connect).await, Ok(Ok(_)))
}

/// Puts an id into `postmaster.pid` that no process has. The file is kept, because PostgreSQL
/// finds by its other lines whether a crashed server's children still use the data.
fn disown_pid_file(layout: &Layout) -> Result<(), EmbeddedError> {
    let path = layout.pgdata().join("postmaster.pid");
    let text = fs::read_to_string(&path).map_err(EmbeddedError::files("read", &path))?;
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    // Written in place, so that the file keeps its owner.
    fs::write(&path, format!("{}\n{rest}", i32::MAX)).map_err(EmbeddedError::files("write", &path))
}
