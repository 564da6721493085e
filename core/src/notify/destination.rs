//! To whom a notice goes: an e-mail address or a telephone number, each in one spelling.

use compact_str::CompactString;
use poem_openapi::registry::MetaSchema;
use serde::Serialize;

use super::kind::Channel;
use crate::value::{Email, Phone};
use crate::{column, scalar};

/// An e-mail address in lower case, or a telephone number as `+` and digits. Which of both it is decides the channel.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Destination(CompactString);

impl Destination {
    /// Checks and normalises.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.contains('@') {
            return Email::parse(text).map(|email| Self::from(&email));
        }
        let expected = "expected an e-mail address, or a telephone number with its country such as +43 1 58858";
        Phone::parse(text).map(|phone| Self::from(&phone)).map_err(|_| expected.to_owned())
    }

    /// One that the platform has stored, and checked by the rules of its time.
    pub(crate) fn stored(text: String) -> Self {
        Self(text.into())
    }

    /// In its one spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How a notice gets there.
    pub fn channel(&self) -> Channel {
        if self.0.starts_with('+') && !self.0.contains('@') { Channel::Sms } else { Channel::Email }
    }
}

impl From<&Email> for Destination {
    fn from(email: &Email) -> Self {
        Self(email.canonical().into())
    }
}

impl From<&Phone> for Destination {
    fn from(phone: &Phone) -> Self {
        Self(phone.as_str().into())
    }
}

/// It names a person.
impl std::fmt::Debug for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Destination(…)")
    }
}

scalar!(Destination, "destination", {
    MetaSchema { min_length: Some(3), max_length: Some(254), ..MetaSchema::new_with_format("string", "email-or-phone") }
});
column!(Destination, &str, |text| Self(text.into()), |own| own.as_str());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_or_the_other_in_one_spelling() {
        for (text, spelled, channel) in [
            ("Ada@Example.com", "ada@example.com", Channel::Email),
            ("+43 1 5885801", "+4315885801", Channel::Sms),
            ("+43@example.com", "+43@example.com", Channel::Email),
        ] {
            let read = Destination::parse(text).unwrap();
            assert_eq!((read.as_str(), read.channel()), (spelled, channel));
        }
        assert!(Destination::parse("ada").is_err() && Destination::parse("+43").is_err());
    }
}
