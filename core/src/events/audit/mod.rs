//! The audit: each change with who made it and what it was before.
//!
//! - this file: the entry; `api.rs`: the operations; `store.rs`: the SQL;
//! - `migrations/tenant/V4__journal.sql` and `V5__seals.sql`: the tables; `migrations/platform/V22__journal.sql` and
//!   `V23__seals.sql`: who writes them.

mod api;
mod store;

use poem_openapi::Object;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

pub use api::AuditApi;

use super::Change;
use crate::{choice, record_id, row, sorts};

record_id! {
    /// The id of an entry of the audit; also of the event that it is.
    EntryId
}

choice! {
    /// Who acts.
    pub enum ActorType {
        /// A person who is signed in.
        Person = "person",
        /// An API key.
        Key = "key",
        /// An operator, whom the organization let in.
        Support = "support",
        /// An operator, from outside of the organization.
        Operator = "operator",
        /// Nobody in particular: the platform, or somebody at its command line.
        System = "system",
        /// A rule of the organization's; `session_id` is its id.
        Rule = "rule",
    }
}

/// A change of a record, or a try that was denied.
#[derive(Debug, Serialize, Object)]
pub struct AuditEntry {
    /// Its id.
    pub id: EntryId,
    /// When the transaction of the change began.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who did it.
    pub kind: ActorType,
    /// The person; of a key who made it, of support the operator.
    pub user_id: Option<Uuid>,
    /// The session, the key, or the rule.
    pub session_id: Option<Uuid>,
    /// The network address of the client.
    pub address: Option<String>,
    /// The operation, as the document names it; null where it was none.
    pub operation: Option<String>,
    /// The request's `X-Request-Id`.
    pub request_id: Option<Uuid>,
    /// What kind of record it is.
    pub resource: String,
    /// The record's id.
    pub record: Option<String>,
    /// What became of it.
    pub change: Change,
    /// What it was; of an update only the fields that it changed.
    pub before: Option<Value>,
    /// What it is since; of an update only the fields that it changed.
    pub after: Option<Value>,
    /// Its place in the chain of hashes, a moment after the change.
    pub position: Option<i64>,
}

row!(AuditEntry {
    id,
    at,
    kind,
    user_id,
    session_id,
    address = "host(address)",
    operation,
    request_id,
    resource,
    record,
    change,
    before,
    after,
    position = "(SELECT s.position FROM journal_seals s WHERE s.number = journal.number)"
});

sorts! {
    /// How the audit can be sorted.
    pub enum AuditSort of AuditEntry {
        At | AtDesc: "at" | "-at" = timestamptz at => |entry| entry.at,
    }
}
