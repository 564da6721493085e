//! Messages: what stands in the outbox is done, and tried again where that failed.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use metrics::counter;
use uuid::Uuid;

use super::crew::{Trade, wait};
use super::tenant::TenantWork;
use crate::crm::{imports, tasks};
use crate::events::{self, Fate, Job, Topic};
use crate::identity::AccountRequest;
use crate::mail::Failure;
use crate::module;
use crate::notify;
use crate::platform::Platform;
use crate::tenancy::{DbError, TenantId};

/// Time for one message, well within the lease.
const PATIENCE: Duration = Duration::from_secs(30);
const LEASE: Duration = Duration::from_secs(60);
/// The waits between attempts, in seconds; with the last one half a day has passed.
const WAITS: [u64; 9] = [30, 60, 120, 600, 1800, 3600, 7200, 10_800, 18_000];

pub(super) struct Messages {
    platform: Platform,
}

impl Messages {
    pub(super) fn new(platform: Platform) -> Self {
        Self { platform }
    }

    /// What can be done here: letters only where there is a relay, text messages only where there is a provider.
    fn topics(&self) -> Vec<String> {
        // What is asked for by address ends in a letter too, whose token would be too old by the time that there is a relay.
        let letters = self.platform.mail().delivers().then_some([Topic::Mail, Topic::Notice, Topic::Account]);
        let texts = self.platform.sms().delivers().then_some(Topic::Text);
        let ours = letters.into_iter().flatten().chain(texts).chain([Topic::Rule, Topic::Reminder, Topic::Import]);
        ours.map(|topic| topic.as_str().to_owned())
            .chain(self.platform.modules().jobs().map(|(topic, _, _)| topic))
            .collect()
    }

    async fn perform(&self, job: &Job) -> Result<(), Failure> {
        match Topic::named(&job.topic) {
            Some(Topic::Mail) => self.platform.mail().deliver(job).await,
            Some(Topic::Notice | Topic::Text) => {
                let home = job.tenant_id.zip(job.shard);
                let work =
                    home.map(|(tenant, shard)| TenantWork::new(self.platform.clone(), tenant, shard, job.claim, None));
                notify::deliver(&self.platform, job, work.as_ref()).await
            }
            Some(Topic::Account) => {
                let request = self.platform.outbox().open::<AccountRequest>(job);
                let request = request.map_err(|error| Failure::never(error.to_string()))?;
                let done = request.perform(&self.platform).await;
                done.map_err(|error| Failure::later(error.diagnosis()))
            }
            Some(Topic::Rule) => events::rules::deliver(&self.door(job, None)?, job).await,
            Some(Topic::Reminder) => tasks::remind(&self.door(job, None)?, job).await,
            Some(Topic::Import) => imports::go_on(&self.door(job, None)?, job).await,
            None => self.run(job).await,
        }
    }

    /// A job of a module.
    async fn run(&self, job: &Job) -> Result<(), Failure> {
        let found = self.platform.modules().jobs().find(|(topic, _, _)| *topic == job.topic);
        let Some((_, module, module::Job { run, .. })) = found else {
            return Err(Failure::never("nobody here knows this topic"));
        };
        let work = self.door(job, self.platform.modules().gate(module))?;
        Ok(run(&work).await?)
    }

    /// The door to the organization whose work it is.
    fn door(&self, job: &Job, module: Option<&'static str>) -> Result<TenantWork, Failure> {
        let (Some(tenant), Some(shard)) = (job.tenant_id, job.shard) else {
            return Err(Failure::never("it is no organization's"));
        };
        Ok(TenantWork::new(self.platform.clone(), tenant, shard, job.claim, module))
    }
}

impl Trade for Messages {
    type Piece = Job;
    type Outcome = (Uuid, Fate);
    const HANDS: usize = 64;
    const TROUBLE: &'static str = "the outbox cannot be read for now";

    async fn claim(&self, limit: usize, busy: Vec<TenantId>) -> Result<Vec<Job>, DbError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.platform.work_db().run(events::claim(limit, LEASE, self.topics(), busy)).await
    }

    fn tenant(job: &Job) -> Option<TenantId> {
        job.tenant_id
    }

    async fn work(&self, job: Job) -> Self::Outcome {
        // One message that panics must not take the worker with it.
        let performed = AssertUnwindSafe(self.perform(&job)).catch_unwind();
        let outcome = match tokio::time::timeout(PATIENCE, performed).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Failure::later("a fault of ours")),
            Err(_) => Err(Failure::later("it took too long")),
        };
        // None after the last attempt, which is also what becomes of a message that kills its worker each time.
        let next = usize::try_from(job.attempts - 1).ok().and_then(|index| WAITS.get(index)).copied();
        let (fate, word) = match (outcome, next) {
            (Ok(()), _) => (Fate::Done, "done"),
            (Err(Failure::NotYet(until)), _) => (Fate::NotYet(until), "deferred"),
            (Err(Failure::Later(reason)), Some(next)) => (Fate::Later(wait(next), reason), "retried"),
            (Err(Failure::Later(reason) | Failure::Never(reason)), _) => {
                tracing::error!(id = %job.id, topic = job.topic, reason, "a message was given up");
                (Fate::Dead(reason), "buried")
            }
        };
        counter!("tenantry_outbox_messages_total", "topic" => job.topic.clone(), "outcome" => word).increment(1);
        (job.claim, fate)
    }

    async fn settle(&self, outcomes: Vec<Self::Outcome>) -> Result<(), DbError> {
        self.platform.work_db().run(events::settle(outcomes)).await
    }
}
