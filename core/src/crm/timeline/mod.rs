//! The timeline of a record: what happened with it, what there is to do about it, and who changed it, newest first.
//!
//! - this file: the entry, and how a timeline is paged; `api.rs`: the operations; `store.rs`: the one statement.
//!
//! A module gives its records a timeline by an operation of one line, as
//! `page_of_any(&caller, sql!("properties"), timeline_sql!("properties"), id, limit, cursor)`: then who changed what, for activities and tasks
//! are about records of the CRM.

mod api;
mod store;

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

pub use api::TimelineApi;
pub use store::{page, page_of_any};

use super::activities::ActivityKind;
use crate::choice;
use crate::events::Change;
use crate::events::audit::ActorType;
use crate::http::{Order, Sort};
use crate::sql;
use crate::value::SortValue as _;

choice! {
    /// What an entry of a timeline is about.
    pub enum TimelineKind {
        /// Something happened, as it was written down: `id` is the activity's.
        Activity = "activity",
        /// A task was made: `id` is the task's.
        TaskCreated = "task_created",
        /// A task was done: `id` is the task's.
        TaskDone = "task_done",
        /// The record itself was made, changed or deleted: `id` is that of the entry in the audit.
        Change = "change",
    }
}

/// An entry of a timeline.
#[derive(Debug, Serialize, Object)]
pub struct TimelineEntry {
    /// The id of what it is about.
    pub id: Uuid,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What it is about.
    pub kind: TimelineKind,
    /// Who: whose activity it is, who has to do the task, who has done it, or who changed the record.
    pub user_id: Option<Uuid>,
    /// The subject of an activity, or the title of a task.
    pub title: Option<String>,
    /// The kind of an activity.
    pub activity: Option<ActivityKind>,
    /// The first 500 characters of an activity's body.
    pub text: Option<String>,
    /// What became of the record.
    pub change: Option<Change>,
    /// As whom somebody changed the record.
    pub actor: Option<ActorType>,
    /// The fields of the record that were changed.
    pub changed: Vec<String>,
}

/// The only order that there is.
#[derive(Clone, Copy)]
struct NewestFirst;

impl Sort for NewestFirst {
    type Record = TimelineEntry;

    fn order(self) -> Order<TimelineEntry> {
        Order {
            name: "-at",
            after: sql!("(at, id) < ($1::text::timestamptz, $2)"),
            by: sql!("ORDER BY at DESC, id DESC"),
            last: None,
            position: |entry| (Some(entry.at.text()), entry.id),
        }
    }
}
