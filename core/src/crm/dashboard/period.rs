//! The time that a dashboard is about, and the one before it.

use time::{Duration, OffsetDateTime, Weekday};

use super::activity::StepLength;
use crate::crm::calendar::Calendar;
use crate::http::{ApiError, ApiResult};
use crate::value::Date;

/// Some days, and as many before them.
pub(super) struct Period {
    pub(super) from: Date,
    pub(super) until: Date,
    pub(super) before: Date,
    /// In which steps it is told.
    pub(super) step: StepLength,
    /// The first day of each of them.
    pub(super) steps: Vec<Date>,
}

impl Period {
    const MOST_DAYS: i64 = 366;
    /// A longer one is told by weeks.
    const DAYS_BY_DAY: i64 = 31;

    /// From a day to a day; this month so far where nothing is said.
    pub(super) fn new(from: Option<Date>, until: Option<Date>, today: time::Date) -> ApiResult<Self> {
        let last = until.map_or(today, time::Date::from);
        let first = from.map_or_else(|| last.replace_day(1).unwrap_or(last), time::Date::from);
        let days = (last - first).whole_days() + 1;
        if !(1..=Self::MOST_DAYS).contains(&days) {
            let pointer = if until.is_some() || from.is_none() { "until" } else { "from" };
            let expected =
                "expected a period of 1 to 366 days, from `from` to `until`, which is today where it is left out";
            return Err(ApiError::invalid().at(pointer, expected));
        }
        let too_early =
            || ApiError::invalid().at("from", "expected a later day: the period before has to begin after 1899");
        let before = first.checked_sub(Duration::days(days)).and_then(|day| Date::try_from(day).ok());
        let before = before.ok_or_else(too_early)?;
        let step = if days <= Self::DAYS_BY_DAY { StepLength::Day } else { StepLength::Week };
        let is_step = |day: &time::Date| *day == first || step == StepLength::Day || day.weekday() == Weekday::Monday;
        let all = (0..days).filter_map(|n| first.checked_add(Duration::days(n)));
        let steps = all.filter(is_step).filter_map(|day| Date::try_from(day).ok()).collect();
        let (Ok(from), Ok(until)) = (Date::try_from(first), Date::try_from(last)) else { return Err(too_early()) };
        Ok(Self { from, until, before, step, steps })
    }

    /// When it ends: with the beginning of the next day.
    pub(super) fn end(&self, calendar: &Calendar) -> OffsetDateTime {
        calendar.start(next(self.until.into(), 1))
    }

    /// When its steps begin.
    pub(super) fn step_starts(&self, calendar: &Calendar) -> Vec<OffsetDateTime> {
        self.steps.iter().map(|day| calendar.start((*day).into())).collect()
    }
}

/// The day so many days later.
pub(super) fn next(day: time::Date, days: i64) -> time::Date {
    day.checked_add(Duration::days(days)).unwrap_or(day)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use time::macros::date;

    use super::*;

    fn period(from: &str, until: &str) -> ApiResult<Period> {
        let day = |text: &str| (!text.is_empty()).then(|| Date::parse(text).unwrap());
        Period::new(day(from), day(until), date!(2026 - 11 - 21))
    }

    fn shown(from: &str, until: &str) -> String {
        let period = period(from, until).unwrap();
        format!("{} {} {} {}", period.before, period.from, period.until, period.steps.len())
    }

    #[test]
    fn the_period_before_is_as_long() {
        assert_eq!(shown("", ""), "2026-10-11 2026-11-01 2026-11-21 21");
        assert_eq!(shown("2026-11-21", ""), "2026-11-20 2026-11-21 2026-11-21 1");
        assert_eq!(shown("", "2024-02-29"), "2024-01-03 2024-02-01 2024-02-29 29");
        assert_eq!(shown("2026-01-01", "2026-01-31"), "2025-12-01 2026-01-01 2026-01-31 31");
        // A Thursday, then each Monday.
        assert_eq!(shown("2026-01-01", "2026-02-01"), "2025-11-30 2026-01-01 2026-02-01 5");
        assert_eq!(shown("2024-01-01", "2024-12-31"), "2022-12-31 2024-01-01 2024-12-31 53");
        for wrong in [
            ("2026-11-22", ""),
            ("2026-11-02", "2026-11-01"),
            ("2024-01-01", "2025-01-01"),
            ("1900-01-01", "1900-01-02"),
        ] {
            assert!(period(wrong.0, wrong.1).is_err(), "{wrong:?}");
        }
    }
}
