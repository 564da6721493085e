//! The SQL of fields of an organization's own.

use uuid::Uuid;

use super::{CustomField, CustomFieldId, Customized, Named, NewCustomField};
use crate::crm::companies::Company;
use crate::crm::contacts::Contact;
use crate::crm::deals::Deal;
use crate::crm::projects::Project;
use crate::permission::RecordScope;
use crate::sql;
use crate::tenancy::{FieldKey, List, Reach, Refusal, Statement, change, reached, records, select, statement};

const KEY_TAKEN: Refusal = Refusal::Taken {
    pointer: "/key",
    code: "key_taken",
    detail: "Another field of these records has this key. Choose another one.",
};
const TOO_MANY: Refusal = Refusal::InTheWay {
    code: "too_many_fields",
    detail: "These records have 50 fields, which is the most. Delete one first.",
};
const AT_ONCE: Refusal = Refusal::InTheWay {
    code: "made_at_once",
    detail: "Another field of these records was made in the same moment. Repeat this.",
};

pub(super) fn list() -> List<CustomField> {
    records(sql!("custom_fields"))
}

/// The fields of a resource, in the order in which they were made.
pub(crate) fn fields(resource: Customized) -> Statement<Vec<CustomField>> {
    select::<CustomField>(sql!("FROM custom_fields WHERE resource = $1 ORDER BY created_at, id LIMIT 50"))
        .bind(resource)
        .many()
}

/// All fields.
pub(crate) fn all() -> Statement<Vec<CustomField>> {
    select::<CustomField>(sql!("FROM custom_fields ORDER BY created_at, id LIMIT 200")).many()
}

/// The same of a resource, which stay what they are until the transaction ends.
pub(super) fn fields_to_write(resource: Customized) -> Statement<Vec<CustomField>> {
    select::<CustomField>(sql!("FROM custom_fields WHERE resource = $1 FOR SHARE")).bind(resource).many()
}

