//! Getting PostgreSQL by `apt-get`, for root on Debian and its like.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use super::Progress;
use super::account;
use super::command;
use super::find::OLDEST;
use super::layout::Layout;

const LIMIT: Duration = Duration::from_secs(5 * 60);
/// A mirror that does not answer or another `apt-get` at work should not cost the whole limit.
const BOUNDS: [&str; 6] =
    ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=30", "-o", "DPkg::Lock::Timeout=60"];

/// Installs the distribution's `postgresql`, without the server that it would set up and start.
pub(super) async fn get(layout: &Layout, needed: Option<u32>, progress: Progress<'_>) -> Result<(), String> {
    if !account::is_root() {
        return Err("it needs root".to_owned());
    }
    let apt = command::in_path("apt-get").ok_or("there is no apt-get here")?;
    progress("No PostgreSQL found: installing the package \"postgresql\" by apt-get");
    prevent_a_system_cluster()?;
    run(layout, &apt, &["update"]).await?;
    let offered = candidate().await;
    if let Some(offered) = offered
        && (offered < OLDEST || needed.is_some_and(|needed| needed != offered))
    {
        return Err(format!("it offers PostgreSQL {offered}"));
    }
    run(layout, &apt, &["install", "-y", "--no-install-recommends", "postgresql"]).await
}

/// The package initialises and starts a server of its own unless told not to. A file that is
/// already there is the administrator's choice.
fn prevent_a_system_cluster() -> Result<(), String> {
    let dir = Path::new("/etc/postgresql-common");
    let file = dir.join("createcluster.conf");
    let write = || {
        fs::create_dir_all(dir)?;
        match fs::File::create_new(&file) {
            Ok(mut file) => std::io::Write::write_all(&mut file, b"create_main_cluster = false\n"),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    };
    write().map_err(|error| format!("cannot write {}: {error}", file.display()))
}

/// The major version that `postgresql` would install: 15 from `  Candidate: 15+248+deb12u1`.
async fn candidate() -> Option<u32> {
    let cache = Path::new("apt-cache");
    let mut policy = command::new(cache, None);
    policy.args(["policy", "postgresql"]);
    let output = command::output(policy, cache, command::SHORT).await.ok()?;
    let line = output.text.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    line.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

async fn run(layout: &Layout, apt: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = command::new(apt, None);
    command.args(BOUNDS).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    // The installation is not killed at its limit, only left alone: a half-configured package
    // manager is worse than a late one.
    command.kill_on_drop(arguments.first() == Some(&"update"));
    command::fetch(layout, command, LIMIT).await
}
