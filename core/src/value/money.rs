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
    fn amounts_are_exact_and_bounded() {
        assert_eq!(serde_json::to_string(&Amount::parse("249000.5").unwrap()).unwrap(), "\"249000.50\"");
        assert!(Amount::parse("9999999999.99").is_ok());
        assert_eq!(serde_json::to_string(&Sum::parse("0.50").unwrap().percent(33)).unwrap(), "\"0.17\"");
        for bad in ["", "-1", "1e3", "1.", ".5", "1.234", "10000000000", "NaN", "1,5", " 1"] {
            assert!(Amount::parse(bad).is_err(), "{bad}");
        }
    }
}
