//! Identity checks: whether somebody is who they say. The last one that was decided counts, until it expires. A check is its
//! contact's owner's: who does not reach the contact does not see it.

mod api;
pub(crate) mod source;
pub(crate) mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{Change, Versioned, patch, replace};
use tenantry_core::value::{Date, Moment, Prose};
use tenantry_core::{choice, criteria, owned_row, record_id};
use time::OffsetDateTime;

pub use api::IdentityChecksApi;

record_id! {
    /// The id of an identity check.
    IdentityCheckId
}

choice! {
    /// What came of an identity check.
    pub enum IdentityCheckStatus {
        /// Nothing yet.
        Pending = "pending",
        /// They are who they say.
        Passed = "passed",
        /// They are not, or it could not be told.
        Failed = "failed",
    }
}

choice! {
    /// How an identity is checked.
    pub enum IdentityCheckMethod {
        /// By a document that was shown in person.
        InPerson = "in_person",
        /// By a document that was shown in a call.
        Video = "video",
        /// By an electronic identity.
        Electronic = "electronic",
        /// By copies of documents.
        Documents = "documents",
    }
}

/// Whether somebody is who they say.
#[derive(Debug, Clone, Serialize, Object)]
pub struct IdentityCheck {
    /// Its id.
    pub id: IdentityCheckId,
    /// Who is checked.
    pub contact_id: ContactId,
    /// What came of it.
    pub status: IdentityCheckStatus,
    /// How.
    pub method: IdentityCheckMethod,
    /// When it was decided; null as long as it is pending.
    pub checked_at: Option<Moment>,
    /// The last day on which it counts; null where it has no end.
    pub expires_on: Option<Date>,
    /// Anything worth remembering.
    pub note: Option<Prose<2000>>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

owned_row!(IdentityCheck in "identity_checks" of "contact_id" in "contacts" {
    id,
    contact_id,
    status,
    method,
    checked_at,
    expires_on,
    note,
    created_at,
    updated_at,
    version
});

impl Versioned for IdentityCheck {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An identity check to begin.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewIdentityCheck {
    /// Who is checked.
    contact_id: ContactId,
    /// How.
    method: IdentityCheckMethod,
    /// The last day on which it counts, such as that of the document.
    expires_on: Option<Date>,
    /// Anything worth remembering.
    note: Option<Prose<2000>>,
}

/// What to change in an identity check that is pending. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct IdentityCheckPatch {
    /// How.
    method: Change<IdentityCheckMethod>,
    /// The last day on which it counts.
    expires_on: MaybeUndefined<Date>,
    /// Anything worth remembering.
    note: MaybeUndefined<Prose<2000>>,
}

impl IdentityCheckPatch {
    fn apply(self, check: &mut IdentityCheck) {
        replace(&mut check.method, self.method);
        patch(&mut check.expires_on, self.expires_on);
        patch(&mut check.note, self.note);
    }
}

criteria! {
    /// What identity checks are listed by.
    pub struct IdentityCheckFields of IdentityCheck in "identity_checks" by "-created_at" {
        /// Who is checked.
        contact_id: ContactId => [eq in];
        /// What came of it.
        status: IdentityCheckStatus => [eq in];
        /// The last day on which it counts.
        expires_on: Date => [gt gte lt lte null], sort date nullable |check| check.expires_on;
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |check| check.created_at;
    }
}
