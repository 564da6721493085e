//! Which records' changes are events: declared by modules, described in the document.

use serde_json::{Map, Value, json};

use super::undo::Undoable;
use crate::choice;
use crate::permission::PermissionInfo;

/// Records whose changes are events: `contact.created`, `contact.updated`, `contact.deleted`.
#[derive(Debug)]
pub struct EventSource {
    /// What an event calls such a record: singular, lower case, hyphens.
    pub name: &'static str,
    /// The table, or what the journal calls it.
    pub resource: &'static str,
    /// Whoever may see such records may hear of them.
    pub read: &'static PermissionInfo,
    /// How changes of them are undone; none where they cannot be.
    pub undo: Option<Undoable>,
}

choice! {
    /// What became of a record, or that somebody tried what their role does not allow.
    pub enum Change {
        /// It was made.
        Created = "created",
        /// It was changed.
        Updated = "updated",
        /// It was deleted.
        Deleted = "deleted",
        /// Somebody tried what their role does not allow.
        Denied = "denied",
    }
}

/// For how many days events can be asked for. The audit has no end.
pub const FEED_DAYS: i32 = 30;

impl Change {
    /// What becomes of records.
    pub(crate) const OF_RECORDS: [Self; 3] = [Self::Created, Self::Updated, Self::Deleted];
}

impl EventSource {
    /// The name of an event's type.
    pub(crate) fn event(&self, change: Change) -> String {
        format!("{}.{}", self.name, change.as_str())
    }

    /// The names of its events.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        Change::OF_RECORDS.into_iter().map(|change| self.event(change))
    }

    /// The source's events as the document has them.
    pub(crate) fn webhooks(&self) -> Map<String, Value> {
        let webhook = |change| (self.event(change), json!({ "post": self.webhook(change) }));
        Change::OF_RECORDS.into_iter().map(webhook).collect()
    }

    fn webhook(&self, change: Change) -> Value {
        let name = self.event(change);
        json!({
            "operationId": name.replace(['.', '-'], "_"),
            "summary": format!("Version 1 of `{name}`: tells that one of the {} was {}.", self.resource, change.as_str()),
            "description": format!(
                "Posted to endpoints whose author may `{}`, signed as Standard Webhooks has it: in the headers `webhook-id` \
                 (the event's id, the same each time), `webhook-timestamp` and `webhook-signature`.",
                self.read.name
            ),
            "tags": ["Audit and events"],
            "requestBody": { "required": true, "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["type", "timestamp", "data"],
                "properties": {
                    "type": { "type": "string", "enum": [name] },
                    "timestamp": { "type": "string", "format": "date-time", "description": "When it happened." },
                    "data": {
                        "allOf": [
                            { "$ref": "#/components/schemas/Event" },
                            { "type": "object", "required": ["type", "resource"], "properties": {
                                "type": { "type": "string", "enum": [name] },
                                "resource": { "type": "string", "enum": [self.resource] },
                            } },
                        ],
                    },
                },
            } } } },
            "responses": {
                "2XX": { "description": "It was heard. Anything else says that it was not, and it is sent again later." },
                "410": { "description": "There is nobody any more: the endpoint is disabled." },
            },
        })
    }
}
