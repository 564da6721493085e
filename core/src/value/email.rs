//! E-mail addresses.

use compact_str::CompactString;
use lettre::Address;
use lettre::message::Mailbox;
use poem_openapi::registry::MetaSchema;
use serde::Serialize;

use super::Text;
use crate::{column, scalar};

/// An e-mail address that a letter can be sent to, at most 254 characters, kept as written: up to 64 bytes before one
/// `@` and a domain behind it.
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
        // Lower case can be longer, and letters go to that form: it must fit too.
        let lower = text.to_lowercase();
        if !plausible || text.contains(char::is_whitespace) || !is_deliverable(text) || !is_deliverable(&lower) {
            return Err("expected an e-mail address such as ada@example.com".to_owned());
        }
        Text::<254>::parse(&lower)?;
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

/// Whether the mail worker can send to it: as an address, and as what is read back from a letter's header.
fn is_deliverable(text: &str) -> bool {
    let Ok(address) = text.parse::<Address>() else { return false };
    text.parse::<Mailbox>().is_ok_and(|read| read.name.is_none() && read.email == address)
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
        let label = "b".repeat(61);
        let domain = format!("{label}.{label}.{label}.cd");
        assert_eq!(domain.len() + 65, 253);
        assert!(Email::parse(&format!("{}@{domain}", "a".repeat(64))).is_ok());
        assert!(Email::parse(&format!("{}@{domain}", "a".repeat(65))).is_err());
        assert!(Email::parse(&format!("{}@x.y", "\u{130}".repeat(32))).is_err());
        for bad in ["ada", "@x", "ada@", "ada@.x", "a@b@c", "a b@c", "a@b\n"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_email_is_one_that_letters_go_to() {
        for bad in [
            "a,b@example.com",
            "x@example.com>",
            "a@[127.0.0.1]",
            "<a@example.com>",
            "a@example.com,b@example.com",
            "a..b@example.com",
            ".a@example.com",
            "a@-example.com",
            "a\u{202e}b@example.com",
            "\"a,b\"@example.com",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        for good in
            ["ada@localhost", "o'brien+tag@example.co.uk", "zoë@müller.example", "a_b-c.d@xn--mller-kva.example"]
        {
            assert_eq!(Email::parse(good).unwrap().as_str(), good);
        }
    }
}
