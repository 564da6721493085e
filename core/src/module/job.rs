//! Jobs: what comes up by time, in each tenant that has the module.

use croner::Cron;
use croner::parser::CronParser;
use futures_util::future::BoxFuture;
use jiff::Zoned;

use crate::tenancy::DbError;
use crate::worker::TenantWork;

/// What comes up by time: the worker does it in each active tenant that has the module, one tenant at a time in each place.
///
/// It may be done twice, where a worker dies at the end of it, so it says what should be and not what to add. It gets half a minute:
/// whoever has more to do does a part of it each time. What fails is tried again, and after half a day set aside.
#[derive(Debug)]
pub struct Job {
    /// Lower case, hyphens; with its module's name before it, as in `clinic/remind`, also the operation in the audit.
    pub name: &'static str,
    /// When, as five fields of cron in UTC: `"30 3 * * *"` is each night at half past three.
    pub schedule: &'static str,
    /// Does it in one tenant.
    pub run: for<'a> fn(&'a TenantWork) -> BoxFuture<'a, Result<(), DbError>>,
}

impl Job {
    /// When it comes up next. None where that is never, or where the schedule cannot be read.
    pub(crate) fn after(&self, now: &Zoned) -> Option<Zoned> {
        self.cron()?.find_next_occurrence(now, false).ok()
    }

    fn cron(&self) -> Option<Cron> {
        CronParser::builder().build().parse(self.schedule).ok()
    }
}
