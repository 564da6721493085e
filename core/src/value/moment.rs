//! Points in time.

use poem_openapi::registry::MetaSchema;
use serde::{Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::SortValue;
use crate::{column, scalar};

/// A point in time from 1900 to 2200, written as RFC 3339 has it, with any offset.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment(OffsetDateTime);

impl Moment {
    /// Reads `2026-11-21T14:00:00Z`.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| EXPECTED.to_owned())?;
        Self::try_from(at).map_err(str::to_owned)
    }
}

const EXPECTED: &str = "expected a time such as 2026-11-21T14:00:00Z, from 1900 to 2200";

impl TryFrom<OffsetDateTime> for Moment {
    type Error = &'static str;

    fn try_from(at: OffsetDateTime) -> Result<Self, &'static str> {
        // The database knows no offsets as far as those that may be written.
        let at = at.checked_to_offset(UtcOffset::UTC).ok_or(EXPECTED)?;
        if (1900..=2200).contains(&at.year()) { Ok(Self(at)) } else { Err(EXPECTED) }
    }
}

impl Moment {
    /// A time that the database has given, which is near enough.
    pub(crate) fn known(at: OffsetDateTime) -> Self {
        Self(at)
    }
}

impl From<Moment> for OffsetDateTime {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl SortValue for Moment {
    fn text(&self) -> String {
        self.0.text()
    }
}

scalar!(Moment, "date-time", MetaSchema::new_with_format("string", "date-time"));
column!(Moment, OffsetDateTime, |at| Self(at), |own| own.0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_an_offset_and_are_near() {
        assert_eq!(Moment::parse("2026-11-21T15:00:00+01:00"), Ok(Moment::parse("2026-11-21T14:00:00Z").unwrap()));
        for bad in ["2026-11-21", "2026-11-21T14:00:00", "1899-12-31T00:00:00Z", "2026-02-30T00:00:00Z", "now"] {
            assert!(Moment::parse(bad).is_err(), "{bad}");
        }
    }
}
