//! Text from outside: bounded, normalised, without NUL.

use poem_openapi::registry::MetaSchema;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::{column, scalar};

/// Text of 1 to `MAX` characters in Unicode's normal form C, without U+0000, and not of blanks alone.
///
/// Normalising makes what looks the same be the same: in searches, in unique names, in comparisons.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

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
        let text: String = text.nfc().collect();
        match text.chars().count() {
            0 => Err("at least 1 character".to_owned()),
            count if count > MAX => Err(format!("at most {MAX} characters")),
            _ if text.contains('\0') => Err("U+0000 is not allowed".to_owned()),
            _ if text.chars().all(is_blank) => Err("at least 1 character that is not blank".to_owned()),
            _ => Ok(Self(text)),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// White space, and what shows as nothing although Unicode does not call it that.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{115f}' | '\u{1160}' | '\u{3164}'
        )
}

impl<const MAX: usize> std::fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

scalar!(Text<MAX> [const MAX: usize], format!("text_{MAX}"), {
    MetaSchema { min_length: Some(1), max_length: Some(MAX), ..MetaSchema::new("string") }
});
column!(Text<MAX> [const MAX: usize], String, |text| Self(text), |own| own.0);

/// An e-mail address: one `@`, something before it, a domain behind it, at most 254 characters, kept as written.
///
/// Whether it exists only a message can tell, so nothing more is checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Checks and normalises.
    ///
    /// # Errors
    /// What is wrong, in words for the client.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = Text::<254>::parse(text)?.0;
        let plausible = text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
        });
        if !plausible || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err("expected an e-mail address such as ada@example.com".to_owned());
        }
        // Lower case can be longer, and that form must fit too.
        Text::<254>::parse(&text.to_lowercase())?;
        Ok(Self(text))
    }

    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which people are told apart.
    pub fn canonical(&self) -> String {
        self.0.to_lowercase()
    }
}

scalar!(Email, "email", {
    MetaSchema { min_length: Some(3), max_length: Some(254), ..MetaSchema::new_with_format("string", "email") }
});
column!(Email, String, |text| Self(text), |own| own.0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_bounded_and_composed() {
        assert_eq!(Text::<3>::parse("abc").unwrap().as_str(), "abc");
        assert!(Text::<3>::parse("abcd").is_err());
        assert!(Text::<3>::parse("").is_err());
        assert!(Text::<3>::parse("a\0").is_err());
        for blank in [" ", "\t\n", "\u{a0}\u{2003}", "\u{200b}", "\u{feff} ", "\u{3164}"] {
            assert!(Text::<3>::parse(blank).is_err(), "{blank:?}");
        }
        assert_eq!(Text::<3>::parse(" a ").unwrap().as_str(), " a ");
        assert_eq!(Text::<1>::parse("e\u{301}").unwrap().as_str(), "é");
    }

    #[test]
    fn an_email_fits_in_lower_case_too() {
        assert_eq!(Email::parse("Ada@Example.com").unwrap().canonical(), "ada@example.com");
        assert!(Email::parse(&format!("{}@x.y", "a".repeat(250))).is_ok());
        assert!(Email::parse(&format!("{}@x.y", "\u{130}".repeat(250))).is_err());
        for bad in ["ada", "@x", "ada@", "ada@.x", "a@b@c", "a b@c", "a@b\n"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }
}
