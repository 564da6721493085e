//! Which processes are alive; an id alone does not tell, as ids are used again.

use std::fs;
use std::path::Path;

use super::command;

/// A process as it was at some moment. Linux tells when it began, which sets it apart from a
/// later one with the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) id: u32,
    pub(super) began: Option<String>,
}

impl Process {
    /// The live process with this id; a zombie is not alive.
    pub(super) async fn find(id: u32) -> Option<Process> {
        if has_proc() {
            let began = proc_began(id)?;
            return Some(Process { id, began: Some(began) });
        }
        command_line(id).await.map(|_| Process { id, began: None })
    }

    /// The calling process.
    pub(super) fn current() -> Process {
        let id = std::process::id();
        Process { id, began: proc_began(id) }
    }

    /// Whether this is the postmaster of `pgdata`: it has that directory as an argument, and the
    /// other processes of a server show something else.
    pub(super) async fn serves(&self, pgdata: &Path) -> bool {
        let Some(line) = command_line(self.id).await else {
            return false;
        };
        let pgdata = pgdata.to_string_lossy();
        if has_proc() {
            let mut arguments = line.split('\0');
            let program = arguments.next().unwrap_or_default();
            return program.ends_with("postgres") && arguments.any(|it| it == pgdata);
        }
        line.contains(&format!("postgres -D {pgdata}"))
    }

    /// Whether this is a watcher of `data_dir`.
    pub(super) async fn watches(&self, data_dir: &Path) -> bool {
        let Some(line) = command_line(self.id).await else {
            return false;
        };
        line.contains("tenantry-watch") && line.contains(&*data_dir.to_string_lossy())
    }
}

/// Whether a process with this id has ended and nobody has asked how.
pub(super) fn is_zombie(id: u32) -> bool {
    proc_began(id).is_none() && Path::new(&format!("/proc/{id}")).exists()
}

fn has_proc() -> bool {
    Path::new("/proc/self/stat").exists()
}

/// The start time out of `/proc/<id>/stat`. The name in it may hold spaces and parentheses, so
/// counting begins after the last one.
fn proc_began(id: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

/// The arguments, separated by NUL (Linux) or spaces.
async fn command_line(id: u32) -> Option<String> {
    if has_proc() {
        let bytes = fs::read(format!("/proc/{id}/cmdline")).ok()?;
        return Some(String::from_utf8_lossy(&bytes).into_owned());
    }
    let ps = Path::new("ps");
    let mut command = command::new(ps, None);
    command.args(["-ww", "-o", "command=", "-p", &id.to_string()]);
    let output = command::output(command, ps, command::SHORT).await.ok()?;
    output.success.then_some(output.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The calling process is alive and stays the same one; id 0 belongs to nobody.
    #[tokio::test]
    async fn tells_the_living_from_the_dead() {
        let current = Process::current();
        assert_eq!(Process::find(current.id).await, Some(current.clone()));
        assert!(!current.serves(Path::new("/nowhere")).await);
        assert_eq!(Process::find(u32::MAX).await, None);
    }
}
