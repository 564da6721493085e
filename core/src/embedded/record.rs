//! `cluster.json`: what a process needs to know to attach.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::EmbeddedError;
use super::layout::Layout;

/// Deliberately without `Debug`: it holds the password.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) port: u16,
    pub(super) superuser: String,
    pub(super) password: String,
    pub(super) major: u32,
    pub(super) bin_dir: PathBuf,
}

impl Record {
    pub(super) fn read(layout: &Layout) -> Result<Record, EmbeddedError> {
        let path = layout.record();
        let problem = |problem| EmbeddedError::Record { record: path.clone(), problem, data: layout.pgdata() };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(problem("missing")),
            Err(error) => return Err(EmbeddedError::files("read", &path)(error)),
        };
        // The parser's message is left out: it could quote the password.
        serde_json::from_str(&text).map_err(|_| problem("damaged"))
    }

    pub(super) fn write(&self, layout: &Layout) -> Result<(), EmbeddedError> {
        let path = layout.record();
        let text =
            serde_json::to_string_pretty(self).map_err(|error| EmbeddedError::files("write", &path)(error.into()))?;
        replace(&path, &text)?;
        // A lost password makes the data useless, so this one file has to survive a power failure.
        let sync = |path: &Path| File::open(path)?.sync_all();
        sync(&path).and_then(|()| sync(&layout.data_dir)).map_err(EmbeddedError::files("write", &path))
    }
}

/// Writes a file of mode 0600 so that a reader sees the old or the new content, never half.
/// The temporary name begins with a dot, which shell patterns skip.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), EmbeddedError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.{}", rand::random::<u32>()));
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(text.as_bytes())?;
        fs::rename(&temporary, path)
    };
    write().map_err(|error| {
        // Only a leftover; the first error is the one that matters.
        let _ = fs::remove_file(&temporary);
        EmbeddedError::files("write", path)(error)
    })
}

/// Removes a file that may be absent.
pub(super) fn remove(path: &Path) -> Result<(), EmbeddedError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(EmbeddedError::files("remove", path)(error)),
        _ => Ok(()),
    }
}
