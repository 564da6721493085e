//! What is heard of key sets and their movements, and how changes of them are undone.

use tenantry_core::events::{EventSource, Refers, Settable, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;
use tenantry_core::value::Prose;

use crate::{KeysRead, KeysWrite};

pub(crate) const KEY_SETS: EventSource = EventSource {
    name: "key-set",
    resource: "key_sets",
    read: &KeysRead::INFO,
    undo: Some(Undoable {
        table: sql!("key_sets"),
        columns: sql!("id, property_id, label, note, out_since, version, created_at, updated_at"),
        writes: &[&KeysWrite::INFO],
        refers: &[Refers { column: sql!("property_id"), table: sql!("properties") }],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[Settable::of::<Option<Prose<2000>>>("note")],
    }),
};

pub(crate) const KEY_MOVEMENTS: EventSource = EventSource {
    name: "key-movement",
    resource: "key_movements",
    read: &KeysRead::INFO,
    undo: Some(Undoable {
        table: sql!("key_movements"),
        columns: sql!(
            "id, key_set_id, contact_id, user_id, note, due_back_at, taken_at, returned_at, version, created_at, updated_at"
        ),
        writes: &[&KeysWrite::INFO],
        refers: &[
            Refers { column: sql!("key_set_id"), table: sql!("key_sets") },
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
        ],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
