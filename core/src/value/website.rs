//! Addresses of pages.

use compact_str::CompactString;
use http::Uri;
use poem_openapi::registry::MetaSchema;
use serde::Serialize;

use super::Text;
use crate::{column, scalar};

/// The address of a page, `http://…` or `https://…`, of up to 500 characters, kept as written. Nothing else, for it is put into
/// links: `javascript:` would be a program. Whether there is such a page nobody asks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Website(CompactString);

impl Website {
    const MAX: usize = 500;

    /// Checks.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = || "expected the address of a page, such as https://example.com".to_owned();
        let text = Text::<{ Self::MAX }>::parse(text.trim())?;
        let text = text.as_str();
        let (scheme, rest) = text.split_once("://").ok_or_else(expected)?;
        let host: &str = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        // A name of letters beyond ASCII is fine where people read it; the rest is as any address.
        let plain: String = host.chars().map(|c| if c.is_ascii() { c } else { 'x' }).collect();
        let is_host = !plain.contains('@') && format!("http://{plain}/").parse::<Uri>().is_ok();
        let has_name = plain.bytes().any(|byte| byte.is_ascii_alphanumeric());
        if is_web && is_host && has_name && !text.contains(|c: char| c.is_whitespace() || "\"<>\\".contains(c)) {
            Ok(Self(text.into()))
        } else {
            Err(expected())
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

scalar!(Website, "website", {
    MetaSchema { min_length: Some(1), max_length: Some(Website::MAX), ..MetaSchema::new_with_format("string", "uri") }
});
column!(Website, &str, |text| Self(text.into()), |own| own.as_str());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_website_is_a_page() {
        for good in [
            "https://example.com",
            "HTTP://example.com:8080/a%20b?c=d#e",
            "http://127.0.0.1:1/x",
            "https://müller.example/über",
            "http://[::1]/",
        ] {
            assert_eq!(Website::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "example.com",
            "javascript://example.com/%0aalert(1)",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://user:pass@example.com",
            "https://a b.example",
            "https://example.com/\"><script>",
            "ftp://example.com",
            "https://exa\nmple.com",
        ] {
            assert!(Website::parse(bad).is_err(), "{bad}");
        }
        assert!(Website::parse(&format!("https://example.com/{}", "x".repeat(500))).is_err());
    }
}
