//! Languages.

use poem_openapi::registry::MetaSchema;
use serde::Serialize;

use crate::{column, scalar};

/// A language, as BCP 47 names it, such as `en` or `de-AT`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct Locale(String);

impl Locale {
    /// Checks.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.split('-');
        let language = parts.next().unwrap_or_default();
        let is_language = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
        let is_part = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if text.len() <= 35 && is_language && parts.all(is_part) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected a language such as en or de-AT".to_owned())
        }
    }

    /// The language that everything is said in where nothing else will do.
    pub(crate) fn english() -> Self {
        Self("en".to_owned())
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In one spelling, by which languages are told apart: `de-AT`, `zh-Hans`.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let spelled = self.0.split('-').enumerate().map(|(n, part)| match (n, part.len()) {
            (1.., 2) => part.to_ascii_uppercase(),
            (1.., 4) if part.bytes().all(|b| b.is_ascii_alphabetic()) => {
                let (first, rest) = part.split_at(1);
                format!("{}{}", first.to_ascii_uppercase(), rest.to_ascii_lowercase())
            }
            _ => part.to_ascii_lowercase(),
        });
        Self(spelled.collect::<Vec<_>>().join("-"))
    }

    /// Whether it is a language, perhaps in some script and as spoken somewhere, and nothing more: all that texts differ by.
    pub(crate) fn is_plain(&self) -> bool {
        let parts: Vec<&str> = self.0.split('-').skip(1).collect();
        let is_script = |part: &str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic());
        let is_region = |part: &str| {
            part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic())
                || part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit())
        };
        match parts.as_slice() {
            [] => true,
            [part] => is_script(part) || is_region(part),
            [script, region] => is_script(script) && is_region(region),
            _ => false,
        }
    }

    /// The language without where it is spoken: `de` of `de-AT`.
    #[must_use]
    pub fn primary(&self) -> Self {
        Self(self.0.split('-').next().unwrap_or_default().to_ascii_lowercase())
    }
}

scalar!(Locale, "locale", {
    MetaSchema { max_length: Some(35), pattern: Some(LOCALE.to_owned()), ..MetaSchema::new("string") }
});
column!(Locale, String, |text| Self(text), |own| own.0);
const LOCALE: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_one_spelling() {
        for (text, canonical, primary) in [
            ("EN", "en", "en"),
            ("de-at", "de-AT", "de"),
            ("ZH-hans-cn", "zh-Hans-CN", "zh"),
            ("sl-1994", "sl-1994", "sl"),
        ] {
            let locale = Locale::parse(text).unwrap();
            assert_eq!((locale.canonical().as_str(), locale.primary().as_str()), (canonical, primary));
        }
        for (text, plain) in
            [("de", true), ("zh-Hans-CN", true), ("es-419", true), ("sl-1994", false), ("no-such-thing", false)]
        {
            assert_eq!(Locale::parse(text).unwrap().is_plain(), plain, "{text}");
        }
        for wrong in ["", "e", "english", "de_AT", "de-", "de-a"] {
            assert!(Locale::parse(wrong).is_err(), "{wrong}");
        }
    }
}
