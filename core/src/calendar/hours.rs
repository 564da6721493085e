//! A week of opening times, by the clock on the wall.

use std::ops::RangeInclusive;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::Date as Day;

use super::period::Period;
use crate::choice;
use crate::http::{ApiError, ApiResult};
use crate::value::{Clock, Date, Several, WallTime};

choice! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
}

impl Weekday {
    fn of(day: Day) -> Self {
        match day.weekday() {
            time::Weekday::Monday => Self::Monday,
            time::Weekday::Tuesday => Self::Tuesday,
            time::Weekday::Wednesday => Self::Wednesday,
            time::Weekday::Thursday => Self::Thursday,
            time::Weekday::Friday => Self::Friday,
            time::Weekday::Saturday => Self::Saturday,
            time::Weekday::Sunday => Self::Sunday,
        }
    }
}

/// When it is open on one day of each week.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct OpenHours {
    /// The day.
    pub weekday: Weekday,
    /// From when, by the clock on the wall.
    pub from: WallTime,
    /// Until when, by the clock on the wall; `00:00` is midnight, the end of the day.
    pub until: WallTime,
    /// The first day on which this holds.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// The last day on which this holds.
    #[serde(default)]
    pub valid_until: Option<Date>,
}

impl OpenHours {
    fn is_of(&self, day: Day) -> bool {
        self.weekday == Weekday::of(day)
            && self.valid_from.is_none_or(|from| Day::from(from) <= day)
            && self.valid_until.is_none_or(|until| day <= Day::from(until))
    }

    /// The period of a day. Where the clock leaps over a time, that time is the one that the clock shows after the leap; where it
    /// shows a time twice, it is the first.
    fn on(&self, day: Day, clock: &Clock) -> Option<Period> {
        let last = if self.until == WallTime::MIDNIGHT { day.next_day()? } else { day };
        Period::new(clock.at(day, self.from)?, clock.at(last, self.until)?)
    }
}

/// Refuses times that end before they begin.
pub(super) fn check(hours: &Several<OpenHours>) -> ApiResult<()> {
    for (n, open) in hours.iter().enumerate() {
        if open.until != WallTime::MIDNIGHT && open.until <= open.from {
            return Err(ApiError::invalid().at(format!("/hours/{n}/until"), "has to be later than `from`"));
        }
        if open.valid_from.zip(open.valid_until).is_some_and(|(from, until)| Day::from(until) < Day::from(from)) {
            let detail = "may not be before `valid_from`";
            return Err(ApiError::invalid().at(format!("/hours/{n}/valid_until"), detail));
        }
    }
    Ok(())
}

/// When it is open, of all that touches a period.
pub(super) fn open_in(hours: &Several<OpenHours>, clock: &Clock, period: Period) -> Vec<Period> {
    days(period)
        .flat_map(|day| hours.iter().filter(move |open| open.is_of(day)).filter_map(move |open| open.on(day, clock)))
        .filter(|open| open.overlaps(period))
        .collect()
}

/// All days that it can be somewhere on earth during a period.
fn days(period: Period) -> impl Iterator<Item = Day> {
    let days: RangeInclusive<i32> =
        period.starts_at.date().to_julian_day() - 1..=period.ends_at.date().to_julian_day() + 1;
    days.filter_map(|day| Day::from_julian_day(day).ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use time::OffsetDateTime;
    use time::macros::datetime;

    use super::*;
    use crate::value::TimeZone;

    fn sunday(from: &str, until: &str) -> Several<OpenHours> {
        let (from, until) = (WallTime::parse(from).unwrap(), WallTime::parse(until).unwrap());
        Several::of(vec![OpenHours { weekday: Weekday::Sunday, from, until, valid_from: None, valid_until: None }])
    }

    fn open(hours: &Several<OpenHours>, from: OffsetDateTime, until: OffsetDateTime) -> Vec<Period> {
        let clock = Clock::of(&TimeZone::parse("Europe/Vienna").unwrap()).unwrap();
        open_in(hours, &clock, Period::new(from, until).unwrap())
    }

    /// Nine o'clock is nine o'clock on the wall, before and after the clock is set.
    #[test]
    fn hours_follow_the_wall_through_both_changes() {
        let (from, until) = (datetime!(2026-03-22 0:00 UTC), datetime!(2026-03-30 0:00 UTC));
        let spring = open(&sunday("09:00", "17:00"), from, until);
        let starts: Vec<_> = spring.iter().map(|open| open.starts_at).collect();
        assert_eq!(starts, [datetime!(2026-03-22 8:00 UTC), datetime!(2026-03-29 7:00 UTC)]);
        let (from, until) = (datetime!(2026-10-18 0:00 UTC), datetime!(2026-10-26 0:00 UTC));
        let autumn = open(&sunday("09:00", "17:00"), from, until);
        let starts: Vec<_> = autumn.iter().map(|open| open.starts_at).collect();
        assert_eq!(starts, [datetime!(2026-10-18 7:00 UTC), datetime!(2026-10-25 8:00 UTC)]);
    }

    /// A night shift through the change is an hour shorter in spring, and an hour longer in autumn.
    #[test]
    fn the_night_of_the_change_has_another_length() {
        let spring = open(&sunday("00:00", "06:00"), datetime!(2026-03-28 12:00 UTC), datetime!(2026-03-30 0:00 UTC));
        assert_eq!(spring.iter().map(|open| open.length().whole_hours()).collect::<Vec<_>>(), [5]);
        let autumn = open(&sunday("00:00", "06:00"), datetime!(2026-10-24 12:00 UTC), datetime!(2026-10-26 0:00 UTC));
        assert_eq!(autumn.iter().map(|open| open.length().whole_hours()).collect::<Vec<_>>(), [7]);
        // 02:30 is not on the clock of that night: it is the half hour after the leap.
        let gap = open(&sunday("02:30", "04:00"), datetime!(2026-03-28 12:00 UTC), datetime!(2026-03-30 0:00 UTC));
        assert_eq!(gap.iter().map(|open| open.starts_at).collect::<Vec<_>>(), [datetime!(2026-03-29 1:30 UTC)]);
    }

    #[test]
    fn midnight_is_the_end_of_the_day_and_seasons_end() {
        let mut hours = sunday("18:00", "00:00");
        let (from, until) = (datetime!(2026-06-01 0:00 UTC), datetime!(2026-06-15 0:00 UTC));
        assert_eq!(
            open(&hours, from, until).iter().map(|open| open.length().whole_hours()).collect::<Vec<_>>(),
            [6, 6]
        );
        let first = hours.iter().next().unwrap().clone();
        hours = Several::of(vec![OpenHours { valid_until: Some(Date::parse("2026-06-07").unwrap()), ..first }]);
        assert_eq!(open(&hours, from, until).len(), 1);
        assert!(check(&hours).is_ok() && check(&sunday("17:00", "09:00")).is_err());
    }
}
