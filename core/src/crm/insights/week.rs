//! The weeks that are compared: the seven days before today, and the eight weeks before them.

use time::{Duration, OffsetDateTime};

use crate::crm::calendar::Calendar;
use crate::value::Date;

/// How many weeks the last one is compared with.
pub(super) const BEFORE: usize = 8;

/// The last seven days that are over.
pub(super) struct Week {
    pub(super) from: Date,
    pub(super) until: Date,
    /// When each week begins, the first one first, and when the last one ends.
    pub(super) starts: Vec<OffsetDateTime>,
}

impl Week {
    /// Before today. None where the clock is out of its mind.
    pub(super) fn last(calendar: &Calendar) -> Option<Self> {
        let day = |days: i64| calendar.today().checked_sub(Duration::days(days));
        let weeks = BEFORE as i64 + 1;
        let starts =
            (0..=weeks).rev().map(|week| day(7 * week).map(|day| calendar.start(day))).collect::<Option<_>>()?;
        Some(Self { from: Date::try_from(day(7)?).ok()?, until: Date::try_from(day(1)?).ok()?, starts })
    }
}
