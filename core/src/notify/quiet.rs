//! Quiet hours: when notices wait, and until when. They are said as a clock on the wall shows them, so they are counted by the
//! rules of its time zone, also on the days on which clocks are changed.

use time::OffsetDateTime;

use super::settings::QuietHours;
use crate::value::Clock;

/// When quiet hours end, where it is quiet at this moment.
///
/// A window is the time between two moments: what the clock shows in between, it may show twice or not at all. A wall time
/// that does not exist is as much later as the clock is set on; one that is there twice is the first of both.
pub(super) fn end(quiet: QuietHours, clock: &Clock, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let today = clock.day(now);
    let days = if quiet.from < quiet.until { 0 } else { 1 };
    // One that has begun yesterday may still go on.
    [today.previous_day()?, today].into_iter().find_map(|first| {
        let last = if days == 0 { first } else { first.next_day()? };
        let (start, end) = (clock.at(first, quiet.from)?, clock.at(last, quiet.until)?);
        (start <= now && now < end).then_some(end)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use time::format_description::well_known::Rfc3339;

    use super::*;
    use crate::value::{TimeZone, WallTime};

    fn quiet_until(zone: &str, from: &str, until: &str, now: &str) -> Option<String> {
        let quiet = QuietHours { from: WallTime::parse(from).unwrap(), until: WallTime::parse(until).unwrap() };
        let clock = Clock::of(&TimeZone::parse(zone).unwrap()).unwrap();
        let now = OffsetDateTime::parse(now, &Rfc3339).unwrap();
        end(quiet, &clock, now).map(|end| end.format(&Rfc3339).unwrap())
    }

    #[track_caller]
    fn check(window: (&str, &str), now: &str, end: Option<&str>) {
        assert_eq!(quiet_until("Europe/Vienna", window.0, window.1, now).as_deref(), end, "{window:?} at {now}");
    }

    #[test]
    fn a_window_goes_over_midnight_or_not() {
        let night = ("22:00", "07:00");
        check(night, "2026-11-21T20:59:59Z", None);
        check(night, "2026-11-21T21:00:00Z", Some("2026-11-22T06:00:00Z"));
        check(night, "2026-11-22T05:59:59Z", Some("2026-11-22T06:00:00Z"));
        check(night, "2026-11-22T06:00:00Z", None);
        let noon = ("12:00", "13:30");
        check(noon, "2026-07-01T10:00:00Z", Some("2026-07-01T11:30:00Z"));
        check(noon, "2026-07-01T09:59:59Z", None);
        check(noon, "2026-07-01T11:30:00Z", None);
    }

    /// On 29 March 2026 the clock in Vienna goes from 02:00 to 03:00: the night is an hour shorter.
    #[test]
    fn clocks_are_set_on() {
        check(("22:00", "07:00"), "2026-03-28T21:00:00Z", Some("2026-03-29T05:00:00Z"));
        check(("22:00", "07:00"), "2026-03-29T04:59:59Z", Some("2026-03-29T05:00:00Z"));
        // 02:30 is not there that day.
        check(("22:00", "02:30"), "2026-03-29T00:59:59Z", Some("2026-03-29T01:30:00Z"));
        check(("22:00", "02:30"), "2026-03-29T01:30:00Z", None);
        check(("02:30", "02:45"), "2026-03-29T01:31:00Z", Some("2026-03-29T01:45:00Z"));
    }

    /// On 25 October 2026 it goes from 03:00 back to 02:00: 02:30 is there twice.
    #[test]
    fn clocks_are_set_back() {
        check(("22:00", "07:00"), "2026-10-24T20:00:00Z", Some("2026-10-25T06:00:00Z"));
        check(("22:00", "02:30"), "2026-10-25T00:29:59Z", Some("2026-10-25T00:30:00Z"));
        // The second time that the clock shows 02:10: the window is over, and does not open again.
        check(("22:00", "02:30"), "2026-10-25T01:10:00Z", None);
        check(("02:15", "02:45"), "2026-10-25T00:20:00Z", Some("2026-10-25T00:45:00Z"));
        check(("02:15", "02:45"), "2026-10-25T01:20:00Z", None);
    }

    /// Where a day has been left out, the windows around it are still found.
    #[test]
    fn a_day_may_be_missing() {
        let end = quiet_until("Pacific/Apia", "22:00", "07:00", "2011-12-30T09:00:00Z");
        assert_eq!(end.as_deref(), Some("2011-12-30T17:00:00Z"));
    }
}
