//! E-mail addresses.

use compact_str::CompactString;
use poem_openapi::registry::MetaSchema;
use serde::Serialize;

use super::Text;
use crate::{column, scalar};

/// An e-mail address: one `@`, something before it, a domain behind it, at most 254 characters, kept as written.
///
/// Whether it exists only a message can tell, so nothing more is checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Email(CompactString);

impl Email {
    /// Checks and normalises.
    ///
    /// # Errors
    /// What is wrong, in words for the client.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = Text::<254>::parse(text)?;
        let text = text.as_str();
        let plausible = text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
        });
        if !plausible || text.contains(char::is_whitespace) {
            return Err("expected an e-mail address such as ada@example.com".to_owned());
        }
        // Lower case can be longer, and that form must fit too.
        Text::<254>::parse(&text.to_lowercase())?;
        Ok(Self(text.into()))
    }

    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which people are told apart.
    pub fn canonical(&self) -> String {
        self.0.as_str().to_lowercase()
    }
}

scalar!(Email, "email", {
    MetaSchema { min_length: Some(3), max_length: Some(254), ..MetaSchema::new_with_format("string", "email") }
});
column!(Email, &str, |text| Self(text.into()), |own| own.as_str());

#[cfg(test)]
mod tests {
    use super::*;

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
