//! The feed: changes as events, in one order for all, to be asked for again and again.
//!
//! An event tells that a record has changed, not what it says: whoever hears of it asks for the record, and gets what they
//! may see of it as it is now. So no event is out of date, and none carries a patient's data anywhere.
//!
//! - this file: the event; `api.rs`: the operation; `store.rs`: the SQL.

mod api;
mod store;

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

pub use api::EventsApi;
pub(super) use store::{after, before, one, reach, told};

use super::Change;
use super::audit::{ActorType, EntryId};
use crate::module::Modules;
use crate::row;

/// A change of a record.
#[derive(Debug, Serialize, Object)]
pub struct Event {
    /// Its id, the same each time that it is told; also of the entry in the audit.
    pub id: EntryId,
    /// Its place in the order of events. There are gaps: not every change is an event for everybody.
    pub position: i64,
    /// What happened to which kind of record, as in `contact.updated`.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    pub event: String,
    /// The version of what an event of this type says.
    pub version: i32,
    /// When the transaction of the change began.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who did it.
    pub actor: EventActor,
    /// What kind of record it is.
    pub resource: String,
    /// The record's id.
    pub record: Option<String>,
    /// The fields that an update changed.
    pub changed: Vec<String>,
}

/// Who did something.
#[derive(Debug, Serialize, Object)]
pub struct EventActor {
    /// As whom.
    pub kind: ActorType,
    /// The person; of a key who made it, of support the operator.
    pub user_id: Option<Uuid>,
}

/// Events, in their order.
#[derive(Debug, Serialize, Object)]
pub struct EventList {
    /// The events.
    pub items: Vec<Event>,
    /// The position to go on after; that of the request where nothing has happened since.
    pub last: i64,
}

/// What the database has of an event.
pub(in crate::events) struct Heard {
    id: EntryId,
    pub(super) position: i64,
    at: OffsetDateTime,
    kind: ActorType,
    user_id: Option<Uuid>,
    resource: String,
    record: Option<String>,
    change: Change,
    changed: Vec<String>,
    is_return: bool,
}
row!(Heard {
    id,
    position,
    at,
    kind,
    user_id,
    resource,
    record,
    change,
    changed = "coalesce(CASE WHEN change = 'updated' THEN array(SELECT jsonb_object_keys(after)) END, '{}')",
    is_return = "change = 'created' AND coalesce(operation IN ('audit_undo', 'merges_undo', 'trash_restore'), false)"
});

impl Heard {
    /// Whether it tells that a record was made again that had been deleted.
    pub(in crate::events) fn is_return(&self) -> bool {
        self.is_return
    }

    /// As an event of the source that declares it; none where no module of this build does.
    pub(in crate::events) fn event(self, modules: &Modules) -> Option<Event> {
        let source = modules.events().find(|source| source.resource == self.resource)?;
        let Self { id, position, at, kind, user_id, resource, record, change, changed, is_return: _ } = self;
        let actor = EventActor { kind, user_id };
        Some(Event { id, position, event: source.event(change), version: 1, at, actor, resource, record, changed })
    }
}
