//! What processes use, from `/proc`.

use std::fs;

use crate::Outcome;

/// CPU time until now, in microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// Of the server.
    pub(crate) server: f64,
    /// Of the postmaster and all processes it ever started.
    pub(crate) database: f64,
    /// Of the bench itself, which the load generator is.
    pub(crate) bench: f64,
}

impl Usage {
    pub(crate) fn read(server: u32, postmaster: u32) -> Outcome<Self> {
        let mut database = 0.0;
        for entry in fs::read_dir("/proc")?.flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
            // One that ends meanwhile is counted by the postmaster.
            let Some(stat) = Stat::read(pid) else { continue };
            if pid == postmaster {
                database += stat.own + stat.waited_for;
            } else if stat.parent == postmaster {
                database += stat.own;
            }
        }
        let own = |pid| Stat::read(pid).map(|stat| stat.own).ok_or("a process has ended that should run");
        Ok(Self { server: own(server)?, database, bench: own(std::process::id())? })
    }

    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            server: self.server - earlier.server,
            database: self.database - earlier.database,
            bench: self.bench - earlier.bench,
        }
    }
}

struct Stat {
    parent: u32,
    /// Microseconds.
    own: f64,
    /// Microseconds of children that have ended.
    waited_for: f64,
}

/// Linux counts in hundredths of a second towards programs, whatever it does inside.
const TICK: f64 = 10_000.0;

impl Stat {
    /// The name in the line may hold anything, so counting begins behind its last parenthesis.
    fn read(pid: u32) -> Option<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, rest) = text.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            own: (ticks(11)? + ticks(12)?) * TICK,
            waited_for: (ticks(13)? + ticks(14)?) * TICK,
        })
    }
}

/// Megabytes in use by a process.
pub(crate) fn resident_mb(pid: u32) -> Option<f64> {
    sum_kb(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?, "VmRSS:")
}

/// The most megabytes that a process has used.
pub(crate) fn peak_mb(pid: u32) -> Option<f64> {
    sum_kb(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?, "VmHWM:")
}

/// Lets [`peak_mb`] begin anew.
pub(crate) fn reset_peak(pid: u32) -> Outcome<()> {
    Ok(fs::write(format!("/proc/{pid}/clear_refs"), "5")?)
}

/// Megabytes that only this process uses. Reading another user's process needs root.
pub(crate) fn private_mb(pid: u32) -> Option<f64> {
    sum_kb(&fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?, "Private_")
}

fn sum_kb(text: &str, prefix: &str) -> Option<f64> {
    let lines = text.lines().filter(|line| line.starts_with(prefix));
    let values: Vec<f64> = lines.filter_map(|line| line.split_whitespace().nth(1)?.parse().ok()).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / 1024.0)
}
