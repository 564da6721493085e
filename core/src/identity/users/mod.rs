//! People: what a person says of themselves, and what a person may do with the account.
//!
//! - this file: the record and what a client may send;
//! - `api.rs`: the operations; `secrets.rs`: those that ask for the password again;
//! - `export.rs`: everything that the platform keeps of a person;
//! - `store.rs`: the SQL.

mod api;
mod export;
mod secrets;
mod store;
mod traces;

use poem_openapi::Object;
use poem_openapi::registry::MetaSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) use api::UsersApi;
pub(super) use secrets::SecretsApi;
pub(super) use store::is_fresh;

use super::organization::OrganizationId;
use crate::http::{Change, Versioned, replace};
use crate::permission::{RoleKey, RoleRef};
use crate::value::{Email, Text};
use crate::{column, row, scalar, sorts};

/// The person who is signed in.
#[derive(Debug, Serialize, Object)]
pub struct Me {
    /// Its id.
    pub id: Uuid,
    /// The address for signing in.
    pub email: String,
    /// Whether a letter to that address was answered.
    pub email_verified: bool,
    /// How the person wants to be called.
    pub name: Text<200>,
    /// The language that the person reads, such as `en` or `de-AT`.
    pub locale: Locale,
    /// Where the person's clock stands, such as `Europe/Vienna`.
    pub time_zone: TimeZone,
    /// When the account was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}
row!(Me {
    id,
    email,
    email_verified = "email_verified_at IS NOT NULL",
    name,
    locale,
    time_zone,
    created_at,
    version
});

impl Versioned for Me {
    fn version(&self) -> i64 {
        self.version
    }
}

/// What to change. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct MePatch {
    /// How the person wants to be called.
    name: Change<Text<200>>,
    /// The language that the person reads.
    locale: Change<Locale>,
    /// Where the person's clock stands.
    time_zone: Change<TimeZone>,
}

impl MePatch {
    fn apply(self, me: &mut Me) {
        replace(&mut me.name, self.name);
        replace(&mut me.locale, self.locale);
        replace(&mut me.time_zone, self.time_zone);
    }
}

/// A new address for signing in.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewEmail {
    /// The new address.
    email: Email,
    /// The password, once more.
    password: Text<1024>,
}

/// An organization that a person belongs to.
#[derive(Debug, Serialize, Object)]
pub struct Belonging {
    /// Its id.
    pub id: OrganizationId,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// `active`, `suspended` or `deleting`.
    pub status: String,
    /// What the person may do in it: `viewer`, `member`, `admin`, `owner`, or `custom:` and the id of a role.
    pub role: RoleRef,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub joined_at: OffsetDateTime,
}

/// The same as it is stored: a role has its version there.
pub struct StoredBelonging {
    id: OrganizationId,
    slug: String,
    name: String,
    status: String,
    role: RoleKey,
    joined_at: OffsetDateTime,
}
row!(StoredBelonging { id, slug, name, status, role, joined_at });

impl From<StoredBelonging> for Belonging {
    fn from(stored: StoredBelonging) -> Self {
        let StoredBelonging { id, slug, name, status, role, joined_at } = stored;
        Self { id, slug, name, status, role: role.role(), joined_at }
    }
}

sorts! {
    /// How a person's organizations can be sorted.
    pub enum BelongingSort of StoredBelonging {
        JoinedAt | JoinedAtDesc: "joined_at" | "-joined_at" = timestamptz joined_at => |home| home.joined_at,
    }
}

/// A language, as BCP 47 names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
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
}

scalar!(Locale, "locale", {
    MetaSchema { max_length: Some(35), pattern: Some(LOCALE.to_owned()), ..MetaSchema::new("string") }
});
column!(Locale, String, |text| Self(text), |own| own.0);
const LOCALE: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$";

/// A time zone, as the IANA names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct TimeZone(String);

impl TimeZone {
    /// Checks the form; whether there is such a zone is for whoever shows times to know.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-' | b'/');
        if text.len() <= 64 && text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(is_name) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected a time zone such as Europe/Vienna or UTC".to_owned())
        }
    }
}

scalar!(TimeZone, "time_zone", {
    MetaSchema { max_length: Some(64), pattern: Some(ZONE.to_owned()), ..MetaSchema::new("string") }
});
column!(TimeZone, String, |text| Self(text), |own| own.0);
const ZONE: &str = "^[A-Za-z][A-Za-z0-9_+/-]*$";
