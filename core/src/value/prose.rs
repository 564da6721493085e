//! Text of several lines from outside: bounded, normalised, with line breaks and tabs and no other controls.

use compact_str::CompactString;
use poem_openapi::registry::MetaSchema;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::characters::{breaks_prose, check};
use crate::{column, scalar};

/// A text of 1 to `MAX` characters in Unicode's normal form C, on one line or several, and not of blanks alone. A line
/// ends with `\n`, and `\r\n` is read as that. Other control characters than `\n` and `\t`, and bidirectional embeddings
/// and overrides (U+202A to U+202E), are refused.
///
/// For people to read as it stands, and never a part of another text; for names and the like see
/// [`Text`](super::Text).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Prose<const MAX: usize>(CompactString);

impl<const MAX: usize> Prose<MAX> {
    /// Checks and normalises.
    ///
    /// # Errors
    /// What is wrong, in words for the client.
    pub fn parse(text: &str) -> Result<Self, String> {
        // Normal form C is never more than three times as long; a cheap bound before the work.
        if text.len() > MAX * 12 {
            return Err(format!("at most {MAX} characters"));
        }
        let text: CompactString = text.replace("\r\n", "\n").nfc().collect();
        check(&text, MAX)?;
        if text.contains(breaks_prose) {
            return Err("no control characters but line breaks and tabs, and no bidirectional overrides".to_owned());
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> std::fmt::Display for Prose<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

scalar!(Prose<MAX> [const MAX: usize], format!("prose_{MAX}"), {
    MetaSchema { min_length: Some(1), max_length: Some(MAX), ..MetaSchema::new("string") }
});
column!(Prose<MAX> [const MAX: usize], &str, |text| Self(text.into()), |own| own.as_str());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_bounded_and_composed() {
        assert_eq!(Prose::<1>::parse("e\u{301}").unwrap().as_str(), "é");
        assert_eq!(Prose::<3>::parse("a\r\nb").unwrap().as_str(), "a\nb");
        assert_eq!(Prose::<3>::parse("abcd").unwrap_err(), "at most 3 characters");
        assert_eq!(Prose::<3>::parse("a\0").unwrap_err(), "U+0000 is not allowed");
        for blank in ["", " ", "\r\n\t\n"] {
            assert!(Prose::<9>::parse(blank).is_err(), "{blank:?}");
        }
    }

    #[test]
    fn prose_has_lines_and_no_other_controls() {
        for text in ["one\n\n\ttwo\n", "one\u{2028}two", "\u{2067}א\u{2069} a"] {
            assert_eq!(Prose::<20>::parse(text).unwrap().as_str(), text);
        }
        let controls = ('\u{1}'..='\u{8}').chain('\u{b}'..='\u{1f}').chain('\u{7f}'..='\u{9f}');
        for c in controls.chain('\u{202a}'..='\u{202e}') {
            let refused = Prose::<9>::parse(&format!("a{c}b")).unwrap_err();
            assert!(refused.starts_with("no control characters but"), "{c:?}: {refused}");
        }
    }
}
