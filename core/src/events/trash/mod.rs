//! The trash: what was deleted in the last 30 days, and how it comes back.
//!
//! Nothing is kept for it. The journal has what a record was, and what the database deleted or unlinked because of it; an undo
//! ([`undo`](super::undo)) of that one deletion makes it again. So it works for every kind of record with `undo`, whichever
//! module it is of, and it empties itself: what is older is not listed and does not come back, though the audit keeps it.
//!
//! What comes back is `created` for feeds, webhooks and listeners, which follow what there is. Rules do not hear it: they answer
//! what is new, and have heard of this record already.
//!
//! - this file: what is in the trash; `api.rs`: the operations; `restore.rs`: how a record comes back; `store.rs`: the SQL;
//! - `tenancy/bygone.rs`: whose a deleted record was; `migrations/tenant/V14__trash.sql`: the index.

mod api;
mod restore;
mod store;

use poem_openapi::Object;
use serde::Serialize;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub use api::TrashApi;

use super::audit::EntryId;
use super::undo::UndoId;
use crate::tenancy::Bygone;
use crate::{row, sorts};

/// For how many days a record can be restored.
pub const TRASH_DAYS: i32 = 30;

/// A deleted record.
#[derive(Debug, Serialize, Object)]
pub struct TrashItem {
    /// The id of its deletion, as the audit has it; what restoring it takes.
    pub id: EntryId,
    /// What kind of record it is.
    pub resource: String,
    /// The record's own id, which it has again when it is restored.
    pub record: String,
    /// What people know it by: a name, a title, a number; null where it has none.
    pub title: Option<String>,
    /// When it was deleted.
    #[serde(with = "time::serde::rfc3339")]
    pub deleted_at: OffsetDateTime,
    /// Who did it; of a key who made it, of support the operator.
    pub deleted_by: Uuid,
    /// The request's `X-Request-Id`.
    pub request_id: Option<Uuid>,
    /// Until when it can be restored.
    #[serde(with = "time::serde::rfc3339")]
    pub restorable_until: OffsetDateTime,
    /// How many other records went or lost their link because of it, of those that the caller may see. They come back with it.
    pub went_with_it: i64,
}

/// What the journal has of a deleted record.
#[derive(Debug)]
pub struct Deletion {
    id: EntryId,
    at: OffsetDateTime,
    resource: String,
    record: String,
    user_id: Uuid,
    request_id: Option<Uuid>,
    title: Option<String>,
    is_back: bool,
}
// A record is known by one of these columns, whichever it has.
row!(@read Deletion {
    id,
    at,
    resource,
    record,
    user_id,
    request_id,
    title = "left(coalesce(nullif(concat_ws(' ', before ->> 'first_name', before ->> 'last_name'), ''), before ->> 'name', \
        before ->> 'title', before ->> 'label', before ->> 'subject', before ->> 'number', before ->> 'value', \
        nullif(concat_ws(', ', before ->> 'street', before ->> 'city'), ''), before ->> 'body', before ->> 'starts_at'), 200)",
    is_back = "EXISTS (SELECT 1 FROM journal AS c WHERE c.record = journal.record AND c.resource = journal.resource \
        AND c.number > journal.number AND c.change = 'created')"
});
impl Bygone for Deletion {}

impl Deletion {
    fn item(self, went_with_it: i64) -> TrashItem {
        let Self { id, at, resource, record, user_id, request_id, title, is_back: _ } = self;
        TrashItem {
            id,
            resource,
            record,
            title,
            deleted_at: at,
            deleted_by: user_id,
            request_id,
            restorable_until: at + Duration::days(TRASH_DAYS.into()),
            went_with_it,
        }
    }
}

/// A record that is back.
#[derive(Debug, Serialize, Object)]
pub struct Restored {
    /// What kind of record it is.
    pub resource: String,
    /// Its id, which is what it was.
    pub record: String,
    /// Where it is now; null where such records have no address of their own.
    pub path: Option<String>,
    /// How many records were made or linked again, itself included.
    pub restored: i64,
    /// How many of those that had gone with it did not come back, because what they refer to is gone or what they need is taken.
    pub left_out: i64,
    /// The undo that this was, with each of its records.
    pub undo_id: UndoId,
}

sorts! {
    /// How the trash can be sorted.
    pub enum TrashSort of Deletion {
        DeletedAt | DeletedAtDesc: "deleted_at" | "-deleted_at" = timestamptz at => |deletion| deletion.at,
    }
}
