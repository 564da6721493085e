//! The days of reports: by the clock that somebody asks for, else by the organization's own.
//!
//! The rules of time zones are a part of the program, so the database is told moments, never zones. Where the organization's clock
//! stands it knows alone: so UTC is presumed, the statement says where that is wrong, having read nothing else, and is asked again.
//! Who names a zone, or whose clock is on UTC, has one round trip.

use time::OffsetDateTime;

use crate::http::{ApiError, ApiResult, Can};
use crate::permission::Reads;
use crate::tenancy::Statement;
use crate::value::{Clock, TimeZone};

/// When days begin, and which one it is.
pub(super) struct Calendar {
    zone: Option<TimeZone>,
    clock: Clock,
    is_presumed: bool,
    now: OffsetDateTime,
}

impl Calendar {
    fn asked(zone: TimeZone) -> ApiResult<Self> {
        let unknown =
            || ApiError::invalid().at("zone", "no such time zone is known, expected one such as Europe/Vienna");
        let clock = Clock::of(&zone).ok_or_else(unknown)?;
        Ok(Self { zone: Some(zone), clock, is_presumed: false, now: OffsetDateTime::now_utc() })
    }

    fn presumed() -> Self {
        Self { zone: None, clock: Clock::utc(), is_presumed: true, now: OffsetDateTime::now_utc() }
    }

    /// One that is not known any more is UTC.
    fn kept(zone: TimeZone) -> Self {
        let (zone, clock) = Clock::of(&zone).map_or((None, Clock::utc()), |clock| (Some(zone), clock));
        Self { zone, clock, is_presumed: false, now: OffsetDateTime::now_utc() }
    }

    /// The zone that the organization's own has to be; none where that makes no difference.
    pub(super) fn must_be(&self) -> Option<&'static str> {
        self.is_presumed.then_some(UTC)
    }

    /// The zone's name.
    pub(super) fn zone(&self) -> String {
        self.zone.as_ref().map_or(UTC, TimeZone::as_str).to_owned()
    }

    /// This moment.
    pub(super) fn now(&self) -> OffsetDateTime {
        self.now
    }

    /// The day that it is.
    pub(super) fn today(&self) -> time::Date {
        self.clock.day(self.now)
    }

    /// When a day begins: at midnight, or as soon after it as the clock shows that day.
    pub(super) fn start(&self, of: time::Date) -> OffsetDateTime {
        self.clock.start(of)
    }
}

const UTC: &str = "UTC";

/// An answer, or the zone that it has to be asked by instead.
pub(super) type ByClock<T> = Result<T, TimeZone>;

/// Asks by the clock of a zone, or of the organization.
pub(super) async fn ask<P: Reads, T>(
    caller: &Can<P>,
    zone: Option<TimeZone>,
    question: impl Fn(&Calendar) -> ApiResult<Statement<ByClock<T>>>,
) -> ApiResult<T> {
    let calendar = zone.map_or_else(|| Ok(Calendar::presumed()), Calendar::asked)?;
    let zone = match caller.read(question(&calendar)?).await? {
        Ok(answer) => return Ok(answer),
        Err(zone) => zone,
    };
    caller.read(question(&Calendar::kept(zone))?).await?.map_err(|_| ApiError::internal())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    /// Where the clock goes from 00:00 to 01:00, the day begins at 01:00.
    #[test]
    fn days_begin_when_the_clock_says_so() {
        let beirut = Calendar::asked(TimeZone::parse("Asia/Beirut").unwrap()).unwrap();
        assert_eq!(beirut.start(date!(2024 - 03 - 30)), datetime!(2024-03-29 22:00 UTC));
        assert_eq!(beirut.start(date!(2024 - 03 - 31)), datetime!(2024-03-30 22:00 UTC));
        assert_eq!(beirut.start(date!(2024 - 04 - 01)), datetime!(2024-03-31 21:00 UTC));
        assert_eq!(Calendar::presumed().start(date!(2200 - 12 - 31)), datetime!(2200-12-31 0:00 UTC));
        assert_eq!(Calendar::presumed().today(), OffsetDateTime::now_utc().date());
    }
}
