//! Time zones and times of the day, as people say them.

use std::sync::LazyLock;

use jiff::tz::{self, TimeZoneDatabase};
use poem_openapi::registry::MetaSchema;
use serde::{Serialize, Serializer};
use time::Time;
use time::macros::format_description;

use crate::{column, scalar};

/// A time zone, as the IANA names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct TimeZone(String);

impl TimeZone {
    /// Checks the form; whether there is such a zone is for whoever shows times to know.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-' | b'/');
        if text.len() <= 64 && text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(is_name) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected a time zone such as Europe/Vienna or UTC".to_owned())
        }
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its rules, where this build knows it. They are a part of the program: the same on each machine.
    pub(super) fn rules(&self) -> Option<tz::TimeZone> {
        static KNOWN: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
        KNOWN.get(&self.0).ok()
    }
}

scalar!(TimeZone, "time_zone", {
    MetaSchema { max_length: Some(64), pattern: Some(ZONE.to_owned()), ..MetaSchema::new("string") }
});
column!(TimeZone, String, |text| Self(text), |own| own.0);
const ZONE: &str = "^[A-Za-z][A-Za-z0-9_+/-]*$";

/// A time of the day on some clock on the wall, to the minute: `22:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct WallTime(Time);

impl WallTime {
    /// The beginning of a day.
    pub const MIDNIGHT: Self = Self(Time::MIDNIGHT);

    /// Reads `22:00`.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = Time::parse(text, format_description!("[hour]:[minute]"));
        read.map(Self).map_err(|_| "expected a time of the day such as 22:00".to_owned())
    }

    /// Hour and minute.
    pub fn hour_and_minute(self) -> (u8, u8) {
        (self.0.hour(), self.0.minute())
    }
}

impl Serialize for WallTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:02}:{:02}", self.0.hour(), self.0.minute()))
    }
}

scalar!(WallTime, "wall_time", {
    MetaSchema { max_length: Some(5), pattern: Some(WALL_TIME.to_owned()), ..MetaSchema::new("string") }
});
column!(WallTime, Time, |time| Self(time), |own| own.0);
const WALL_TIME: &str = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_known_without_the_machine() {
        assert!(TimeZone::parse("Europe/Vienna").unwrap().rules().is_some());
        assert!(TimeZone::parse("Mars/Olympus").unwrap().rules().is_none());
        assert!(TimeZone::parse("Europe/Vienna; x").is_err());
    }

    #[test]
    fn times_of_the_day_have_two_digits_twice() {
        assert_eq!(WallTime::parse("07:05").unwrap().hour_and_minute(), (7, 5));
        assert_eq!(serde_json::to_value(WallTime::parse("07:05").unwrap()).unwrap(), "07:05");
        for wrong in ["", "7:05", "24:00", "12:60", "12:00:00", "noon", " 12:00"] {
            assert!(WallTime::parse(wrong).is_err(), "{wrong}");
        }
    }
}
