//! The short names of organizations.

use poem_openapi::registry::MetaSchema;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::{column, scalar};

/// The short name of an organization: 3 to 48 of `a-z`, `0-9` and single hyphens between them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// Names that would be mistaken for a part of the platform.
const RESERVED: [&str; 22] = [
    "about", "admin", "api", "app", "assets", "auth", "blog", "dev", "docs", "health", "help", "login", "mail",
    "metrics", "operator", "platform", "public", "root", "static", "status", "support", "www",
];

impl Slug {
    /// Folds (NFKC, lower case) and checks.
    ///
    /// # Errors
    /// What is wrong, in words for the client.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > 200 {
            return Err("at most 48 characters".to_owned());
        }
        let text: String = text.nfkc().collect::<String>().to_lowercase();
        let words_ok =
            text.split('-').all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if !words_ok || !(3..=48).contains(&text.len()) {
            return Err("expected 3 to 48 of a-z, 0-9 and single hyphens between them".to_owned());
        }
        if RESERVED.contains(&text.as_str()) {
            return Err("this name is reserved".to_owned());
        }
        Ok(Self(text))
    }

    /// A slug made from a name: `Müller & Söhne` becomes `muller-sohne`. None where nothing usable is left.
    pub fn from_name(name: &str) -> Option<Self> {
        let plain = name.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
        let folded: String =
            plain.flat_map(char::to_lowercase).map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
        let mut slug = folded.split_whitespace().collect::<Vec<_>>().join("-");
        slug.truncate(40);
        Self::parse(slug.trim_end_matches('-')).ok()
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

scalar!(Slug, "slug", MetaSchema { min_length: Some(3), max_length: Some(48), ..MetaSchema::new("string") });
column!(Slug, String, |text| Self(text), |own| own.0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_folded_and_reserved_names_refused() {
        assert_eq!(Slug::parse("ACME-1").unwrap().as_str(), "acme-1");
        assert_eq!(Slug::from_name("Müller & Söhne").unwrap().as_str(), "muller-sohne");
        for bad in ["ab", "-abc", "abc-", "a--b", "a_b", "admin", "ünder"] {
            assert!(Slug::parse(bad).is_err(), "{bad}");
        }
    }
}
