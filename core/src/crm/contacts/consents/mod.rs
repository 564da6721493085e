//! What a contact has said about notices. It stands where notices ask for it (`notify::consents`), by the address, so that there is
//! no second truth beside it: an unsubscribe link, the list of consents and this are the same rows.

mod api;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::ContactConsentsApi;

use super::Contact;
use crate::notify::consents::Consent;
use crate::notify::{Channel, Destination, Purpose};
use crate::value::{Moment, Phone, Text};

/// What a contact has said about notices of a purpose to one of their addresses or numbers, and what follows from it.
#[derive(Debug, Serialize, Object)]
pub struct ContactConsent {
    /// How notices get there.
    pub channel: Channel,
    /// Why they are sent.
    pub purpose: Purpose,
    /// Where they go.
    pub address: Destination,
    /// Whether they may be sent: advertising only with consent, what is under way unless it was refused. An address that letters
    /// come back from gets none for a while, whatever was said.
    pub allowed: bool,
    /// What was said; null where nothing was.
    pub given: Option<bool>,
    /// Where it is known from, such as a form.
    pub source: Option<Text<200>>,
    /// Since when it is so.
    #[serde(with = "time::serde::rfc3339::option")]
    pub at: Option<OffsetDateTime>,
}

/// All of it, for each address and number that the contact has now.
#[derive(Debug, Serialize, Object)]
pub struct ContactConsents {
    /// E-mail addresses first, in their order; of each advertising first.
    pub items: Vec<ContactConsent>,
}

/// What a contact says.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewContactConsent {
    /// Whether notices may be sent.
    given: bool,
    /// Where it is known from, such as a form.
    source: Text<200>,
    /// When it was said; now where it is left out. Not in the future.
    at: Option<Moment>,
}

/// What consent can be about, as consents are listed.
const PURPOSES: [Purpose; 2] = [Purpose::Marketing, Purpose::Transactional];

impl ContactConsents {
    fn new(contact: &Contact, said: Vec<Consent>) -> Self {
        let addresses = [Channel::Email, Channel::Sms].into_iter().flat_map(|channel| contact.destinations(channel));
        let items = addresses.flat_map(|address| {
            PURPOSES.map(|purpose| {
                let said = said.iter().find(|consent| consent.address == address && consent.purpose == purpose);
                let given = said.map(|consent| consent.granted);
                ContactConsent {
                    channel: address.channel(),
                    purpose,
                    allowed: purpose.allows(given),
                    address: address.clone(),
                    given,
                    source: said.map(|consent| consent.source.clone()),
                    at: said.map(|consent| consent.changed_at),
                }
            })
        });
        Self { items: items.collect() }
    }
}

impl Contact {
    /// Where notices of a channel reach the person: each address and number once, the first to use first. One from before numbers
    /// were checked is none.
    pub fn destinations(&self, channel: Channel) -> Vec<Destination> {
        let mut found: Vec<Destination> = match channel {
            Channel::Email => {
                let further = self.emails.iter().map(|further| &further.email);
                self.email.iter().chain(further).map(Destination::from).collect()
            }
            Channel::Sms => {
                let numbers = self.phone.iter().chain(self.phones.iter().map(|further| &further.phone));
                numbers.filter_map(|phone| Phone::parse(phone.as_str()).ok()).map(|phone| (&phone).into()).collect()
            }
        };
        let mut seen: Vec<String> = Vec::new();
        found.retain(|address| {
            let is_new = !seen.iter().any(|known| known == address.as_str());
            seen.push(address.as_str().to_owned());
            is_new
        });
        found
    }
}
