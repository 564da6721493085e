//! One line of text from outside: bounded, normalised, without what breaks a line.

use compact_str::CompactString;
use poem_openapi::registry::MetaSchema;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::characters::{breaks_a_line, check};
use crate::{column, scalar};

/// One line of 1 to `MAX` characters in Unicode's normal form C, and not of blanks alone. Control characters, line and
/// paragraph separators, and bidirectional controls are refused: a name stays a name wherever it is put.
///
/// Normalising makes what looks the same be the same: in searches, in unique names, in comparisons. For a text of
/// several lines see [`Prose`](super::Prose).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(CompactString);

impl<const MAX: usize> Text<MAX> {
    /// Checks and normalises.
    ///
    /// # Errors
    /// What is wrong, in words for the client.
    pub fn parse(text: &str) -> Result<Self, String> {
        // Normal form C is never more than three times as long; a cheap bound before the work.
        if text.len() > MAX * 12 {
            return Err(format!("at most {MAX} characters"));
        }
        let text: CompactString = text.nfc().collect();
        check(&text, MAX)?;
        if text.contains(breaks_a_line) {
            return Err("one line: no line breaks, other control characters or bidirectional controls".to_owned());
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> std::fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

scalar!(Text<MAX> [const MAX: usize], format!("text_{MAX}"), {
    MetaSchema { min_length: Some(1), max_length: Some(MAX), ..MetaSchema::new("string") }
});
column!(Text<MAX> [const MAX: usize], &str, |text| Self(text.into()), |own| own.as_str());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_bounded_and_composed() {
        assert_eq!(Text::<3>::parse("abc").unwrap().as_str(), "abc");
        assert!(Text::<3>::parse("abcd").is_err());
        assert!(Text::<3>::parse("").is_err());
        assert_eq!(Text::<3>::parse("a\0").unwrap_err(), "U+0000 is not allowed");
        for blank in [" ", "\t\n", "\u{a0}\u{2003}", "\u{200b}", "\u{feff} ", "\u{3164}"] {
            assert_eq!(Text::<3>::parse(blank).unwrap_err(), "at least 1 character that is not blank", "{blank:?}");
        }
        assert_eq!(Text::<3>::parse(" a ").unwrap().as_str(), " a ");
        assert_eq!(Text::<1>::parse("e\u{301}").unwrap().as_str(), "é");
    }

    #[test]
    fn text_is_one_line() {
        let controls = ('\u{1}'..='\u{1f}').chain('\u{7f}'..='\u{9f}');
        let others = ('\u{2028}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        for c in controls.chain(others) {
            let refused = Text::<9>::parse(&format!("a{c}b")).unwrap_err();
            assert!(refused.starts_with("one line"), "{c:?}: {refused}");
        }
        for name in ["a\u{a0}b", "👩\u{200d}🔬", "\u{200f}א", "می\u{200c}خواهم", "\u{202f}1", "\u{2065}a", "\u{206a}a"]
        {
            assert_eq!(Text::<9>::parse(name).unwrap().as_str(), name);
        }
    }
}
