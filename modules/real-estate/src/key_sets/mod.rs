//! Key sets: the keys of a property, and in whose hands they are.
//!
//! - this file: the set, what makes and changes one; `movements.rs`: who had it when;
//! - `api.rs`, `store.rs`: as for every resource; `source.rs`: what is heard of them, and how changes are undone.

mod api;
mod movements;
mod source;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{Change, Versioned, patch, replace};
use tenantry_core::identity::UserId;
use tenantry_core::value::{Moment, Prose, Text};
use tenantry_core::{criteria, record_id, row};
use time::OffsetDateTime;

pub use api::KeySetsApi;
pub(crate) use source::{KEY_MOVEMENTS, KEY_SETS};
pub(crate) use store::has_keys;

use crate::properties::PropertyId;

record_id! {
    /// The id of a set of keys.
    KeySetId
}

/// A set of keys.
#[derive(Debug, Clone, Serialize, Object)]
pub struct KeySet {
    /// Its id.
    pub id: KeySetId,
    /// The property that it opens.
    pub property_id: PropertyId,
    /// What stands on its tag; no other set of the property has the same.
    pub label: Text<100>,
    /// Anything worth saying, such as what each key is for.
    pub note: Option<Prose<2000>>,
    /// Since when it is out of the office; null while it is there.
    #[serde(with = "time::serde::rfc3339::option")]
    pub out_since: Option<OffsetDateTime>,
    /// The contact who has it; null where none does.
    pub contact_id: Option<ContactId>,
    /// The member who has it; null where none does.
    pub user_id: Option<UserId>,
    /// When it should be back; null where nobody said.
    #[serde(with = "time::serde::rfc3339::option")]
    pub due_back_at: Option<OffsetDateTime>,
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

row!(KeySet {
    id,
    property_id,
    label,
    note,
    out_since,
    contact_id = "(SELECT m.contact_id FROM key_movements m WHERE m.key_set_id = key_sets.id AND m.returned_at IS NULL)",
    user_id = "(SELECT m.user_id FROM key_movements m WHERE m.key_set_id = key_sets.id AND m.returned_at IS NULL)",
    due_back_at = "(SELECT m.due_back_at FROM key_movements m WHERE m.key_set_id = key_sets.id AND m.returned_at IS NULL)",
    created_at,
    updated_at,
    version
});

impl Versioned for KeySet {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A set of keys to make. It is in the office.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewKeySet {
    /// The property that it opens.
    property_id: PropertyId,
    /// What stands on its tag; no other set of the property may have the same, in any case.
    label: Text<100>,
    /// Anything worth saying.
    note: Option<Prose<2000>>,
}

/// What to change in a set of keys. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct KeySetPatch {
    /// What stands on its tag.
    label: Change<Text<100>>,
    /// Anything worth saying.
    note: MaybeUndefined<Prose<2000>>,
}

impl KeySetPatch {
    fn apply(self, set: &mut KeySet) {
        replace(&mut set.label, self.label);
        patch(&mut set.note, self.note);
    }
}

criteria! {
    /// What sets of keys are listed by.
    pub struct KeySetFields of KeySet in "key_sets" by "-created_at" {
        /// The property that it opens.
        property_id: PropertyId => [eq in];
        /// What stands on its tag, in any case.
        label: Text<100> => folded [eq in], sort folded |set| set.label.to_string();
        /// Since when it is out of the office.
        out_since: Moment => [gt gte lt lte null], sort timestamptz nullable |set| set.out_since;
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |set| set.created_at;
    }
}
