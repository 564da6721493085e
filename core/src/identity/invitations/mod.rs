//! Invitations: a letter with a one-time token makes somebody a member.
//!
//! - this file: the record and what a client may send;
//! - `api.rs`: the operations; `store.rs`: the SQL; `promise.rs`: whether an invitation still holds;
//! - `letter.rs`: the letter, and the one to the first owner of an organization that an operator makes.
//!
//! Whether an invited address has an account, the inviter cannot tell: the same statements run, the same letter is sent.

mod api;
mod letter;
mod promise;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::InvitationsApi;
pub(crate) use letter::invite_owner;
use promise::Rights;

use super::auth::Password;
use crate::module::Modules;
use crate::permission::{RecordScope, RoleKey, RoleRef};
use crate::value::{Email, Text};
use crate::{choice, record_id, row, sorts};

record_id! {
    /// The id of an invitation.
    InvitationId
}

choice! {
    /// What has become of an invitation.
    pub enum InvitationStatus {
        /// It waits.
        Open = "open",
        /// It has waited for more than 7 days.
        Expired = "expired",
        /// Somebody has joined by it.
        Accepted = "accepted",
        /// It was taken back, or whoever sent it may not invite for this role any more.
        Revoked = "revoked",
    }
}

/// An invitation.
#[derive(Debug, Serialize, Object)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub email: String,
    /// What that person will be: one of the four roles, or `custom:` and the id of a role.
    pub role: RoleRef,
    /// What has become of it.
    pub status: InvitationStatus,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When the last letter was sent.
    #[serde(with = "time::serde::rfc3339")]
    pub sent_at: OffsetDateTime,
    /// Until when it can be accepted.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}
row!(Invitation { id, email, role, status, created_at, sent_at, expires_at });

/// The same as it is stored, with what its sender may do by now.
pub struct StoredInvitation {
    id: InvitationId,
    email: String,
    status: InvitationStatus,
    created_at: OffsetDateTime,
    sent_at: OffsetDateTime,
    expires_at: OffsetDateTime,
    role: RoleKey,
    role_permissions: Option<Vec<String>>,
    role_scope: Option<RecordScope>,
    by_operator: bool,
    sender_role: Option<RoleKey>,
    sender_permissions: Option<Vec<String>>,
    sender_scope: Option<RecordScope>,
}
row!(StoredInvitation {
    id,
    email,
    status,
    created_at,
    sent_at,
    expires_at,
    role,
    role_permissions,
    role_scope,
    by_operator,
    sender_role,
    sender_permissions,
    sender_scope
});

impl StoredInvitation {
    fn shown(self, modules: &Modules) -> Invitation {
        let Self { id, email, status, created_at, sent_at, expires_at, role, .. } = self;
        let rights = Rights {
            role,
            role_permissions: self.role_permissions,
            role_scope: self.role_scope,
            by_operator: self.by_operator,
            sender_role: self.sender_role,
            sender_permissions: self.sender_permissions,
            sender_scope: self.sender_scope,
        };
        let status = match status {
            InvitationStatus::Open if !rights.hold(modules) => InvitationStatus::Revoked,
            status => status,
        };
        Invitation { id, email, role: role.role(), status, created_at, sent_at, expires_at }
    }
}

/// Invitations that were made.
#[derive(Debug, Serialize, Object)]
pub struct InvitationList {
    /// One for each address.
    pub items: Vec<Invitation>,
}

/// Whom to invite.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewInvitations {
    /// 1 to 100 addresses.
    emails: Vec<Email>,
    /// What they will be: one of the four roles, or `custom:` and the id of a role; nothing above the own role.
    role: RoleRef,
}

/// What the letter has brought, and an account to make.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The token of the letter.
    token: Text<100>,
    /// How the person wants to be called.
    name: Text<200>,
    /// 15 to 1,024 characters; a sentence is better than a puzzle.
    password: Password,
}

/// What the letter has brought.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Joining {
    /// The token of the letter.
    token: Text<100>,
}

sorts! {
    /// How invitations can be sorted.
    pub enum InvitationSort of StoredInvitation {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |invitation| invitation.created_at,
    }
}
