//! Money and countries: exact decimals as text, never through a floating-point number, and ISO's codes.

use std::str::FromStr;

use poem_openapi::registry::MetaSchema;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

use super::SortValue;
use crate::{column, scalar};

/// An amount of money from 0 to 9,999,999,999.99, with at most two decimals; in JSON a string such as `"249000.00"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(transparent)]
pub struct Amount(Decimal);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::from_parts(0, 0, 0, false, 2));

    /// A hundred, as in per cent.
    pub const HUNDRED: Self = Self(Decimal::from_parts(10_000, 0, 0, false, 2));

    /// Reads digits with an optional point and one or two decimals.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let expected = || "expected an amount such as \"249000.00\", at most ten digits and two decimals".to_owned();
        if !digits(whole, 10) || !digits(decimals, 2) {
            return Err(expected());
        }
        let mut amount = Decimal::from_str(text).map_err(|_| expected())?;
        amount.rescale(2);
        Ok(Self(amount))
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// A part of it, rounded to two decimals; at most all of it.
    #[must_use]
    pub fn percent(self, percent: i16) -> Self {
        Self(Sum(self.0).percent(percent.clamp(0, 100)).0)
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl SortValue for Amount {
    fn text(&self) -> String {
        self.0.to_string()
    }
}

scalar!(Amount, "amount", {
    MetaSchema {
        pattern: Some(r"^[0-9]{1,10}(\.[0-9]{1,2})?$".to_owned()),
        ..MetaSchema::new_with_format("string", "decimal")
    }
});
column!(Amount, Decimal, |amount| Self(amount), |own| own.0);

/// A sum of amounts; in JSON a string such as `"249000.00"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(transparent)]
pub struct Sum(Decimal);

impl Sum {
    /// Reads digits with an optional point.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        Decimal::from_str(text).map(Self).map_err(|_| "expected a sum such as \"249000.00\"".to_owned())
    }

    /// A part of it, rounded to two decimals.
    #[must_use]
    pub fn percent(self, percent: i16) -> Self {
        self.share(percent.into(), 100)
    }

    /// So many parts of so many, rounded to two decimals; nothing where there are no parts.
    #[must_use]
    pub fn share(self, parts: i64, of: i64) -> Self {
        let part = (self.0 * Decimal::from(parts)).checked_div(Decimal::from(of)).unwrap_or_default();
        let mut part = part.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        part.rescale(2);
        Self(part)
    }
}

impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::ops::Add for Sum {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

scalar!(Sum, "sum", MetaSchema::new_with_format("string", "decimal"));
column!(Sum, Decimal, |sum| Self(sum), |own| own.0);

/// A part of something in percent, above zero and up to 100, with at most two decimals; in JSON a string such as `"2.50"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(transparent)]
pub struct Percent(Decimal);

impl Percent {
    /// Reads digits with an optional point and one or two decimals.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = || "expected a percentage above zero and up to 100, such as \"2.50\"".to_owned();
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(whole, 3) || !digits(decimals, 2) {
            return Err(expected());
        }
        let mut percent = Decimal::from_str(text).map_err(|_| expected())?;
        percent.rescale(2);
        if percent.is_zero() || percent > Decimal::ONE_HUNDRED { Err(expected()) } else { Ok(Self(percent)) }
    }

    /// So much of an amount, rounded to two decimals.
    #[must_use]
    pub fn of(self, base: Amount) -> Amount {
        let part = base.0 * self.0 / Decimal::ONE_HUNDRED;
        let mut part = part.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        part.rescale(2);
        Amount(part)
    }

    /// Whether parts are a whole: exactly 100 percent.
    #[must_use]
    pub fn are_whole(parts: impl IntoIterator<Item = Self>) -> bool {
        parts.into_iter().map(|part| part.0).sum::<Decimal>() == Decimal::ONE_HUNDRED
    }
}

scalar!(Percent, "percent", {
    MetaSchema {
        pattern: Some(r"^[0-9]{1,3}(\.[0-9]{1,2})?$".to_owned()),
        ..MetaSchema::new_with_format("string", "decimal")
    }
});
column!(Percent, Decimal, |percent| Self(percent), |own| own.0);

/// A currency by its code of ISO 4217: three capital letters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Currency(String);

impl Currency {
    /// Checks the form.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected a currency code such as EUR".to_owned())
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

scalar!(Currency, "currency", MetaSchema { pattern: Some("^[A-Z]{3}$".to_owned()), ..MetaSchema::new("string") });
column!(Currency, String, |code| Self(code), |own| own.0);

/// A country by its code of ISO 3166-1: two capital letters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Country(String);

impl Country {
    /// Checks the form.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected a country code such as GB".to_owned())
        }
    }
}

scalar!(Country, "country", MetaSchema { pattern: Some("^[A-Z]{2}$".to_owned()), ..MetaSchema::new("string") });
column!(Country, String, |code| Self(code), |own| own.0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_exact() {
        let percent = |text| Percent::parse(text).unwrap();
        assert_eq!(percent("2.5").of(Amount::parse("1000.20").unwrap()), Amount::parse("25.01").unwrap());
        assert!(Percent::are_whole(["33.33", "33.33", "33.34"].map(percent)));
        assert!(!Percent::are_whole(["33.33", "33.33", "33.33"].map(percent)));
        for bad in ["0", "0.00", "100.01", "101", "-1", "1.234", "1e1", "", "."] {
            assert!(Percent::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn amounts_are_exact_and_bounded() {
        assert_eq!(serde_json::to_string(&Amount::parse("249000.5").unwrap()).unwrap(), "\"249000.50\"");
        assert!(Amount::parse("9999999999.99").is_ok());
        assert_eq!((Amount::ZERO, Amount::HUNDRED), (Amount::parse("0").unwrap(), Amount::parse("100.00").unwrap()));
        assert_eq!(serde_json::to_string(&Amount::ZERO).unwrap(), "\"0.00\"");
        assert_eq!(serde_json::to_string(&Sum::parse("0.50").unwrap().percent(33)).unwrap(), "\"0.17\"");
        for bad in ["", "-1", "1e3", "1.", ".5", "1.234", "10000000000", "NaN", "1,5", " 1"] {
            assert!(Amount::parse(bad).is_err(), "{bad}");
        }
    }
}
