//! Contacts: people whom the organization knows. The pattern of every resource.
//!
//! - this file: the record, what a client may send, how a list is sorted;
//! - `api.rs`: the operations;
//! - `store.rs`: the SQL;
//! - `migrations/tenant/V1__contacts.sql`: the table, with every rule once more;
//! - `tests/it/contacts/`: a file for each verb.

mod api;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::ContactsApi;

use crate::http::{ApiError, ApiResult, Versioned, patch};
use crate::identity::UserId;
use crate::value::{Email, Prose, Text};
use crate::{owned_row, record_id, sorts};

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
    /// The address for e-mail.
    pub email: Option<Email>,
    /// The telephone number, as it was written.
    pub phone: Option<Text<50>>,
    /// The company that the person works for.
    pub company: Option<Text<200>>,
    /// Anything worth remembering.
    pub notes: Option<Prose<10_000>>,
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
    company,
    notes,
    owner_id,
    created_at,
    updated_at,
    display_name,
    version
});

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
    /// The telephone number.
    phone: Option<Text<50>>,
    /// The company that the person works for.
    company: Option<Text<200>>,
    /// Anything worth remembering.
    notes: Option<Prose<10_000>>,
}

impl NewContact {
    fn checked(self) -> ApiResult<Self> {
        named(&self.first_name, &self.last_name)?;
        Ok(self)
    }
}

/// What to change in a contact. A field that is left out stays; null clears it.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ContactPatch {
    /// The given name.
    first_name: MaybeUndefined<Text<100>>,
    /// The family name.
    last_name: MaybeUndefined<Text<100>>,
    /// The address for e-mail.
    email: MaybeUndefined<Email>,
    /// The telephone number.
    phone: MaybeUndefined<Text<50>>,
    /// The company that the person works for.
    company: MaybeUndefined<Text<200>>,
    /// Anything worth remembering.
    notes: MaybeUndefined<Prose<10_000>>,
}

/// Whose a contact is from now on.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// A member of the organization.
    user_id: UserId,
}

impl ContactPatch {
    fn apply(self, contact: &mut Contact) -> ApiResult<()> {
        patch(&mut contact.first_name, self.first_name);
        patch(&mut contact.last_name, self.last_name);
        patch(&mut contact.email, self.email);
        patch(&mut contact.phone, self.phone);
        patch(&mut contact.company, self.company);
        patch(&mut contact.notes, self.notes);
        named(&contact.first_name, &contact.last_name)
    }
}

fn named(first: &Option<Text<100>>, last: &Option<Text<100>>) -> ApiResult<()> {
    if first.is_none() && last.is_none() {
        return Err(ApiError::invalid().at("/last_name", "a contact needs a first or a last name"));
    }
    Ok(())
}

sorts! {
    /// How contacts can be sorted.
    pub enum ContactSort of Contact {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |contact| contact.created_at,
        UpdatedAt | UpdatedAtDesc: "updated_at" | "-updated_at" = timestamptz updated_at => |contact| contact.updated_at,
        DisplayName | DisplayNameDesc: "display_name" | "-display_name" = text display_name => |contact| contact.display_name,
    }
}
