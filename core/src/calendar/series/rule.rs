//! When something comes again: rules of RFC 5545, by the clock on a wall.
//!
//! The rule is worked out on the clock's face alone, which knows no time zones; each time that it gives is then looked up where the clock
//! hangs. So nine o'clock stays nine o'clock when clocks are set, and there is one set of time zone rules in the program.

use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use rrule::RRuleSet;
use time::Duration;

use crate::calendar::period::Period;
use crate::http::{ApiError, ApiResult};
use crate::value::{Clock, Text, TimeZone};

/// Bookings that one series can have.
const MOST: u16 = 100;
/// How the rule's times are written, without a zone.
const FACE: &str = "%Y%m%dT%H%M%S";

/// The clock by which a series comes again.
pub(super) fn clock(zone: &TimeZone) -> ApiResult<Clock> {
    let unknown =
        || ApiError::invalid().at("/time_zone", "no such time zone is known, expected one such as Europe/Vienna");
    Clock::of(zone).ok_or_else(unknown)
}

/// The periods that a rule gives, beginning with the first.
pub(super) fn occurrences(rule: &Text<200>, first: Period, clock: &Clock) -> ApiResult<Vec<Period>> {
    let face = clock.face(first.starts_at);
    let dates = dates(&in_capitals(rule.as_str(), clock), face).map_err(|why| ApiError::invalid().at("/rule", why))?;
    let starts = dates.into_iter().filter_map(|face| clock.moment(face));
    Ok(starts.filter_map(|start| Period::new(start, start.checked_add(first.length())?)).collect())
}

/// A period moved on the clock's face, of another length.
pub(super) fn shifted(period: Period, shift: SignedDuration, length: Duration, clock: &Clock) -> ApiResult<Period> {
    let start = clock.shifted(period.starts_at, shift);
    let moved = start.and_then(|start| Period::new(start, start.checked_add(length)?));
    moved.ok_or_else(|| ApiError::invalid().at("/starts_at", "is too far away"))
}

/// A rule whose `UNTIL` is a time on the clock's face, which is written as if it were UTC: what is no time stays as it is.
fn in_capitals(rule: &str, clock: &Clock) -> String {
    let rule = rule.to_ascii_uppercase();
    let parts = rule.split(';').map(|part| {
        let Some(until) = part.strip_prefix("UNTIL=") else { return part.to_owned() };
        let face = match (until.strip_suffix('Z'), until.len()) {
            // A whole day, to its end.
            (None, 8) => format!("{until}T235959"),
            (None, _) => until.to_owned(),
            (Some(utc), _) => on_the_face(utc, clock).unwrap_or_else(|| utc.to_owned()),
        };
        format!("UNTIL={face}Z")
    });
    parts.collect::<Vec<_>>().join(";")
}

fn on_the_face(utc: &str, clock: &Clock) -> Option<String> {
    let at = Clock::utc().moment(DateTime::strptime(FACE, utc).ok()?)?;
    Some(clock.face(at).strftime(FACE).to_string())
}

