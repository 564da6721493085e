//! Support: an operator in an organization, with its consent, for at most an hour, seen by both.
//!
//! - this file: what an access is;
//! - `api.rs`: the operations of operators; those of organizations are in `identity/support.rs`;
//! - `store.rs`: the SQL of both. An access is a row here and a session of the kind `support` with the same id; whatever
//!   ends one ends both, in one statement.

mod api;
pub(crate) mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub(super) use api::OperatorSupportApi;

use crate::permission::Role;
use crate::value::{Prose, Text};
use crate::{choice, record_id, row, sorts};

record_id! {
    /// The id of a support access.
    SupportAccessId
}

choice! {
    /// What an organization allows operators to do in it.
    pub enum SupportConsent {
        /// Nothing.
        Off = "off",
        /// To read what a viewer can read, for a reason and for an hour at most.
        Read = "read",
        /// Also to work with the records, as a member does.
        Write = "write",
    }
}

choice! {
    /// What an operator may do during a support access.
    pub enum SupportLevel {
        /// What a viewer may do.
        Read = "read",
        /// What a member may do.
        Write = "write",
    }
}

impl SupportConsent {
    /// The most that it allows.
    pub(crate) fn most(self) -> Option<SupportLevel> {
        match self {
            Self::Off => None,
            Self::Read => Some(SupportLevel::Read),
            Self::Write => Some(SupportLevel::Write),
        }
    }
}

impl SupportLevel {
    /// The role that an operator has during the access.
    pub(crate) fn role(self) -> Role {
        match self {
            Self::Read => Role::Viewer,
            Self::Write => Role::Member,
        }
    }

    fn is_within(self, consent: SupportConsent) -> bool {
        match self {
            Self::Read => consent != SupportConsent::Off,
            Self::Write => consent == SupportConsent::Write,
        }
    }
}

choice! {
    /// Who has ended a support access before its time.
    pub enum SupportEnd {
        /// Somebody in the organization.
        Organization = "organization",
        /// The operator.
        Operator = "operator",
        /// Whoever has disabled the operator's account.
        Disabled = "disabled",
    }
}

/// An operator's access to an organization.
#[derive(Debug, Serialize, Object)]
pub struct SupportAccess {
    /// Its id.
    pub id: SupportAccessId,
    /// The operator's name.
    pub operator_name: Text<200>,
    /// The operator's e-mail address.
    pub operator_email: String,
    /// What the operator may do.
    pub level: SupportLevel,
    /// Why, in the operator's words.
    pub reason: Prose<500>,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it ends by itself.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// When it was ended before its time.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
    /// Who ended it before its time.
    pub ended_by: Option<SupportEnd>,
}

row!(SupportAccess {
    id,
    operator_name = "(SELECT name FROM operators WHERE operators.id = operator_id)",
    operator_email = "(SELECT email FROM operators WHERE operators.id = operator_id)",
    level,
    reason,
    created_at,
    expires_at,
    ended_at,
    ended_by
});

sorts! {
    /// How support accesses can be sorted.
    pub enum SupportAccessSort of SupportAccess {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |access| access.created_at,
    }
}

/// A support access to begin.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewSupportAccess {
    /// Why, in words that the organization understands: its people read it.
    reason: Prose<500>,
    /// For how long: 1 to 60.
    #[oai(validator(minimum(value = "1"), maximum(value = "60")))]
    minutes: u32,
    /// What the operator will do; reading where it is left out.
    level: Option<SupportLevel>,
}

/// A support access that has begun.
#[derive(Debug, Serialize, Object)]
pub struct BegunSupportAccess {
    /// For the header `Authorization: Bearer …`, on the organization's operations. Shown this once.
    access_token: String,
    /// Seconds until it expires.
    expires_in: u64,
    /// The access, as the organization sees it.
    access: SupportAccess,
}
