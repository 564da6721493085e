//! Telephone numbers that a text message can be sent to.

use compact_str::CompactString;
use poem_openapi::registry::MetaSchema;
use serde::Serialize;

use crate::{column, scalar};

/// A number as E.164 has it: `+`, then 7 to 15 digits of which the first is not 0. Blanks, hyphens, dots, slashes and
/// parentheses between them are left out; a number without its country is refused, for it could be anybody's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Phone(CompactString);

impl Phone {
    /// Checks and normalises.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = || Err("expected a number with its country, such as +43 1 58858".to_owned());
        let Some(rest) = text.trim().strip_prefix('+').filter(|_| text.len() <= 40) else { return expected() };
        let is_between = |c: &char| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')');
        let digits: CompactString = rest.chars().filter(|c| !is_between(c)).collect();
        let well_formed = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        if well_formed && (7..=15).contains(&digits.len()) {
            Ok(Self(compact_str::format_compact!("+{digits}")))
        } else {
            expected()
        }
    }

    /// `+` and digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

scalar!(Phone, "phone", {
    MetaSchema { min_length: Some(8), max_length: Some(40), ..MetaSchema::new_with_format("string", "phone") }
});
column!(Phone, &str, |text| Self(text.into()), |own| own.as_str());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_its_country_and_one_spelling() {
        for text in ["+4315885801", "+43 1 588 58-01", "+43 (1) 588.58/01", " +43 1 5885801"] {
            assert_eq!(Phone::parse(text).unwrap().as_str(), "+4315885801");
        }
        for wrong in [
            "",
            "+",
            "015885801",
            "0043158858",
            "+0431588580",
            "+43158",
            "+1234567890123456",
            "+43 1 588x",
            "++431588",
            "+４３１５８８５８０１",
        ] {
            assert!(Phone::parse(wrong).is_err(), "{wrong}");
        }
    }
}
