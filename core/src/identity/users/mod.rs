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
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) use api::UsersApi;
pub(super) use secrets::SecretsApi;
pub(crate) use store::is_fresh;

use super::organization::OrganizationId;
use crate::http::{Change, Versioned, replace};
use crate::permission::{RoleKey, RoleRef};
use crate::value::{Email, Locale, Text, TimeZone};
use crate::{row, sorts};

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
