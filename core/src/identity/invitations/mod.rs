//! Invitations: a letter with a one-time token makes somebody a member.
//!
//! - this file: the record, what a client may send, the token;
//! - `api.rs`: the operations; `store.rs`: the SQL.
//!
//! Whether an invited address has an account, the inviter cannot tell: the same statements run, the same letter is sent.

mod api;
mod store;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::InvitationsApi;

use super::auth::Password;
use crate::permission::RoleRef;
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
        /// It was taken back.
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
    pub enum InvitationSort of Invitation {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |invitation| invitation.created_at,
    }
}

/// A new token: 256 random bits. The letter has its text, the database its hash.
struct Token {
    text: String,
    hash: Vec<u8>,
}

impl Token {
    fn new() -> Self {
        let secret: [u8; 32] = rand::random();
        let text = format!("tni_{}", BASE64_URL_SAFE_NO_PAD.encode(secret));
        let hash = hash_of(&text);
        Self { text, hash }
    }
}

/// It has more randomness than anybody can try, so a plain hash is enough.
fn hash_of(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes()).as_ref().to_vec()
}
