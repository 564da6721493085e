//! What the descriptor says of fields: what happens to them is heard, and can be undone.

use super::store;
use crate::crm::{CustomFieldsRead, CustomFieldsWrite};
use crate::events::{EventSource, Undoable};
use crate::permission::Permission as _;
use crate::sql;

pub(crate) const CUSTOM_FIELDS: EventSource = EventSource {
    name: "custom-field",
    resource: "custom_fields",
    read: &CustomFieldsRead::INFO,
    undo: Some(Undoable {
        table: sql!("custom_fields"),
        columns: sql!(
            "id, resource, key, label, type, choices, required, refers_to, place, version, created_at, updated_at"
        ),
        writes: &[&CustomFieldsWrite::INFO],
        refers: &[],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: Some(store::follow),
        settable: &[],
    }),
};
