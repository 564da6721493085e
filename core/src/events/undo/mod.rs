//! Undo by actor: what somebody did in some time, shown first with what stands in the way, then taken back in one
//! transaction.
//!
//! The journal has what each record was before, so nothing else is kept: a preview names entries of it. What somebody else has
//! changed since stays as it is, field by field; nothing is overwritten without being told. What is taken back is a change like
//! any other, by whoever takes it back, and can be undone in turn.
//!
//! - this file: the undo and its records, what a client may send; `undoable.rs`: what a module declares;
//! - `api.rs`: the operations; `ground.rs`: what the caller may undo;
//! - `deed.rs`: one request taken back at once, by an operation of its own;
//! - `preview.rs`: from the journal to records; `relations.rs`: what other records have to say to it; `apply.rs`: the change;
//! - `store.rs`: the SQL of undos; `migrations/tenant/V7__undo.sql`: the tables.

mod api;
mod apply;
mod deed;
mod ground;
mod preview;
mod relations;
mod store;
mod undoable;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use tokio_postgres::types::Json;
use uuid::Uuid;

pub use api::UndoApi;
pub(super) use apply::{carry_out, changed_since, lock};
pub(crate) use deed::{Deed, undo_deed};
pub(crate) use ground::Ground;
pub(super) use relations::{Mark, marks};
pub(super) use store::forget_previews;
pub use undoable::{Follow, Refers, Settable, Undoable};

use crate::http::{ApiError, ApiResult, Versioned};
use crate::identity::UserId;
use crate::value::{Moment, Text};
use crate::{choice, column, record_id, row, sorts};

record_id! {
    /// The id of an undo.
    UndoId
}
record_id! {
    /// The id of a record in an undo.
    UndoRecordId
}

/// The longest time whose changes are undone at once.
const LONGEST: Duration = Duration::days(31);
/// The most records that are undone at once.
const MOST_RECORDS: usize = 1000;
/// The most kinds of records that a request may name.
const MOST_RESOURCES: usize = 100;

