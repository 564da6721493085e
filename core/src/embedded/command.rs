//! Running programs: detached from the terminal, under the right user, bounded in time.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::account::Account;
use super::error::EmbeddedError;
use super::layout::Layout;

/// For programs that answer at once.
pub(super) const SHORT: Duration = Duration::from_secs(20);

/// How a program ended.
pub(super) struct Output {
    pub(super) success: bool,
    /// What it printed on both streams.
    pub(super) text: String,
}

/// A command that Ctrl-C in the caller's terminal does not reach, that needs no readable working
/// directory, and that the caller's own `PG…` variables do not lead elsewhere.
pub(super) fn new(program: &Path, account: Option<&Account>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").process_group(0).stdin(Stdio::null());
    // The messages are matched in a few places, so they have to be in one language.
    command.env("LC_ALL", "C");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}

/// Runs a program that leaves no children behind, and collects what it prints.
pub(super) async fn output(mut command: Command, program: &Path, limit: Duration) -> Result<Output, EmbeddedError> {
    command.kill_on_drop(true);
    let run = |source| EmbeddedError::Run { program: program.to_owned(), source };
    let output = tokio::time::timeout(limit, command.output())
        .await
        .map_err(|_| run(io::ErrorKind::TimedOut.into()))?
        .map_err(run)?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Ok(Output { success: output.status.success(), text })
}

/// Where a program is, if it is in PATH.
pub(super) fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// Runs a program that downloads, with its output in a file: what it prints is long, and of use
/// only when it fails.
pub(super) async fn fetch(layout: &Layout, mut command: Command, limit: Duration) -> Result<(), String> {
    let log = layout.get_log();
    let see = format!("see {}", log.display());
    let open = || {
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&log)?;
        Ok::<_, io::Error>((file.try_clone()?, file))
    };
    let (out, err) = open().map_err(|error| format!("cannot write {}: {error}", log.display()))?;
    let mut child = command.stdout(out).stderr(err).spawn().map_err(|error| format!("cannot be run: {error}"))?;
    match tokio::time::timeout(limit, child.wait()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(format!("failed ({status}), {see}")),
        Ok(Err(error)) => Err(format!("failed: {error}, {see}")),
        Err(_) => Err(format!("did not end within {} s, {see}", limit.as_secs())),
    }
}

/// The last lines of a text, indented.
pub(super) fn tail(text: &str) -> String {
    const LINES: usize = 12;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(LINES);
    let last: Vec<String> = lines.iter().skip(from).map(|line| format!("  {line}")).collect();
    if last.is_empty() { "  (nothing)".to_owned() } else { last.join("\n") }
}
