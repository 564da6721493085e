//! Consents: who has said, by which way and when, that notices of a purpose may come to an address or may not.

mod api;
pub(crate) mod store;

use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::ConsentsApi;

use super::destination::Destination;
use super::kind::{Channel, Purpose};
use crate::value::Text;
use crate::{record_id, row, sorts};

record_id! {
    /// The id of a consent.
    ConsentId
}

/// What somebody has said about notices to an address. Each change of it is in the audit.
#[derive(Debug, Serialize, Object)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// Where notices go: an e-mail address, or a telephone number.
    pub address: Destination,
    /// How they get there.
    pub channel: Channel,
    /// Why they are sent.
    pub purpose: Purpose,
    /// Whether they may be.
    pub granted: bool,
    /// Where it is known from, such as a form; `unsubscribe link` where the recipient has followed that.
    pub source: Text<200>,
    /// Since when it is so.
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
}
row!(Consent { id, address, channel, purpose, granted, source, changed_at });

/// What consent can be about. Notices about access to an account ask for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum ConsentPurpose {
    /// Advertising: only with consent.
    Marketing,
    /// What is under way with the recipient: unless it was refused.
    Transactional,
}

impl From<ConsentPurpose> for Purpose {
    fn from(purpose: ConsentPurpose) -> Self {
        match purpose {
            ConsentPurpose::Marketing => Self::Marketing,
            ConsentPurpose::Transactional => Self::Transactional,
        }
    }
}

/// What somebody has said.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// An e-mail address, or a telephone number with its country.
    address: Destination,
    /// Why notices are sent.
    purpose: ConsentPurpose,
    /// Whether they may be.
    granted: bool,
    /// Where it is known from, such as a form.
    source: Text<200>,
}

sorts! {
    /// How consents can be sorted.
    pub enum ConsentSort of Consent {
        ChangedAt | ChangedAtDesc: "changed_at" | "-changed_at" = timestamptz changed_at => |consent| consent.changed_at,
    }
}
