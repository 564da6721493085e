//! The files of a data directory, and where that directory is when nobody names one.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::account;
use super::error::EmbeddedError;

/// Names of the files; the data directory is absolute and without symbolic links.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) data_dir: PathBuf,
}

impl Layout {
    /// Creates the directory when it is absent, and opens it to PostgreSQL's user when that is
    /// another one: searchable, not listable. Secrets in it are closed one by one.
    pub(super) fn prepare(data_dir: &Path) -> Result<Layout, EmbeddedError> {
        let root = account::is_root();
        let absolute =
            std::path::absolute(data_dir).map_err(EmbeddedError::files("find the absolute path of", data_dir))?;
        create(&absolute, if root { 0o711 } else { 0o700 }).map_err(EmbeddedError::files("create", &absolute))?;
        let data_dir = absolute.canonicalize().map_err(EmbeddedError::files("resolve", &absolute))?;
        let metadata = fs::metadata(&data_dir).map_err(EmbeddedError::files("look at", &data_dir))?;
        if !root && metadata.uid() != account::current_uid() {
            return Err(EmbeddedError::NotYours { path: data_dir, owner: metadata.uid() });
        }
        let mode = metadata.mode() & 0o7777;
        if root && mode & 0o011 != 0o011 {
            fs::set_permissions(&data_dir, Permissions::from_mode(mode | 0o011))
                .map_err(EmbeddedError::files("open", &data_dir))?;
        }
        Ok(Layout { data_dir })
    }

    /// PostgreSQL's own directory.
    pub(super) fn pgdata(&self) -> PathBuf {
        self.data_dir.join("postgres")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.data_dir.join("postgres.log")
    }

    /// What `apt-get` and `npm` printed.
    pub(super) fn get_log(&self) -> PathBuf {
        self.data_dir.join("get-postgres.log")
    }

    /// Port, password and binaries, for those who attach.
    pub(super) fn record(&self) -> PathBuf {
        self.data_dir.join("cluster.json")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.data_dir.join("cluster.lock")
    }

    /// One file for each process that keeps a `WhileUsed` server alive, named by its id.
    pub(super) fn users(&self) -> PathBuf {
        self.data_dir.join("users")
    }

    /// The id of the watcher; absent when the server is not watched.
    pub(super) fn watcher(&self) -> PathBuf {
        self.data_dir.join("watcher")
    }

    /// There while a watcher stops the server; holds that watcher's id.
    pub(super) fn stopping(&self) -> PathBuf {
        self.data_dir.join("stopping")
    }

    /// Binaries that npm got.
    pub(super) fn binaries(&self) -> PathBuf {
        self.data_dir.join("binaries")
    }
}

/// Where the data goes when nobody names a place: `$XDG_DATA_HOME/tenantry`, or
/// `~/.local/share/tenantry` (macOS: `~/Library/Application Support/tenantry`). For root it is
/// `/var/lib/tenantry`, as root's home is closed to the user that PostgreSQL runs as.
///
/// # Errors
/// [`EmbeddedError::NoHome`] when the environment names no home directory.
pub fn default_data_dir() -> Result<PathBuf, EmbeddedError> {
    if account::is_root() {
        return Ok(PathBuf::from("/var/lib/tenantry"));
    }
    let named = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = match (named("XDG_DATA_HOME"), named("HOME")) {
        (Some(data), _) => data,
        (None, Some(home)) if cfg!(target_os = "macos") => home.join("Library").join("Application Support"),
        (None, Some(home)) => home.join(".local").join("share"),
        (None, None) => return Err(EmbeddedError::NoHome),
    };
    Ok(base.join("tenantry"))
}

/// Creates a directory and its missing parents with exactly this mode, whatever the umask: a
/// parent that a strict umask closes would lock PostgreSQL's user out.
fn create(dir: &Path, mode: u32) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(parent) = dir.parent() {
        create(parent, mode)?;
    }
    match fs::create_dir(dir) {
        Ok(()) => fs::set_permissions(dir, Permissions::from_mode(mode)),
        // Another process was quicker.
        Err(_) if dir.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}
