//! A clock on a wall: which day and time it shows at a moment, and at which moment it shows them.

use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone as Rules;
use jiff::{SignedDuration, Timestamp};
use time::{Date, Month, OffsetDateTime};

use super::{TimeZone, WallTime};

/// A clock that hangs where a time zone is kept.
#[derive(Clone, Debug)]
pub struct Clock(Rules);

impl Clock {
    /// The clock of a zone; none where this build does not know the zone.
    pub fn of(zone: &TimeZone) -> Option<Self> {
        zone.rules().map(Self)
    }

    /// The clock of a zone, or that of UTC where this build does not know the zone.
    pub fn of_or_utc(zone: &TimeZone) -> Self {
        Self::of(zone).unwrap_or_else(Self::utc)
    }

    /// The clock of UTC.
    pub fn utc() -> Self {
        Self(Rules::UTC)
    }

    /// The day that it is.
    pub fn day(&self, at: OffsetDateTime) -> Date {
        let face = self.face(at).date();
        let month = u8::try_from(face.month()).ok().and_then(|month| Month::try_from(month).ok());
        let day = u8::try_from(face.day()).unwrap_or_default();
        month.and_then(|month| Date::from_calendar_date(face.year().into(), month, day).ok()).unwrap_or(at.date())
    }

    /// The day and the time, as `2026-11-21, 14:00`.
    pub fn written(&self, at: OffsetDateTime) -> String {
        self.face(at).strftime("%Y-%m-%d, %H:%M").to_string()
    }

    /// When it shows a time of a day. Where the clock leaps over that time, it is the one that it shows after the leap; where it shows
    /// the time twice, it is the first.
    pub fn at(&self, day: Date, time: WallTime) -> Option<OffsetDateTime> {
        let (hour, minute) = time.hour_and_minute();
        self.moment(date(day)?.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0))
    }

    /// When a day begins: at midnight, or as soon after it as the clock shows that day.
    pub fn start(&self, day: Date) -> OffsetDateTime {
        self.at(day, WallTime::MIDNIGHT).unwrap_or_else(|| day.midnight().assume_utc())
    }

    /// How far it is ahead of UTC.
    pub(crate) fn offset_seconds(&self, at: OffsetDateTime) -> i64 {
        self.0.to_offset(timestamp(at)).seconds().into()
    }

    /// How far its face is from one time to another.
    pub(crate) fn shift(&self, from: OffsetDateTime, to: OffsetDateTime) -> SignedDuration {
        self.face(to).duration_since(self.face(from))
    }

    /// A time moved on its face.
    pub(crate) fn shifted(&self, at: OffsetDateTime, shift: SignedDuration) -> Option<OffsetDateTime> {
        self.moment(self.face(at).checked_add(shift).ok()?)
    }

    /// What it shows, to the second.
    pub(crate) fn face(&self, at: OffsetDateTime) -> DateTime {
        timestamp(at).to_zoned(self.0.clone()).datetime()
    }

    /// When it shows something, as in [`at`](Self::at).
    pub(crate) fn moment(&self, face: DateTime) -> Option<OffsetDateTime> {
        let zoned = self.0.to_ambiguous_zoned(face).compatible().ok()?;
        OffsetDateTime::from_unix_timestamp(zoned.timestamp().as_second()).ok()
    }
}

fn timestamp(at: OffsetDateTime) -> Timestamp {
    Timestamp::from_second(at.unix_timestamp()).unwrap_or_default()
}

fn date(day: Date) -> Option<civil::Date> {
    let (year, month) = (i16::try_from(day.year()).ok()?, i8::try_from(u8::from(day.month())).ok()?);
    civil::Date::new(year, month, i8::try_from(day.day()).ok()?).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn both_changes_are_known() {
        let vienna = Clock::of(&TimeZone::parse("Europe/Vienna").unwrap()).unwrap();
        let at = |day, time| vienna.at(day, WallTime::parse(time).unwrap()).unwrap();
        assert_eq!(at(date!(2026 - 03 - 29), "02:30"), datetime!(2026-03-29 1:30 UTC));
        assert_eq!(at(date!(2026 - 10 - 25), "02:30"), datetime!(2026-10-25 0:30 UTC));
        assert_eq!(vienna.written(datetime!(2026-10-25 1:30 UTC)), "2026-10-25, 02:30");
        assert_eq!(vienna.day(datetime!(2026-06-30 22:00 UTC)), date!(2026 - 07 - 01));
        assert_eq!(vienna.start(date!(2026 - 07 - 01)), datetime!(2026-06-30 22:00 UTC));
    }

    /// Where midnight itself is leapt over, the day begins an hour later.
    #[test]
    fn a_day_may_have_no_midnight() {
        let cairo = Clock::of(&TimeZone::parse("Africa/Cairo").unwrap()).unwrap();
        assert_eq!(cairo.start(date!(2026 - 04 - 24)), datetime!(2026-04-23 22:00 UTC));
    }

    #[test]
    fn an_unknown_zone_has_no_clock() {
        let mars = TimeZone::parse("Mars/Olympus").unwrap();
        assert!(Clock::of(&mars).is_none());
        assert_eq!(Clock::of_or_utc(&mars).written(datetime!(2026-01-02 3:04 UTC)), "2026-01-02, 03:04");
    }
}