/// What somebody did in some time, and what becomes of it.
#[derive(Debug, Serialize, Object)]
pub struct Undo {
    /// Its id.
    pub id: UndoId,
    /// Who did it.
    pub user_id: Uuid,
    /// From this time on.
    #[serde(with = "time::serde::rfc3339")]
    pub from: OffsetDateTime,
    /// Until before this time.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    /// Only these kinds of records.
    pub resources: Option<Vec<String>>,
    /// Only records with these ids.
    pub records: Option<Vec<String>>,
    /// Only what was done by this request.
    pub request_id: Option<Uuid>,
    /// How many records it is about.
    pub count: i64,
    /// How many of them have a conflict.
    pub conflicts: i64,
    /// What cannot be undone by the caller, or at all.
    pub left_out: Vec<LeftOut>,
    /// Who asked for it.
    pub created_by: Uuid,
    /// When it was asked for. It can be applied for a day.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Who applied it; null as long as nobody has.
    pub applied_by: Option<Uuid>,
    /// When.
    #[serde(with = "time::serde::rfc3339::option")]
    pub applied_at: Option<OffsetDateTime>,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(Undo {
    id,
    user_id,
    from = "since",
    until,
    resources,
    records,
    request_id,
    count = "(SELECT count(*) FROM undo_records r WHERE r.undo_id = undos.id)",
    conflicts = "(SELECT count(*) FROM undo_records r WHERE r.undo_id = undos.id AND (r.conflict IS NOT NULL OR r.held <> '{}'))",
    left_out,
    created_by,
    created_at,
    applied_by,
    applied_at,
    version
});

impl Versioned for Undo {
    fn version(&self) -> i64 {
        self.version
    }
}

choice! {
    /// Why something is not undone.
    pub enum LeftOutReason {
        /// Such records cannot be undone.
        NotUndoable = "not_undoable",
        /// The caller could not do the same by hand.
        PermissionMissing = "permission_missing",
        /// Their module is disabled.
        ModuleDisabled = "module_disabled",
    }
}

/// A kind of records that is not undone.
#[derive(Debug, Clone, Serialize, Deserialize, Object)]
pub struct LeftOut {
    /// Which.
    pub resource: String,
    /// How many of them.
    pub count: i64,
    /// Why.
    pub reason: LeftOutReason,
}
column!(LeftOut, Json<LeftOut>, |json| json.0, |own| Json(own));

choice! {
    /// What undoing does to a record.
    pub enum UndoAction {
        /// It was deleted, and is made again.
        Recreate = "recreate",
        /// It was made, and is deleted.
        Delete = "delete",
        /// It was changed, and its fields are what they were.
        Restore = "restore",
    }
}

choice! {
    /// What stands in the way of undoing what was done to a record.
    pub enum UndoConflict {
        /// Somebody else has changed it since.
        ChangedSince = "changed_since",
        /// Somebody else has deleted it since.
        Gone = "gone",
        /// Other records refer to it, and stay.
        InUse = "in_use",
        /// It refers to a record that is gone.
        ReferenceGone = "reference_gone",
        /// Another record has a value by now that no two may share.
        Taken = "taken",
        /// Something else says the same, as a calendar does of a booked time: an operation of the record's own changes both.
        Bound = "bound",
    }
}

/// A record that was changed, and what undoing does to it.
#[derive(Debug, Serialize, Object)]
pub struct UndoRecord {
    /// Its id here.
    pub id: UndoRecordId,
    /// What kind of record it is.
    pub resource: String,
    /// The record's own id.
    pub record: String,
    /// What undoing does to it.
    pub action: UndoAction,
    /// Why nothing is done to it.
    pub conflict: Option<UndoConflict>,
    /// What its fields are and would be; none where it is deleted.
    pub fields: Vec<UndoField>,
}

row!(UndoRecord {
    id,
    resource,
    record,
    action,
    conflict,
    fields = "ARRAY(SELECT jsonb_build_object('name', f.name, 'now', s.after -> f.name, 'then', b.before -> f.name, \
        'conflict', f.name = ANY (held), 'changed_by', CASE WHEN f.name = ANY (held) THEN s.user_id END) \
        FROM unnest(fields, sources, stands) AS f (name, source, stand) JOIN journal b ON b.id = f.source \
        JOIN journal s ON s.id = f.stand ORDER BY f.name)"
});

/// A field of a record.
#[derive(Debug, Clone, Serialize, Deserialize, Object)]
pub struct UndoField {
    /// Its name.
    pub name: String,
    /// What it was when the undo was asked for.
    pub now: Option<Value>,
    /// What it is set back to.
    pub then: Option<Value>,
    /// Whether somebody else has changed it since, so that it stays.
    pub conflict: bool,
    /// Who has.
    pub changed_by: Option<Uuid>,
}
column!(UndoField, Json<UndoField>, |json| json.0, |own| Json(own));

/// Whose changes are to be undone, and which of them.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewUndo {
    /// Who did it: a person, also by an API key, or an operator.
    user_id: UserId,
    /// From this time on.
    from: Moment,
    /// Until before this time, at most 31 days later.
    until: Moment,
    /// Only these kinds of records, as the audit names them.
    #[oai(validator(min_items = 1, max_items = 100))]
    resources: Option<Vec<Text<60>>>,
    /// Only records with these ids.
    #[oai(validator(min_items = 1, max_items = 1000))]
    records: Option<Vec<Text<100>>>,
    /// Only what was done by the request with this `X-Request-Id`.
    request_id: Option<Uuid>,
}

impl NewUndo {
    fn checked(self) -> ApiResult<Self> {
        if self.until <= self.from {
            return Err(ApiError::invalid().at("/until", "expected a time after from"));
        }
        if OffsetDateTime::from(self.until) - OffsetDateTime::from(self.from) > LONGEST {
            return Err(ApiError::invalid().at("/until", "expected a time at most 31 days after from"));
        }
        for (pointer, list, most) in [
            ("/resources", self.resources.as_ref().map(Vec::len), MOST_RESOURCES),
            ("/records", self.records.as_ref().map(Vec::len), MOST_RECORDS),
        ] {
            if list.is_some_and(|length| length == 0 || length > most) {
                return Err(ApiError::invalid().at(pointer, format!("expected 1 to {most} of them, or leave it out")));
            }
        }
        Ok(self)
    }
}

choice! {
    /// What becomes of records with conflicts when an undo is applied.
    pub enum OnConflict {
        /// Nothing is done at all.
        Refuse = "refuse",
        /// They, or their fields, are left as they are, and the others are undone.
        Skip = "skip",
    }
}

/// How to apply an undo.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct UndoApplication {
    /// What becomes of records with conflicts.
    conflicts: OnConflict,
}

sorts! {
    /// How undos can be sorted.
    pub enum UndoSort of Undo {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |undo| undo.created_at,
    }
}

sorts! {
    /// How the records of an undo can be sorted.
    pub enum UndoRecordSort of UndoRecord {
        Resource | ResourceDesc: "resource" | "-resource" = text resource => |record| record.resource,
    }
}
