//! Members: who belongs to an organization, in which role, and who owns it.
//!
//! - this file: the record and what a client may send;
//! - `api.rs`: the operations; `store.rs`: the SQL.
//!
//! That there is always an owner is kept by the database (`keep_an_owner` in `migrations/platform`), whoever takes one
//! away. That nobody gives more than they have is `HeldRole::covers`.

mod api;
pub(super) mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::MembersApi;

use crate::http::Versioned;
use crate::permission::RoleRef;
use crate::{record_id, row, sorts};

record_id! {
    /// The id of a person.
    UserId
}

/// A member of the organization.
#[derive(Debug, Serialize, Object)]
pub struct Member {
    /// The person's id.
    #[oai(rename = "user_id")]
    #[serde(rename = "user_id")]
    pub id: UserId,
    /// How the person wants to be called.
    pub name: String,
    /// The address for signing in.
    pub email: String,
    /// `viewer`, `member`, `admin`, `owner`, or `custom:` and the id of a role.
    pub role: RoleRef,
    /// When the person joined.
    #[oai(rename = "joined_at")]
    #[serde(rename = "joined_at", with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}
row!(Member { id, name, email, role, created_at, version });

impl Versioned for Member {
    fn version(&self) -> i64 {
        self.version
    }
}

/// What to change in a membership.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    /// `viewer`, `member`, `admin`, `owner`, or `custom:` and the id of a role; nothing above the own role.
    role: RoleRef,
}

/// Who owns the organization from now on.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// A member.
    user_id: UserId,
}

sorts! {
    /// How members can be sorted.
    pub enum MemberSort of Member {
        JoinedAt | JoinedAtDesc: "joined_at" | "-joined_at" = timestamptz created_at => |member| member.created_at,
        Name | NameDesc: "name" | "-name" = text name => |member| member.name,
    }
}
