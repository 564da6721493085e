//! The worker: claims what stands in the outbox, does it, and tries again where that failed.
//!
//! Each server process runs one, and each message is one worker's at a time: a claim is a lease, so a worker that dies
//! leaves its messages to the others. It is woken by the database when something is written, and looks by itself now
//! and then. What it costs grows with the messages, not with the tenants. Beside that it does what comes up by time alone
//! (`sweep.rs`), such as purging tenants whose grace is over.

mod sealing;
mod sweep;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use metrics::counter;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::events::{self, Job, Topic};
use crate::identity::AccountRequest;
use crate::mail::Failure;
use crate::platform::{Platform, bell};
use crate::tenancy::DbError;

/// Messages at once.
const BATCH: i64 = 8;
/// Time for one message, well within the lease.
const PATIENCE: Duration = Duration::from_secs(30);
const LEASE: Duration = Duration::from_secs(60);
/// How long a notice that was lost, or a message that waits for its next attempt, can be overlooked.
const POLL: Duration = Duration::from_secs(5);
/// The waits between attempts, in seconds; with the last one half a day has passed.
const WAITS: [u64; 9] = [30, 60, 120, 600, 1800, 3600, 7200, 10_800, 18_000];

/// The worker of one process.
pub struct Worker {
    platform: Platform,
    wake: Arc<Notify>,
}

impl Worker {
    /// A worker that has not begun.
    pub fn new(platform: Platform) -> Self {
        Self { platform, wake: Arc::default() }
    }

    /// Works until `stop` resolves, then finishes what it has begun.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        // Beside the work, for a purge may take long. They end with this.
        let mut beside = JoinSet::new();
        beside.spawn(sweep::now_and_then(self.platform.clone()));
        beside.spawn(sealing::keep_sealing(self.platform.clone()));
        if !self.platform.mail().delivers() {
            // Nothing of what stands there can be done here.
            return stop.await;
        }
        let wake = Arc::clone(&self.wake);
        beside.spawn(bell::hear(self.platform.db().config().clone(), "outbox", move |_| wake.notify_one()));
        let mut stop = std::pin::pin!(stop);
        loop {
            let pause = match self.turn().await {
                Ok(true) => Duration::ZERO,
                Ok(false) => POLL,
                Err(error) => {
                    tracing::warn!(error = error.diagnosis(), "the outbox cannot be read for now");
                    POLL
                }
            };
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = tokio::time::sleep(pause) => {}
                () = self.wake.notified() => {}
            }
        }
    }

    /// Claims what is due, up to a batch of it, and does it. Tells whether there may be more.
    ///
    /// # Errors
    /// Where the outbox cannot be read. What was claimed and cannot be noted down is due again when the lease ends.
    pub async fn turn(&self) -> Result<bool, DbError> {
        let jobs = self.platform.db().run(events::claim(BATCH, LEASE)).await?;
        let more = i64::try_from(jobs.len()).is_ok_and(|count| count >= BATCH);
        join_all(jobs.iter().map(|job| self.work(job))).await;
        Ok(more)
    }

    async fn work(&self, job: &Job) {
        // One message that panics must not take the worker with it.
        let performed = AssertUnwindSafe(self.perform(job)).catch_unwind();
        let outcome = match tokio::time::timeout(PATIENCE, performed).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Failure::later("a fault of ours")),
            Err(_) => Err(Failure::later("it took too long")),
        };
        let (note, word) = match (outcome, wait(job.attempts)) {
            (Ok(()), _) => (events::done(job), "done"),
            (Err(Failure::Later(reason)), Some(wait)) => (events::retry(job, wait, reason), "retried"),
            (Err(Failure::Later(reason) | Failure::Never(reason)), _) => {
                tracing::error!(id = %job.id, topic = job.topic, reason, "a message was given up");
                (events::bury(job, reason), "buried")
            }
        };
        counter!("tenantry_outbox_messages_total", "topic" => job.topic.clone(), "outcome" => word).increment(1);
        if let Err(error) = self.platform.db().run(note).await {
            tracing::warn!(id = %job.id, word, error = error.diagnosis(), "a message could not be noted as such");
        }
    }

    async fn perform(&self, job: &Job) -> Result<(), Failure> {
        match Topic::named(&job.topic) {
            Some(Topic::Mail) => self.platform.mail().deliver(job).await,
            Some(Topic::Account) => {
                let request = self.platform.outbox().open::<AccountRequest>(job);
                let request = request.map_err(|error| Failure::never(error.to_string()))?;
                let done = request.perform(&self.platform).await;
                done.map_err(|error| Failure::later(error.diagnosis()))
            }
            None => Err(Failure::never("nobody here knows this topic")),
        }
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

/// How long to wait after this attempt, a fifth more or less, so that what failed together does not come back together.
/// None after the last one, which is also what becomes of a message that kills its worker each time.
fn wait(attempts: i16) -> Option<Duration> {
    let index = usize::try_from(attempts).unwrap_or_default().saturating_sub(1);
    let seconds = u32::try_from(*WAITS.get(index)?).ok()?;
    Some(Duration::from_secs(1).mul_f64(f64::from(seconds) * rand::random_range(0.8..1.2)))
}
