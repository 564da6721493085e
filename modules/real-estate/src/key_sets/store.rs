//! The SQL of key sets.

use tenantry_core::crm::contacts::ContactId;
use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, change, records, select, statement};
use time::OffsetDateTime;

use super::{KeySet, KeySetId, NewKeySet};
use crate::properties::PropertyId;

const LABEL_TAKEN: Refusal = Refusal::Taken {
    pointer: "/label",
    code: "label_taken",
    detail: "Another set of keys of this property has this label. Choose another one.",
};

pub(super) fn list() -> List<KeySet> {
    records(sql!("key_sets"))
}

pub(super) fn find(id: KeySetId) -> Statement<Option<KeySet>> {
    select::<KeySet>(sql!("FROM key_sets WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: KeySetId) -> Statement<Option<KeySet>> {
    select::<KeySet>(sql!("FROM key_sets WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: KeySetId, new: NewKeySet) -> Statement<KeySet> {
    let NewKeySet { property_id, label, note } = new;
    change(sql!("key_sets"))
        .set(sql!("id"), id)
        .set(sql!("property_id"), property_id)
        .set(sql!("label"), label)
        .set(sql!("note"), note)
        .insert()
        .refused_by("key_sets_property_id_fkey", Refusal::Missing { pointer: "/property_id" })
        .refused_by("key_sets_label_key", LABEL_TAKEN)
}

pub(super) fn update(set: KeySet) -> Statement<KeySet> {
    change(sql!("key_sets"))
        .set(sql!("label"), set.label)
        .set(sql!("note"), set.note)
        .update(set.id)
        .refused_by("key_sets_label_key", LABEL_TAKEN)
}

/// Notes since when it is out of the office, or that it is there.
pub(super) fn note_out(id: KeySetId, since: Option<OffsetDateTime>) -> Statement<KeySet> {
    change(sql!("key_sets")).set(sql!("out_since"), since).update(id)
}

pub(super) fn delete(id: KeySetId) -> Statement<()> {
    statement(sql!("DELETE FROM key_sets WHERE id = $1")).bind(id).done()
}

/// Whether a contact has keys of a property at this moment.
pub(crate) fn has_keys(property: PropertyId, contact: ContactId) -> Statement<bool> {
    statement(sql!(
        "SELECT 1 FROM key_movements m JOIN key_sets k ON k.id = m.key_set_id ",
        "WHERE m.contact_id = $2 AND m.returned_at IS NULL AND k.property_id = $1"
    ))
    .bind(property)
    .bind(contact)
    .any()
}
