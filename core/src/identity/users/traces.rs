//! What a person's export has beside the account: the second factor, API keys, invitations, what the audit says.

use std::net::IpAddr;

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::permission::RoleRef;
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, select, statement};

/// A second factor, without its secret.
#[derive(Debug, Serialize, Object)]
pub struct ExportedSecondFactor {
    /// When it was begun to be set up.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Since when signing in asks for it.
    #[serde(with = "time::serde::rfc3339::option")]
    pub enabled_at: Option<OffsetDateTime>,
}
row!(ExportedSecondFactor { created_at, enabled_at = "confirmed_at" });

/// An API key, without its secret.
#[derive(Debug, Serialize, Object)]
pub struct ExportedKey {
    /// Its id.
    pub id: Uuid,
    /// The organization that it is for.
    pub organization_id: Uuid,
    /// What it is for.
    pub name: String,
    /// The permissions that it was given.
    pub scopes: Vec<String>,
    /// How it ends, to tell it from others.
    pub hint: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it ends by itself.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last used.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_used_at: Option<OffsetDateTime>,
}
row!(ExportedKey { id, organization_id, name, scopes, hint, created_at, expires_at, last_used_at });

/// An invitation, as far as it is about the person.
#[derive(Debug, Serialize, Object)]
pub struct ExportedInvitation {
    /// Its id.
    pub id: Uuid,
    /// The organization that it is into.
    pub organization_id: Uuid,
    /// The role that it gives.
    pub role: RoleRef,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Until when it can be accepted.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// When it was accepted.
    #[serde(with = "time::serde::rfc3339::option")]
    pub accepted_at: Option<OffsetDateTime>,
    /// When it was taken back.
    #[serde(with = "time::serde::rfc3339::option")]
    pub revoked_at: Option<OffsetDateTime>,
}
row!(ExportedInvitation { id, organization_id = "tenant_id", role, created_at, expires_at, accepted_at, revoked_at });

/// A line of the audit that names the person.
#[derive(Debug, Serialize, Object)]
pub struct ExportedAct {
    /// When it was.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What was done, such as `support.consented`.
    pub action: String,
    /// The organization that it was about.
    pub organization_id: Option<Uuid>,
    /// The network address that it came from.
    pub address: Option<String>,
}

/// The same as it is stored.
pub(super) struct StoredAct {
    at: OffsetDateTime,
    action: String,
    tenant: Option<Uuid>,
    address: Option<IpAddr>,
}
row!(StoredAct { at, action, tenant, address });

impl From<StoredAct> for ExportedAct {
    fn from(stored: StoredAct) -> Self {
        let StoredAct { at, action, tenant, address } = stored;
        Self { at, action, organization_id: tenant, address: address.map(|address| address.to_string()) }
    }
}

pub(super) fn second_factor(user: Uuid) -> Statement<Option<ExportedSecondFactor>> {
    select::<ExportedSecondFactor>(sql!("FROM second_factors WHERE user_id = $1")).bind(user).optional()
}

pub(super) fn keys(user: Uuid) -> Statement<Vec<ExportedKey>> {
    statement(sql!(
        "SELECT k.id, k.tenant_id, k.name, k.scopes, k.hint, k.created_at, k.expires_at, k.last_used_at ",
        "FROM api_keys k JOIN sessions s ON s.id = k.id WHERE s.user_id = $1 ORDER BY k.created_at DESC, k.id LIMIT 10000"
    ))
    .bind(user)
    .many()
}

/// Only to an address that is proved: another one may be anybody's.
pub(super) fn invitations_received(user: Uuid) -> Statement<Vec<ExportedInvitation>> {
    select::<ExportedInvitation>(sql!(
        "FROM invitations WHERE email = (SELECT email FROM users WHERE id = $1 AND email_verified_at IS NOT NULL) ",
        "ORDER BY created_at DESC, id LIMIT 10000"
    ))
    .bind(user)
    .many()
}

pub(super) fn invitations_sent(user: Uuid) -> Statement<Vec<ExportedInvitation>> {
    select::<ExportedInvitation>(sql!("FROM invitations WHERE sender = $1 ORDER BY created_at DESC, id LIMIT 10000"))
        .bind(user)
        .many()
}

pub(super) fn acts(user: Uuid) -> Statement<Vec<StoredAct>> {
    select::<StoredAct>(sql!("FROM audit_entries WHERE user_id = $1 ORDER BY at DESC, id LIMIT 10000"))
        .bind(user)
        .many()
}
