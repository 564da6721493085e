//! Initialising a cluster, so that a half-initialised one is never taken for a whole one.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::account::Account;
use super::command;
use super::error::EmbeddedError;
use super::find::Binaries;
use super::installed;
use super::layout::Layout;
use super::record::{self, Record};
use super::{Profile, Progress};

const SUPERUSER: &str = "postgres";
const LIMIT: Duration = Duration::from_secs(3 * 60);

/// The major version of the data, if there is data.
pub(super) fn initialised_major(layout: &Layout) -> Result<Option<u32>, EmbeddedError> {
    let file = layout.pgdata().join("PG_VERSION");
    match fs::read_to_string(&file) {
        Ok(text) => Ok(text.trim().parse().ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(EmbeddedError::files("read", &file)(error)),
    }
}

/// Initialises beside the final place and renames at the end: a killed `initdb` leaves a
/// directory that the next call removes.
pub(super) async fn initialise(
    layout: &Layout,
    binaries: &Binaries,
    account: Option<&Account>,
    profile: Profile,
    progress: Progress<'_>,
) -> Result<Record, EmbeddedError> {
    progress(&format!("Initialising a private PostgreSQL {} in {}", binaries.major, layout.data_dir.display()));
    remove_leftovers(layout)?;
    let fresh = layout.data_dir.join(format!("postgres.new-{}", rand::random::<u32>()));
    make_dir(&fresh, account)?;
    let password = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>());
    let file = PasswordFile::write(layout, &password, account)?;
    initdb(binaries, account, &fresh, &file.0, profile).await?;
    drop(file);
    let conf = fresh.join("postgresql.conf");
    let text = fs::read_to_string(&conf).map_err(EmbeddedError::files("read", &conf))?;
    // Written in place, so that the file keeps its owner.
    fs::write(&conf, format!("{text}\ninclude_if_exists = 'tenantry.conf'\n"))
        .map_err(EmbeddedError::files("write", &conf))?;
    let record = Record {
        port: 0,
        superuser: SUPERUSER.to_owned(),
        password,
        major: binaries.major,
        bin_dir: binaries.dir.clone(),
    };
    // The password is stored before the data counts as initialised, never the other way round.
    record.write(layout)?;
    let pgdata = layout.pgdata();
    fs::rename(&fresh, &pgdata).map_err(EmbeddedError::files("create", &pgdata))?;
    Ok(record)
}

/// Runs `initdb`, with the next locale when the operating system lacks one.
async fn initdb(
    binaries: &Binaries,
    account: Option<&Account>,
    fresh: &Path,
    password: &Path,
    profile: Profile,
) -> Result<(), EmbeddedError> {
    let program = binaries.dir.join("initdb");
    let mut last = String::new();
    for locale in locales(binaries.major) {
        let mut command = command::new(&program, account);
        command.args(["-E", "UTF8", "-A", "scram-sha-256", "-U", SUPERUSER, "--no-instructions"]);
        command.args(locale).arg("--pwfile").arg(password).arg("-D").arg(fresh);
        if profile == Profile::Disposable {
            command.arg("--no-sync");
        }
        let output = command::output(command, &program, LIMIT).await?;
        if output.success {
            return Ok(());
        }
        let about_the_locale = output.text.contains("locale name");
        last = output.text;
        if !about_the_locale {
            break;
        }
    }
    Err(EmbeddedError::Init { data: fresh.to_owned(), output: command::tail(&last) })
}

/// What to ask for, best first: where the operating system lacks C.UTF-8, PostgreSQL 17 and later
/// bring it along.
fn locales(major: u32) -> Vec<&'static [&'static str]> {
    let own: &[&str] = &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    let mut locales: Vec<&[&str]> = vec![&["--locale=C.UTF-8"]];
    if major >= 17 {
        locales.push(own);
    }
    locales.push(&["--locale=C"]);
    locales
}

/// Also a final directory without `PG_VERSION`, if it is empty: a mount point, perhaps.
fn remove_leftovers(layout: &Layout) -> Result<(), EmbeddedError> {
    for leftover in installed::children(&layout.data_dir, "postgres.new-") {
        fs::remove_dir_all(&leftover).map_err(EmbeddedError::files("remove", &leftover))?;
    }
    let pgdata = layout.pgdata();
    match fs::remove_dir(&pgdata) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(EmbeddedError::files("make room for a new cluster at", &pgdata)(error))
        }
        _ => Ok(()),
    }
}

fn make_dir(dir: &Path, account: Option<&Account>) -> Result<(), EmbeddedError> {
    DirBuilder::new().mode(0o700).create(dir).map_err(EmbeddedError::files("create", dir))?;
    give(dir, account)
}

/// Gives a file to the user that PostgreSQL runs as.
pub(super) fn give(path: &Path, account: Option<&Account>) -> Result<(), EmbeddedError> {
    let Some(account) = account else {
        return Ok(());
    };
    chown(path, Some(account.uid), Some(account.gid)).map_err(EmbeddedError::files("change the owner of", path))
}

/// The password on its way to `initdb`; the file goes with the value.
struct PasswordFile(PathBuf);

impl PasswordFile {
    fn write(layout: &Layout, password: &str, account: Option<&Account>) -> Result<PasswordFile, EmbeddedError> {
        let file = PasswordFile(layout.data_dir.join("initdb.password"));
        record::replace(&file.0, password)?;
        give(&file.0, account)?;
        Ok(file)
    }
}

impl Drop for PasswordFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
