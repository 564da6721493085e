//! A directory for everything that the bench makes, and its end.

use std::path::PathBuf;
use std::sync::Mutex;

use tenantry_core::embedded::{Cluster, Lifetime, Options, Profile};

use crate::Outcome;

/// The bench's files and clusters.
pub(crate) struct Workshop {
    root: PathBuf,
    clusters: Mutex<Vec<Options>>,
}

impl Workshop {
    pub(crate) fn open() -> Outcome<Self> {
        // A disk, where there is a choice: what syncing costs is part of what is measured.
        let parent = PathBuf::from("/var/tmp");
        let parent = if parent.is_dir() { parent } else { std::env::temp_dir() };
        let root = parent.join(format!("tenantry-bench-{}", std::process::id()));
        Ok(Self { root, clusters: Mutex::default() })
    }

    /// A file or directory of this name.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// A cluster that keeps what it commits. Should the bench be killed, it stops by itself.
    pub(crate) async fn cluster(&self, name: &str) -> Outcome<Cluster> {
        let settings = [
            ("shared_buffers", "1GB"),
            // The same for all phases: no checkpoint and no autovacuum in the middle of one.
            ("max_wal_size", "16GB"),
            ("checkpoint_timeout", "1h"),
            ("autovacuum", "off"),
        ];
        let options = Options {
            data_dir: self.path(name),
            profile: Profile::Durable,
            lifetime: Lifetime::WhileUsed,
            settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        };
        self.clusters.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(options.clone());
        Ok(Cluster::ensure(&options, &|line| eprintln!("{line}")).await?)
    }

    /// Stops the clusters, also one whose start was interrupted, and removes all files.
    pub(crate) async fn close(self) -> Outcome<()> {
        let clusters = self.clusters.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        for options in clusters {
            if options.data_dir.join("postgres").join("postmaster.pid").exists() {
                Cluster::ensure(&options, &|_| {}).await?.stop().await?;
            }
        }
        if self.root.exists() {
            std::fs::remove_dir_all(&self.root)?;
        }
        Ok(())
    }
}
