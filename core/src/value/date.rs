//! Calendar dates.

use poem_openapi::registry::MetaSchema;
use serde::{Serialize, Serializer};
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use super::SortValue;
use crate::{column, scalar};

/// A day from 1900-01-01 to 2200-12-31, written as RFC 3339 has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Date(time::Date);

const FORMAT: StaticFormatDescription = format_description!("[year]-[month]-[day]");

const EXPECTED: &str = "expected a day such as 1984-02-29, from 1900 to 2200";

impl Date {
    /// Reads `2026-11-21`.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let date = time::Date::parse(text, &FORMAT).ok().filter(|_| text.len() == 10);
        date.ok_or(EXPECTED).and_then(Self::try_from).map_err(str::to_owned)
    }

    /// This day, as UTC has it.
    #[must_use]
    pub fn today() -> Self {
        Self(time::OffsetDateTime::now_utc().date())
    }
}

impl TryFrom<time::Date> for Date {
    type Error = &'static str;

    fn try_from(date: time::Date) -> Result<Self, &'static str> {
        if (1900..=2200).contains(&date.year()) { Ok(Self(date)) } else { Err(EXPECTED) }
    }
}

impl From<Date> for time::Date {
    fn from(date: Date) -> Self {
        date.0
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.format(&FORMAT).unwrap_or_default())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl SortValue for Date {
    fn text(&self) -> String {
        self.to_string()
    }
}

scalar!(Date, "date", MetaSchema::new_with_format("string", "date"));
column!(Date, time::Date, |date| Self(date), |own| own.0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_real_and_near() {
        assert_eq!(Date::parse("1984-02-29").unwrap().to_string(), "1984-02-29");
        for bad in ["1985-02-29", "1899-12-31", "2201-01-01", "84-02-29", "1984-2-29", "tomorrow", "+1984-02-29"] {
            assert!(Date::parse(bad).is_err(), "{bad}");
        }
    }
}