/// What a rule gives on a clock's face.
fn dates(rule: &str, first: DateTime) -> Result<Vec<DateTime>, String> {
    let known = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b"=;,+-".contains(&b);
    if !rule.bytes().all(known) {
        return Err("expected a rule such as FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10".to_owned());
    }
    if !["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"].iter().any(|freq| rule.contains(freq)) {
        return Err("expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY".to_owned());
    }
    if ["BYHOUR", "BYMINUTE", "BYSECOND"].iter().any(|part| rule.contains(part)) {
        return Err("the time of the day is that of the first one".to_owned());
    }
    let set = format!("DTSTART:{}Z\nRRULE:{rule}", first.strftime(FACE));
    let set = RRuleSet::from_str(&set)
        .map_err(|_| "cannot be read, expected a rule such as FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10")?;
    let found = set.all(MOST + 1);
    if found.dates.len() > usize::from(MOST) {
        return Err(format!("gives more than {MOST}: say COUNT or UNTIL"));
    }
    let faces = found.dates.iter().map(|date| date.format(FACE).to_string());
    let dates: Vec<DateTime> = faces.filter_map(|face| DateTime::strptime(FACE, face).ok()).collect();
    if dates.first() != Some(&first) {
        return Err("does not give the first one itself".to_owned());
    }
    Ok(dates)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use time::OffsetDateTime;
    use time::macros::datetime;

    use super::*;

    fn starts(rule: &str, first: OffsetDateTime) -> Result<Vec<OffsetDateTime>, String> {
        let clock = Clock::of(&TimeZone::parse("Europe/Vienna").unwrap()).unwrap();
        let period = Period::new(first, first + Duration::hours(1)).unwrap();
        match occurrences(&Text::parse(rule).unwrap(), period, &clock) {
            Ok(periods) => Ok(periods.into_iter().map(|period| period.starts_at).collect()),
            Err(problem) => Err(problem.problem().errors.first().unwrap().detail.clone()),
        }
    }

    /// Ten o'clock is ten o'clock, when clocks are set forward and when they are set back.
    #[test]
    fn it_comes_at_the_same_time_on_the_wall() {
        let spring = starts("FREQ=WEEKLY;COUNT=3", datetime!(2031-03-23 9:00 UTC)).unwrap();
        let week = [datetime!(2031-03-23 9:00 UTC), datetime!(2031-03-30 8:00 UTC), datetime!(2031-04-06 8:00 UTC)];
        assert_eq!(spring, week);
        let autumn = starts("FREQ=DAILY;COUNT=2", datetime!(2031-10-25 8:00 UTC)).unwrap();
        assert_eq!(autumn, [datetime!(2031-10-25 8:00 UTC), datetime!(2031-10-26 9:00 UTC)]);
        // 02:30 is not on the clock of 30 March.
        let leap = starts("FREQ=DAILY;COUNT=2", datetime!(2031-03-29 1:30 UTC)).unwrap();
        assert_eq!(leap, [datetime!(2031-03-29 1:30 UTC), datetime!(2031-03-30 1:30 UTC)]);
    }

    #[test]
    fn rules_are_read_and_bounded() {
        let first = datetime!(2031-01-01 9:00 UTC);
        assert_eq!(starts("FREQ=WEEKLY;BYDAY=WE,FR;COUNT=3", first).unwrap().len(), 3);
        assert_eq!(starts("freq=monthly;until=20310401T000000Z", first).unwrap().len(), 3);
        for (rule, why) in [
            ("FREQ=DAILY", "more than 100"),
            ("FREQ=SECONDLY;COUNT=3", "expected FREQ"),
            ("FREQ=DAILY;BYHOUR=3;COUNT=2", "time of the day"),
            ("FREQ=DAILY;COUNT=2\nRDATE:20310101T000000Z", "expected a rule"),
            ("FREQ=WEEKLY;BYDAY=MO;COUNT=2", "first one itself"),
            ("FREQ=DAILY;COUNT=x", "cannot be read"),
        ] {
            let refused = Text::<200>::parse(rule)
                .map_or_else(|_| "expected a rule".to_owned(), |_| starts(rule, first).unwrap_err());
            assert!(refused.contains(why), "{rule}: {refused}");
        }
    }

    /// The last one may be said as a day, as a time on the wall, and as a moment.
    #[test]
    fn it_ends_when_it_is_said() {
        // Nine o'clock in Vienna, each Monday.
        let first = datetime!(2033-01-03 8:00 UTC);
        for (until, count) in [
            ("20330131", 5),
            ("20330131T090000", 5),
            ("20330131T085959", 4),
            ("20330131T080000Z", 5),
            ("20330131T075959Z", 4),
            // By then the clock is an hour further.
            ("20330404T070000Z", 14),
        ] {
            assert_eq!(starts(&format!("FREQ=WEEKLY;UNTIL={until}"), first).unwrap().len(), count, "{until}");
        }
        assert!(starts("FREQ=WEEKLY;UNTIL=soon", first).unwrap_err().contains("cannot be read"));
    }

    #[test]
    fn it_moves_on_the_wall() {
        let clock = Clock::of(&TimeZone::parse("Europe/Vienna").unwrap()).unwrap();
        // From ten on Saturday to eleven on Sunday, over the night of the change.
        let shift = clock.shift(datetime!(2031-03-29 9:00 UTC), datetime!(2031-03-30 9:00 UTC));
        assert_eq!(shift, SignedDuration::from_hours(25));
        let later = Period::new(datetime!(2031-04-05 8:00 UTC), datetime!(2031-04-05 9:00 UTC)).unwrap();
        let moved = shifted(later, shift, Duration::hours(2), &clock).unwrap();
        assert_eq!((moved.starts_at, moved.ends_at), (datetime!(2031-04-06 9:00 UTC), datetime!(2031-04-06 11:00 UTC)));
    }
}
