//! Contacts: people whom the organization knows. The pattern of every resource.
//!
//! - this file: the record, what a client may send, what a list is asked for by;
//! - `api.rs`: the operations;
//! - `store.rs`: the SQL;
//! - `consents/`: what a contact has said about notices; `duplicates/`: which contacts may be the same person;
//! - `migrations/tenant/V1__contacts.sql` and later ones: the table, with every rule once more;
//! - `tests/it/contacts/`: a file for each verb.

mod api;
mod consents;
mod duplicates;
pub(super) mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::ContactsApi;
pub use consents::ContactConsentsApi;
pub use duplicates::DuplicatesApi;

use super::ContactsRead;
use super::companies::CompanyId;
use super::parts::{Addresses, Emails, Phones};
use crate::custom::{Custom, CustomChange};
use crate::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use crate::identity::UserId;
use crate::value::{Email, Label, Moment, Phone, Prose, Tags, Text};
use crate::{bulk, criteria, owned_row, record_id, searchable};

record_id! {
    /// The id of a contact.
    ContactId
}

/// A person whom the organization knows.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// The given name.
    pub first_name: Option<Text<100>>,
    /// The family name.
    pub last_name: Option<Text<100>>,
    /// The address for e-mail, the first to use.
    pub email: Option<Email>,
    /// The telephone number, the first to use: `+`, country and number (E.164). One from before numbers were checked stands as it
    /// was written then, until it is changed.
    pub phone: Option<Phone>,
    /// Further addresses for e-mail.
    pub emails: Emails,
    /// Further telephone numbers.
    pub phones: Phones,
    /// Where the person is to be found.
    pub addresses: Addresses,
    /// Words to find the person by.
    pub tags: Tags,
    /// The company that the person works for, as it was written. See `primary_company_id` for one that the organization knows.
    pub company: Option<Text<200>>,
    /// The company to name first, of those that the person works for; changed by `PUT /contacts/{id}/companies/{company_id}`.
    pub primary_company_id: Option<CompanyId>,
    /// Anything worth remembering.
    pub notes: Option<Prose<10_000>>,
    /// Values of the organization's own fields, by their keys; see `GET /custom-fields`.
    pub custom: Custom,
    /// The person whose contact it is: who made it, or whom it was given to since. Null where an operator made it, or where
    /// it is from before contacts had owners. Who leaves the organization stays the owner until it is given to another.
    pub owner_id: Option<UserId>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// Family and given name, by which lists are sorted.
    pub display_name: String,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

owned_row!(Contact in "contacts" {
    id,
    first_name,
    last_name,
    email,
    phone,
    emails,
    phones,
    addresses,
    tags,
    company,
    primary_company_id,
    notes,
    custom = "custom - ARRAY(SELECT g.key FROM custom_fields_gone g WHERE g.resource = 'contacts')",
    owner_id,
    created_at,
    updated_at,
    display_name,
    version
});

searchable!(Contact in "contacts", title: "display_name", subtitle: "coalesce(email, company)", read: ContactsRead);

impl Versioned for Contact {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A contact to make. At least one of the names is needed.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// The given name.
    first_name: Option<Text<100>>,
    /// The family name.
    last_name: Option<Text<100>>,
    /// The address for e-mail.
    email: Option<Email>,
    /// The telephone number with its country.
    phone: Option<Phone>,
    /// Further addresses for e-mail; up to 20.
    #[serde(default)]
    #[oai(default)]
    emails: Emails,
    /// Further telephone numbers; up to 20.
    #[serde(default)]
    #[oai(default)]
    phones: Phones,
    /// Where the person is to be found; up to 20 addresses.
    #[serde(default)]
    #[oai(default)]
    addresses: Addresses,
    /// Words to find the person by; up to 50.
    #[serde(default)]
    #[oai(default)]
    tags: Tags,
    /// The company that the person works for, in words.
    company: Option<Text<200>>,
    /// Anything worth remembering.
    notes: Option<Prose<10_000>>,
    /// Values for the organization's own fields, by their keys.
    #[serde(default)]
    #[oai(default)]
    custom: CustomChange,
}

impl NewContact {
    fn checked(self) -> ApiResult<Self> {
        named(&self.first_name, &self.last_name)?;
        Ok(self)
    }
}

/// What to change in a contact. A field that is left out stays; null clears it, where it may be empty. A list replaces the one that
/// was there.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ContactPatch {
    /// The given name.
    first_name: MaybeUndefined<Text<100>>,
    /// The family name.
    last_name: MaybeUndefined<Text<100>>,
    /// The address for e-mail.
    email: MaybeUndefined<Email>,
    /// The telephone number with its country.
    phone: MaybeUndefined<Phone>,
    /// Further addresses for e-mail.
    emails: Change<Emails>,
    /// Further telephone numbers.
    phones: Change<Phones>,
    /// Where the person is to be found.
    addresses: Change<Addresses>,
    /// Words to find the person by.
    tags: Change<Tags>,
    /// The company that the person works for, in words.
    company: MaybeUndefined<Text<200>>,
    /// Anything worth remembering.
    notes: MaybeUndefined<Prose<10_000>>,
    /// Values for the organization's own fields, by their keys: those that are not named stay, null takes a value away.
    custom: Change<CustomChange>,
}

impl ContactPatch {
    /// Applies it but for the organization's own fields.
    fn apply(self, contact: &mut Contact) -> ApiResult<CustomChange> {
        patch(&mut contact.first_name, self.first_name);
        patch(&mut contact.last_name, self.last_name);
        patch(&mut contact.email, self.email);
        patch(&mut contact.phone, self.phone);
        replace(&mut contact.emails, self.emails);
        replace(&mut contact.phones, self.phones);
        replace(&mut contact.addresses, self.addresses);
        replace(&mut contact.tags, self.tags);
        patch(&mut contact.company, self.company);
        patch(&mut contact.notes, self.notes);
        named(&contact.first_name, &contact.last_name)?;
        Ok(self.custom.given().unwrap_or_default())
    }
}

fn named(first: &Option<Text<100>>, last: &Option<Text<100>>) -> ApiResult<()> {
    if first.is_none() && last.is_none() {
        return Err(ApiError::invalid().at("/last_name", "a contact needs a first or a last name"));
    }
    Ok(())
}

criteria! {
    /// What contacts are listed by.
    pub struct ContactFields of Contact in "contacts" by "-created_at",
        q "search_text" of "names, e-mail addresses, company and telephone numbers", custom
    {
        /// The address for e-mail that is the first to use, in any case.
        email: Email => folded [eq in null];
        /// The company that the person works for, in words and in any case.
        company: Text<200> => folded [eq in null];
        /// The company to name first.
        primary_company_id: CompanyId => [eq in null];
        /// Its tags.
        tags: Label => [has];
        /// Whose contact it is.
        owner_id: UserId => [eq in null];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |contact| contact.created_at;
        /// When it was last changed.
        updated_at: Moment => [gt gte lt lte], sort timestamptz |contact| contact.updated_at;
        /// Family and given name.
        display_name: Text<201> => [], sort folded |contact| contact.display_name;
    }
}

bulk! {
    Contact by NewContact, ContactPatch:
        first_name, last_name, email, phone, emails, phones, addresses, tags, company, notes;
    new |new| new.checked();
    change |contact, patch| patch.apply(contact);
    own custom of Contacts;
}
