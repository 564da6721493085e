//! The worker: does what waits, and tries again where that failed.
//!
//! Each server process runs one, and each piece of work is one worker's at a time: a claim is a lease, so a worker that dies
//! leaves its work to the others. It is woken by the database when something is written, and looks by itself now and
//! then. What it costs grows with the work, not with the tenants.
//!
//! - `messages.rs`: what stands in the outbox, such as letters, and the jobs of modules; `schedule.rs` has those come up;
//! - `listeners.rs`: who hears a tenant's events, such as webhooks;
//! - `crew.rs`: how both are claimed, fairly between tenants, and done beside each other;
//! - `sealing.rs`, `sweep.rs`: what is done for all tenants, such as purging those whose grace is over;
//! - `tenant.rs`: [`TenantWork`], the door for work.

mod bell;
mod crew;
mod listeners;
mod messages;
mod schedule;
mod sealing;
mod sweep;
mod tenant;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use listeners::Listeners;
use messages::Messages;
pub use tenant::TenantWork;

use crate::platform::Platform;
use crate::tenancy::DbError;

/// The worker of one process.
pub struct Worker {
    platform: Platform,
}

impl Worker {
    /// A worker that has not begun.
    pub fn new(platform: Platform) -> Self {
        Self { platform }
    }

    /// Works until `stop` resolves, then finishes what it has begun.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let bells = [Arc::new(Notify::new()), Arc::new(Notify::new())];
        let (stopping, told) = watch::channel(());
        let [messages, listeners] = &bells;
        let crews = futures_util::future::join(
            crew::run(Messages::new(self.platform.clone()), Arc::clone(messages), told.clone()),
            crew::run(Listeners::new(self.platform.clone()), Arc::clone(listeners), told),
        );
        // Beside the work, for a purge may take long. They end with this.
        let mut beside = JoinSet::new();
        beside.spawn(sweep::now_and_then(self.platform.clone()));
        beside.spawn(sealing::keep_sealing(self.platform.clone()));
        beside.spawn(schedule::keep_time(self.platform.clone()));
        beside.spawn(bell::hear(self.platform.db().config().clone(), bells.clone()));
        let stop = async {
            stop.await;
            drop(stopping);
        };
        futures_util::future::join(crews, stop).await;
    }

    /// Claims what is due, up to a batch of it, and does it. Tells whether there may be more.
    ///
    /// # Errors
    /// Where the outbox cannot be read. What was claimed and cannot be noted down is due again when the lease ends.
    pub async fn turn(&self) -> Result<bool, DbError> {
        crew::turn(&Messages::new(self.platform.clone())).await
    }

    /// Has listeners that have something to hear hear it, each once. Tells whether there may be more.
    ///
    /// # Errors
    /// As [`Worker::turn`].
    pub async fn listen(&self) -> Result<bool, DbError> {
        crew::turn(&Listeners::new(self.platform.clone())).await
    }

    /// Has the jobs of modules come up that are due. Gives the time until the next one is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn look_at_clock(&self) -> Result<Duration, DbError> {
        schedule::come_up(&self.platform).await
    }

    /// Seals what was written to journals, without waiting for the worker's next look.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn seal(&self) -> Result<(), DbError> {
        sealing::seal_all(&self.platform).await
    }

    /// Sets aside what could not be done for days, forgets what was set aside long ago, and purges the tenants whose grace
    /// is over. The worker does so by itself each hour.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn sweep(&self) -> Result<(), DbError> {
        sweep::sweep(&self.platform).await
    }
}
