//! Roles that an organization makes itself: a name and a set of permissions, never more than their maker's.
//!
//! - this file: the record, what a client may send, and the rules of granting;
//! - `api.rs`: the operations; `store.rs`: the SQL; `explain.rs` and `reach.rs`: why something is allowed
//!   or not.

mod api;
mod explain;
mod grant;
mod reach;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::RolesApi;
pub use explain::AuthzApi;
pub(super) use grant::{above_own, grantable};

use crate::http::{Change, Versioned};
use crate::permission::{HeldRole, RecordScope, RoleKey};
use crate::value::Text;
use crate::{record_id, row, sorts};

record_id! {
    /// The id of an organization's own role.
    RoleId
}

/// A role of the organization's own making. Elsewhere it is named `custom:` and its id.
#[derive(Debug, Serialize, Object)]
pub struct CustomRole {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: Text<100>,
    /// What it allows, as `GET /permissions` names it.
    pub permissions: Vec<String>,
    /// Which records it is for, where records have owners: one's own, also those of one's teams, or all.
    pub scope: RecordScope,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}
row!(CustomRole { id, name, permissions, scope, created_at, updated_at, version });

impl Versioned for CustomRole {
    fn version(&self) -> i64 {
        self.version
    }
}

impl CustomRole {
    /// The role as a member holds it.
    fn held(&self) -> HeldRole {
        let key = RoleKey::Custom { id: self.id.as_uuid(), version: self.version };
        HeldRole { key, permissions: self.permissions.clone(), scope: self.scope }
    }
}

/// A role to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// Its name, which no other role of the organization has.
    name: Text<100>,
    /// What it allows: up to 100 of `GET /permissions`, none that the caller lacks.
    permissions: Vec<Text<100>>,
    /// Which records it is for, where records have owners; not more than the caller's own. All where it is left out.
    scope: Option<RecordScope>,
}

/// What to change in a role. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct RolePatch {
    /// Its name, which no other role of the organization has.
    name: Change<Text<100>>,
    /// What it allows: up to 100 of `GET /permissions`, none that the caller lacks.
    permissions: Change<Vec<Text<100>>>,
    /// Which records it is for, where records have owners; not more than the caller's own.
    scope: Change<RecordScope>,
}

sorts! {
    /// How roles can be sorted.
    pub enum RoleSort of CustomRole {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |role| role.created_at,
    }
}
