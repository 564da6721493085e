//! Finding PostgreSQL's binaries: the newest that fits, 15 or later.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Progress;
use super::account::Account;
use super::command;
use super::error::EmbeddedError;
use super::installed::{PROGRAMS, installed_dirs, real_dir};
use super::layout::Layout;
use super::record::Record;
use super::{get_apt, get_npm};

/// The oldest major version that the platform works with.
pub(super) const OLDEST: u32 = 15;

/// Binaries that were seen to run.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    pub(super) dir: PathBuf,
    pub(super) major: u32,
}

/// The environment's say. `TENANTRY_PG_BIN` is a directory that is taken before all;
/// `TENANTRY_PG_SEARCH` is a comma list of the ways to try, all of them when it is not set.
struct Search {
    bin: Option<PathBuf>,
    ways: Option<String>,
}

impl Search {
    fn from_env() -> Result<Search, EmbeddedError> {
        let bin = std::env::var_os("TENANTRY_PG_BIN").filter(|it| !it.is_empty());
        let ways = std::env::var("TENANTRY_PG_SEARCH").ok().filter(|it| !it.is_empty());
        let known = |word: &&str| matches!(*word, "installed" | "apt" | "npm");
        let words = ways.as_deref().unwrap_or("installed").split(',').map(str::trim);
        match words.into_iter().find(|word| !known(word)) {
            Some(word) => Err(EmbeddedError::Search { word: word.to_owned() }),
            None => Ok(Search { bin: bin.map(PathBuf::from), ways }),
        }
    }

    fn tries(&self, way: &str) -> bool {
        self.ways.as_deref().is_none_or(|ways| ways.split(',').any(|word| word.trim() == way))
    }
}

/// Finds binaries, else gets them. Data that exists needs those of its own major version.
pub(super) async fn find_or_get(
    layout: &Layout,
    account: Option<&Account>,
    needed: Option<u32>,
    progress: Progress<'_>,
) -> Result<Binaries, EmbeddedError> {
    let search = Search::from_env()?;
    let mut tried = Vec::new();
    if let Some(dir) = &search.bin {
        return named(layout, dir, account, needed).await;
    }
    let found = found_here(layout, account, &search, needed.is_some(), &mut tried).await;
    if let Some(newest) = newest(found, needed) {
        return Ok(newest);
    }
    if search.tries("apt") {
        match get_apt::get(layout, needed, progress).await {
            Ok(()) => {
                let found = found_among(installed_dirs().await, account, &mut tried).await;
                if let Some(newest) = newest(found, needed) {
                    return Ok(newest);
                }
            }
            Err(reason) => tried.push(format!("apt: {reason}")),
        }
    }
    if search.tries("npm") {
        match get_npm::get(layout, needed, progress).await {
            Ok(dir) => match probe(&dir, account).await {
                Ok(binaries) => return Ok(binaries),
                Err(reason) => tried.push(format!("npm: {} {reason}", dir.display())),
            },
            Err(reason) => tried.push(format!("npm: {reason}")),
        }
    }
    Err(none_found(layout, needed, &tried))
}

/// What `TENANTRY_PG_BIN` names, which has to do.
async fn named(
    layout: &Layout,
    dir: &Path,
    account: Option<&Account>,
    needed: Option<u32>,
) -> Result<Binaries, EmbeddedError> {
    let wrong = |reason| EmbeddedError::BinDir { dir: dir.to_owned(), reason };
    let found = probe(dir, account).await.map_err(wrong)?;
    let line = format!("TENANTRY_PG_BIN: {} is PostgreSQL {}", dir.display(), found.major);
    newest(vec![found], needed).ok_or_else(|| none_found(layout, needed, &[line]))
}

fn newest(found: Vec<Binaries>, needed: Option<u32>) -> Option<Binaries> {
    let fits = |found: &Binaries| needed.is_none_or(|needed| found.major == needed);
    found.into_iter().filter(fits).max_by_key(|binaries| binaries.major)
}

/// Everything that needs no download. Data that exists was started before by the binaries that
/// its record names, which saves the search at each start.
async fn found_here(
    layout: &Layout,
    account: Option<&Account>,
    search: &Search,
    initialised: bool,
    tried: &mut Vec<String>,
) -> Vec<Binaries> {
    if initialised
        && search.ways.is_none()
        && let Ok(record) = Record::read(layout)
        && let Ok(binaries) = probe(&record.bin_dir, account).await
        && binaries.major == record.major
    {
        return vec![binaries];
    }
    let mut dirs = BTreeSet::new();
    if search.tries("installed") {
        dirs.extend(installed_dirs().await);
        if dirs.is_empty() {
            tried.push("installed: nothing in PATH nor in the usual directories".to_owned());
        }
    }
    if search.tries("npm") {
        dirs.extend(get_npm::got_before(layout));
    }
    found_among(dirs, account, tried).await
}

async fn found_among(dirs: BTreeSet<PathBuf>, account: Option<&Account>, tried: &mut Vec<String>) -> Vec<Binaries> {
    let mut found = Vec::new();
    for dir in dirs {
        match probe(&dir, account).await {
            Ok(binaries) => {
                tried.push(format!("found: {} is PostgreSQL {}", dir.display(), binaries.major));
                found.push(binaries);
            }
            Err(reason) => tried.push(format!("found: {} {reason}", dir.display())),
        }
    }
    found
}

/// Runs `postgres --version` as the user who will run the server, or says what is wrong.
async fn probe(dir: &Path, account: Option<&Account>) -> Result<Binaries, String> {
    let dir = real_dir(dir).ok_or_else(|| format!("lacks one of: {}", PROGRAMS.join(", ")))?;
    let postgres = dir.join("postgres");
    let mut command = command::new(&postgres, account);
    command.arg("--version");
    let output = command::output(command, &postgres, command::SHORT).await.map_err(|error| {
        let source = std::error::Error::source(&error).map(ToString::to_string);
        format!("does not run: {}", source.unwrap_or_default())
    })?;
    match major_in(&output.text) {
        Some(major) if output.success && major >= OLDEST => Ok(Binaries { dir, major }),
        Some(major) if output.success => Err(format!("is PostgreSQL {major}, which is too old")),
        _ => Err(format!("does not run: {}", output.text.trim())),
    }
}

/// 15 from `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_in(version: &str) -> Option<u32> {
    let (_, number) = version.split_once("(PostgreSQL) ")?;
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number.get(..end)?.parse().ok()
}

fn none_found(layout: &Layout, needed: Option<u32>, tried: &[String]) -> EmbeddedError {
    let tried: Vec<String> = tried.iter().map(|line| format!("  - {line}")).collect();
    let tried = if tried.is_empty() { "  (nothing)".to_owned() } else { tried.join("\n") };
    match needed {
        Some(initialised) => EmbeddedError::MajorVersion { data: layout.pgdata(), initialised, tried },
        None => EmbeddedError::NoBinaries { tried },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Distributions add to the version, and unreleased ones have letters in it.
    #[test]
    fn reads_major_versions() {
        assert_eq!(major_in("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_in("postgres (PostgreSQL) 19beta1"), Some(19));
        assert_eq!(major_in("psql: not found"), None);
    }
}
