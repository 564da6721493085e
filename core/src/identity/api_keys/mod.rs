//! API keys: how programs of an organization call the API.
//!
//! A key is a session of the kind `key`. It has scopes, which are names of permissions; it may do what both its scopes and
//! the role of its creator allow, and it ends with the creator's membership.

mod api;
mod guard;
mod secret;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub(super) use api::ApiKeysApi;
pub(crate) use guard::KeyGuard;
pub(crate) use secret::PREFIX;

use crate::events::{RulesWrite, WebhooksWrite};
use crate::http::{ApiError, ApiResult, Caller};
use crate::permission::{Permission as _, PermissionInfo};
use crate::value::Text;
use crate::{record_id, row, sorts};

record_id! {
    /// The id of an API key.
    ApiKeyId
}

/// An API key, without its secret.
#[derive(Debug, Serialize, Object)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: Text<100>,
    /// The permissions that it has, as far as its creator still has them.
    pub scopes: Vec<String>,
    /// How it ends, to tell it from others.
    pub hint: String,
    /// The person who made it; without this person's membership it is worth nothing.
    pub created_by: Uuid,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it ends; null where it does not end by itself.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last used, give or take half a minute; null where it never was.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_used_at: Option<OffsetDateTime>,
}

row!(ApiKey { id, name, scopes, hint, created_by, created_at, expires_at, last_used_at });

/// A new API key. This is the only answer that shows it.
#[derive(Debug, Serialize, Object)]
pub struct MadeApiKey {
    /// The key: send it as `Authorization: Bearer tnk_…`.
    pub key: String,
    /// What the list shows of it.
    #[serde(flatten)]
    #[oai(flatten)]
    pub shown: ApiKey,
}

/// An API key to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for.
    name: Text<100>,
    /// Names of permissions, such as `contacts.read`: 1 to 100, none that its creator lacks.
    #[oai(validator(min_items = 1, max_items = 100))]
    scopes: Vec<Text<100>>,
    /// When it ends, at most ten years ahead; it does not end by itself where this is left out.
    #[serde(default, with = "time::serde::rfc3339::option")]
    expires_at: Option<OffsetDateTime>,
}

const LONGEST: Duration = Duration::days(3653);

impl NewApiKey {
    /// Checks it against what the caller may do.
    fn checked(self, caller: &Caller) -> ApiResult<Checked> {
        if self.scopes.is_empty() || self.scopes.len() > 100 {
            return Err(ApiError::invalid().at("/scopes", "1 to 100 names of permissions"));
        }
        let now = OffsetDateTime::now_utc();
        if self.expires_at.is_some_and(|time| time <= now || time > now + LONGEST) {
            return Err(ApiError::invalid().at("/expires_at", "a time to come, at most ten years ahead"));
        }
        let mut scopes = Vec::with_capacity(self.scopes.len());
        for (n, name) in self.scopes.iter().enumerate() {
            let mut known = caller.modules().iter().flat_map(|module| module.permissions);
            let permission = known.find(|permission| permission.name == name.as_str() && is_scope(permission));
            let permission = permission.ok_or_else(|| {
                ApiError::invalid().at(format!("/scopes/{n}"), "no permission of this name can be given to a key")
            })?;
            if !caller.allows(permission) {
                return Err(ApiError::forbidden(permission));
            }
            if !scopes.contains(&permission.name) {
                scopes.push(permission.name);
            }
        }
        Ok(Checked { name: self.name, scopes, expires_at: self.expires_at })
    }
}

/// What decides who may do what. It is for people: whoever finds a key must not be able to make more of it.
const FOR_PEOPLE: [&str; 9] = [
    super::ApiKeysWrite::INFO.name,
    super::InvitationsWrite::INFO.name,
    super::MembersWrite::INFO.name,
    super::OrganizationWrite::INFO.name,
    super::RolesWrite::INFO.name,
    super::SupportWrite::INFO.name,
    super::TeamsWrite::INFO.name,
    // An endpoint outlives the key.
    WebhooksWrite::INFO.name,
    // And so does a rule.
    RulesWrite::INFO.name,
];

/// Whether an API key may have it. What only owners may do it may not either.
pub(crate) fn is_scope(permission: &PermissionInfo) -> bool {
    permission.is_grantable() && !FOR_PEOPLE.contains(&permission.name)
}

/// A key to make that its creator may make.
struct Checked {
    name: Text<100>,
    scopes: Vec<&'static str>,
    expires_at: Option<OffsetDateTime>,
}

sorts! {
    /// How API keys can be sorted.
    pub enum ApiKeySort of ApiKey {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |key| key.created_at,
    }
}
