//! Where packages, Homebrew and Postgres.app put PostgreSQL's binaries.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::command;

/// What a directory of binaries has to hold.
pub(super) const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// The real directories of installed binaries. Links are resolved, because `initdb` looks for its
/// shared files relative to the place it was called at.
pub(super) async fn installed_dirs() -> BTreeSet<PathBuf> {
    let mut dirs: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let pg_config = Path::new("pg_config");
    let mut ask = command::new(pg_config, None);
    ask.arg("--bindir");
    if let Ok(answer) = command::output(ask, pg_config, command::SHORT).await
        && answer.success
    {
        dirs.push(PathBuf::from(answer.text.trim()));
    }
    for (parent, prefix, bin) in [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ] {
        dirs.extend(children(Path::new(parent), prefix).map(|child| child.join(bin)));
    }
    dirs.iter().filter_map(|dir| real_dir(dir)).collect()
}

/// The entries of a directory whose names begin so; none when it cannot be read.
pub(super) fn children(parent: &Path, prefix: &str) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries.filter(move |entry| entry.file_name().to_string_lossy().starts_with(prefix)).map(|entry| entry.path())
}

/// Where the `initdb` of this directory really is, when all the programs are there.
pub(super) fn real_dir(dir: &Path) -> Option<PathBuf> {
    let initdb = dir.join("initdb").canonicalize().ok()?;
    let dir = initdb.parent()?;
    PROGRAMS.iter().all(|program| dir.join(program).is_file()).then(|| dir.to_owned())
}
