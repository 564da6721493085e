//! Everything that the platform keeps of a person, for that person.

use std::net::IpAddr;

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::traces::{self, ExportedAct, ExportedInvitation, ExportedKey, ExportedSecondFactor};
use super::{Belonging, Me, StoredBelonging, store};
use crate::http::{ApiError, ApiResult};
use crate::platform::PlatformTx;
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, select, statement};

/// What is kept of a person. Passwords, tokens and seeds are kept in forms that are of no use to anybody, and left out.
#[derive(Debug, Serialize, Object)]
pub struct Export {
    /// The account.
    pub account: Me,
    /// The organizations that the person belongs to.
    pub organizations: Vec<Belonging>,
    /// Sessions and API keys, also those that have ended, as long as they are kept.
    pub sessions: Vec<ExportedSession>,
    /// Letters that were sent and not answered yet.
    pub open_letters: Vec<ExportedLetter>,
    /// The second factor, where there is one.
    pub second_factor: Option<ExportedSecondFactor>,
    /// API keys that the person made.
    pub api_keys: Vec<ExportedKey>,
    /// Invitations to the person's address, where it is proved to be theirs.
    pub invitations_received: Vec<ExportedInvitation>,
    /// Invitations that the person sent. To whom, is about somebody else and left out.
    pub invitations_sent: Vec<ExportedInvitation>,
    /// What the audit says of the person, the latest 10,000 lines.
    pub acts: Vec<ExportedAct>,
}

/// A session as it is kept.
#[derive(Debug, Serialize, Object)]
pub struct ExportedSession {
    /// Its id.
    pub id: Uuid,
    /// `person`, `key` or `support`.
    pub kind: String,
    /// The organization that it is for.
    pub organization_id: Option<Uuid>,
    /// What the program that signed in called itself.
    pub device: Option<String>,
    /// The network address that it was last used from.
    pub address: Option<String>,
    /// When it started.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it ends by itself.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// When it was ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
}

struct StoredSession {
    id: Uuid,
    kind: String,
    tenant_id: Option<Uuid>,
    device: Option<String>,
    address: Option<IpAddr>,
    created_at: OffsetDateTime,
    expires_at: OffsetDateTime,
    ended_at: Option<OffsetDateTime>,
}
row!(StoredSession { id, kind, tenant_id, device, address, created_at, expires_at, ended_at });

/// A letter that waits for an answer.
#[derive(Debug, Serialize, Object)]
pub struct ExportedLetter {
    /// `verify_email`, `reset_password` or `change_email`.
    pub purpose: String,
    /// The address that it went to.
    pub email: String,
    /// When it was written.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
row!(ExportedLetter { purpose, email, created_at });

/// Reads it all, as one moment has it.
pub(super) async fn collect(tx: &PlatformTx<'_>, user: Uuid) -> ApiResult<Export> {
    let account = tx.run(store::find(user)).await?.ok_or_else(ApiError::not_found)?;
    let organizations = tx.run(organizations(user)).await?.into_iter().map(Belonging::from).collect();
    let sessions = tx.run(sessions(user)).await?.into_iter().map(shown).collect();
    Ok(Export {
        account,
        organizations,
        sessions,
        open_letters: tx.run(letters(user)).await?,
        second_factor: tx.run(traces::second_factor(user)).await?,
        api_keys: tx.run(traces::keys(user)).await?,
        invitations_received: tx.run(traces::invitations_received(user)).await?,
        invitations_sent: tx.run(traces::invitations_sent(user)).await?,
        acts: tx.run(traces::acts(user)).await?.into_iter().map(ExportedAct::from).collect(),
    })
}

fn shown(stored: StoredSession) -> ExportedSession {
    let StoredSession { id, kind, tenant_id, device, address, created_at, expires_at, ended_at } = stored;
    let address = address.map(|address| address.to_string());
    ExportedSession { id, kind, organization_id: tenant_id, device, address, created_at, expires_at, ended_at }
}

fn organizations(user: Uuid) -> Statement<Vec<StoredBelonging>> {
    statement(sql!(
        "SELECT t.id, t.slug, t.name, t.status, m.role, m.created_at FROM memberships m ",
        "JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = $1 ORDER BY m.created_at, t.id LIMIT 10000"
    ))
    .bind(user)
    .many()
}

fn sessions(user: Uuid) -> Statement<Vec<StoredSession>> {
    select::<StoredSession>(sql!("FROM sessions WHERE user_id = $1 ORDER BY created_at DESC, id LIMIT 10000"))
        .bind(user)
        .many()
}

fn letters(user: Uuid) -> Statement<Vec<ExportedLetter>> {
    select::<ExportedLetter>(sql!("FROM one_time_tokens WHERE user_id = $1 ORDER BY purpose")).bind(user).many()
}