pub(super) fn find(id: CustomFieldId) -> Statement<Option<CustomField>> {
    select::<CustomField>(sql!("FROM custom_fields WHERE id = $1")).bind(id).optional()
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(id: CustomFieldId) -> Statement<Option<CustomField>> {
    select::<CustomField>(sql!("FROM custom_fields WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

/// Makes a field in the first place that is free; where a deleted one stood only if there is no other.
pub(super) fn insert(id: CustomFieldId, new: NewCustomField) -> Statement<CustomField> {
    let NewCustomField { resource, key, label, kind, choices, required, refers_to } = new;
    let insert = statement(sql!(
        "INSERT INTO custom_fields (id, resource, key, label, type, choices, required, refers_to, place) ",
        "SELECT $1, $2, $3, $4, $5, $6, $7, $8, coalesce((SELECT n FROM generate_series(1, 50) AS n WHERE NOT EXISTS (",
        "SELECT 1 FROM custom_fields f WHERE f.resource = $2 AND f.place = n) ORDER BY EXISTS (SELECT 1 ",
        "FROM custom_fields_gone g WHERE g.resource = $2 AND g.place = n), n LIMIT 1), 51) ",
        "RETURNING id, resource, key, label, type, choices, required, refers_to, created_at, updated_at, version"
    ));
    let insert = insert.bind(id).bind(resource).bind(key).bind(label).bind(kind).bind(choices).bind(required);
    insert
        .bind(refers_to)
        .one()
        .refused_by("custom_fields_key_key", KEY_TAKEN)
        .refused_by("custom_fields_place_key", AT_ONCE)
        .refused_by("custom_fields_place_check", TOO_MANY)
}

pub(super) fn update(field: CustomField) -> Statement<CustomField> {
    change(sql!("custom_fields"))
        .set(sql!("label"), field.label)
        .set(sql!("choices"), field.choices)
        .set(sql!("required"), field.required)
        .update(field.id)
}

/// Deletes a field. Where records have values of it, its key is kept, so that nobody sees them.
pub(super) fn delete(id: CustomFieldId, has_values: bool) -> Statement<()> {
    let delete = statement(sql!(
        "WITH gone AS (DELETE FROM custom_fields WHERE id = $1 RETURNING resource, key, place) ",
        "INSERT INTO custom_fields_gone (resource, key, place) SELECT resource, key, place FROM gone WHERE $2 ",
        "ON CONFLICT DO NOTHING"
    ));
    delete.bind(id).bind(has_values).done()
}

/// Whether records still have values of a deleted field with this key.
pub(super) fn is_gone(resource: Customized, key: FieldKey) -> Statement<bool> {
    statement(sql!("SELECT 1 FROM custom_fields_gone WHERE resource = $1 AND key = $2")).bind(resource).bind(key).any()
}

/// What follows where fields are deleted and come back by an undo, or out of the trash.
pub(super) fn follow(_: Reach, _: Uuid, ids: Vec<Uuid>) -> Statement<()> {
    let follow = statement(sql!(
        "WITH back AS (DELETE FROM custom_fields_gone g USING custom_fields f WHERE f.id = ANY ($1::uuid[]) ",
        "AND g.resource = f.resource AND g.key = f.key) ",
        "INSERT INTO custom_fields_gone (resource, key, place) ",
        "SELECT DISTINCT j.before ->> 'resource', j.before ->> 'key', (j.before ->> 'place')::smallint FROM journal j ",
        "WHERE j.record = ANY ($1::uuid[]::text[]) AND j.resource = 'custom_fields' AND j.change = 'deleted' AND j.before IS NOT NULL ",
        "AND NOT EXISTS (SELECT 1 FROM custom_fields f WHERE f.id::text = j.record) ON CONFLICT DO NOTHING"
    ));
    follow.bind(ids).done()
}

/// A field belongs to the organization: what it is about are all records, whoever asks.
fn everything() -> Reach {
    Reach::new(RecordScope::All, None)
}

/// Whether any record has a value by this key.
pub(super) fn has_values(resource: Customized, key: FieldKey) -> Statement<bool> {
    let all = reached(everything());
    let query = match resource {
        Customized::Contacts => all
            .with::<Contact>()
            .statement(sql!("SELECT 1 FROM contacts_in_reach WHERE jsonb_exists(custom, $1) LIMIT 1")),
        Customized::Companies => all
            .with::<Company>()
            .statement(sql!("SELECT 1 FROM companies_in_reach WHERE jsonb_exists(custom, $1) LIMIT 1")),
        Customized::Deals => {
            all.with::<Deal>().statement(sql!("SELECT 1 FROM deals_in_reach WHERE jsonb_exists(custom, $1) LIMIT 1"))
        }
        Customized::Projects => all
            .with::<Project>()
            .statement(sql!("SELECT 1 FROM projects_in_reach WHERE jsonb_exists(custom, $1) LIMIT 1")),
    };
    query.bind(key).any()
}

/// Those of some records that the caller does not reach.
pub(super) fn missing(reach: Reach, named: Named) -> Statement<Vec<(Customized, Uuid)>> {
    let (resources, ids): (Vec<Customized>, Vec<Uuid>) = named.into_iter().unzip();
    let all = reached(reach).with::<Contact>().with::<Company>().with::<Deal>().with::<Project>();
    let missing = all.statement(sql!(
        "SELECT n.resource, n.id FROM unnest($1::text[], $2::uuid[]) AS n (resource, id) WHERE NOT CASE n.resource ",
        "WHEN 'contacts' THEN EXISTS (SELECT 1 FROM contacts_in_reach r WHERE r.id = n.id) ",
        "WHEN 'companies' THEN EXISTS (SELECT 1 FROM companies_in_reach r WHERE r.id = n.id) ",
        "WHEN 'deals' THEN EXISTS (SELECT 1 FROM deals_in_reach r WHERE r.id = n.id) ",
        "ELSE EXISTS (SELECT 1 FROM projects_in_reach r WHERE r.id = n.id) END"
    ));
    missing.bind(resources).bind(ids).many()
}
