//! The clock: has the jobs of modules come up when they are due, and reminders.

use std::time::Duration;

use jiff::Zoned;
use jiff::tz::TimeZone;
use time::OffsetDateTime;

use crate::events::{reminders, schedule};
use crate::platform::Platform;
use crate::tenancy::DbError;

/// How long a process sleeps at most: another one may know of a job that this one's database clock does not.
const LONGEST: Duration = Duration::from_secs(60);

/// Watches the clock for as long as the worker lives.
pub(super) async fn keep_time(platform: Platform) {
    loop {
        let pause = match come_up(&platform).await {
            Ok(next) => next.clamp(Duration::from_millis(100), LONGEST),
            Err(error) => {
                tracing::warn!(error = error.diagnosis(), "the schedules cannot be read for now");
                LONGEST
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Has what is due come up, and gives the time until the next job is.
pub(super) async fn come_up(platform: &Platform) -> Result<Duration, DbError> {
    let now = Zoned::now().with_time_zone(TimeZone::UTC);
    let mut soonest = LONGEST;
    for (topic, module, job) in platform.modules().jobs() {
        let next = job.after(&now).map(|next| OffsetDateTime::from_unix_timestamp(next.timestamp().as_second()));
        let Some(Ok(next)) = next else { continue };
        let gate = platform.modules().gate(module).is_some();
        let (seconds,) = platform.db().run(schedule::come_up(topic, module, gate, next)).await?;
        soonest = soonest.min(Duration::try_from_secs_f64(seconds).unwrap_or_default());
    }
    Ok(soonest.min(remind(platform).await?))
}

/// Has reminders come up that are due, and gives the time until the next one is, as far as it is known by now.
async fn remind(platform: &Platform) -> Result<Duration, DbError> {
    loop {
        let reminders::ComeUp { count, next } = platform.db().run(reminders::come_up()).await?;
        if count < reminders::BATCH {
            let next = next.and_then(|next| Duration::try_from_secs_f64(next).ok());
            return Ok(next.unwrap_or(LONGEST));
        }
    }
}
