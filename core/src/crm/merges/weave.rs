//! What the kept record becomes: its own fields, its empty ones filled, its lists united with those of the others.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::kind::{LIST_HOLDS, TAGS_HOLD};

/// A record by its columns.
pub(super) type Fields = Map<String, Value>;

/// Columns that are no matter of a merge.
const ASIDE: [&str; 5] = ["id", "version", "created_at", "updated_at", "owner_id"];

/// The columns of a table that a merge may change.
pub(super) fn mergeable(columns: &'static str) -> impl Iterator<Item = &'static str> {
    columns.split(',').map(str::trim).filter(|column| !ASIDE.contains(column))
}

/// A column whose list would hold too much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TooMany(pub(super) &'static str);

/// The columns of the kept record, which is the first of these, that get another value.
pub(super) fn weave(
    records: &[(Uuid, Fields)],
    columns: &'static str,
    spills: &[(&str, &str)],
    picks: &HashMap<String, Uuid>,
) -> Result<Fields, TooMany> {
    let Some((_, kept)) = records.first() else { return Ok(Fields::new()) };
    let mut woven = Fields::new();
    for column in mergeable(columns) {
        let values = || records.iter().filter_map(|(_, fields)| fields.get(column)).filter(|value| !value.is_null());
        let picked = picks.get(column).and_then(|id| records.iter().find(|(own, _)| own == id));
        let value = match (picked, values().next()) {
            (Some((_, fields)), _) => fields.get(column).cloned().unwrap_or_default(),
            (None, Some(Value::Array(_))) => united(values()),
            (None, Some(Value::Object(_))) => overlaid(values()),
            (None, first) => first.cloned().unwrap_or_default(),
        };
        woven.insert(column.to_owned(), value);
    }
    for (column, list) in spills {
        if !picks.contains_key(*list) {
            spill(&mut woven, records, column, list);
        }
    }
    for column in mergeable(columns) {
        let holds = if column == "tags" { TAGS_HOLD } else { LIST_HOLDS };
        if woven.get(column).and_then(Value::as_array).is_some_and(|list| list.len() > holds) {
            return Err(TooMany(column));
        }
    }
    woven.retain(|column, value| kept.get(column).unwrap_or(&Value::Null) != value);
    Ok(woven)
}

/// All of the lists, each part once.
fn united<'a>(lists: impl Iterator<Item = &'a Value>) -> Value {
    let mut all: Vec<Value> = Vec::new();
    for part in lists.filter_map(Value::as_array).flatten() {
        if !all.contains(part) {
            all.push(part.clone());
        }
    }
    all.into()
}

/// All of the objects, of which the first one with a key counts.
fn overlaid<'a>(objects: impl Iterator<Item = &'a Value>) -> Value {
    let mut all = Fields::new();
    for (key, value) in objects.filter_map(Value::as_object).flatten() {
        if all.get(key).is_none_or(Value::is_null) {
            all.insert(key.clone(), value.clone());
        }
    }
    all.into()
}

/// Puts the values of a column that do not count into a list of further ones, where the record has such a list.
fn spill(woven: &mut Fields, records: &[(Uuid, Fields)], column: &str, list: &str) {
    let same = |one: &Value, other: &str| one.as_str().is_some_and(|one| one.to_lowercase() == other.to_lowercase());
    let counts = woven.get(column).cloned().unwrap_or_default();
    let Some(further) = woven.get_mut(list).and_then(Value::as_array_mut) else { return };
    for value in records.iter().filter_map(|(_, fields)| fields.get(column)?.as_str()) {
        let is_there = same(&counts, value) || further.iter().any(|part| same(&part[column], value));
        if !is_there && (column != "phone" || is_international(value)) {
            further.push(json!({ "label": null, column: value }));
        }
    }
}

/// Numbers from before they were checked have no place in the list.
fn is_international(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &str = "id, first_name, last_name, email, phone, emails, phones, tags, custom, version, owner_id";
    const SPILLS: [(&str, &str); 2] = [("email", "emails"), ("phone", "phones")];

    fn record(n: u128, fields: Value) -> (Uuid, Fields) {
        (Uuid::from_u128(n), fields.as_object().cloned().unwrap_or_default())
    }

    fn woven(records: &[(Uuid, Fields)], picks: &[(&str, u128)]) -> Result<Value, TooMany> {
        let picks = picks.iter().map(|(name, n)| ((*name).to_owned(), Uuid::from_u128(*n))).collect();
        weave(records, COLUMNS, &SPILLS, &picks).map(Value::Object)
    }

    #[test]
    fn empty_fields_are_filled_and_others_stay() {
        let records = [
            record(
                1,
                json!({ "id": "1", "first_name": null, "last_name": "Lovelace", "tags": ["a"], "owner_id": "x", "version": 3 }),
            ),
            record(
                2,
                json!({ "id": "2", "first_name": "Ada", "last_name": "King", "tags": ["b", "a"], "owner_id": "y", "version": 9 }),
            ),
            record(3, json!({ "id": "3", "first_name": "Augusta", "last_name": null, "tags": [] })),
        ];
        assert_eq!(woven(&records, &[]), Ok(json!({ "first_name": "Ada", "tags": ["a", "b"] })));
        assert_eq!(
            woven(&records, &[("last_name", 2), ("first_name", 1), ("tags", 3)]),
            Ok(json!({ "last_name": "King", "tags": [] }))
        );
    }

    #[test]
    fn addresses_that_do_not_count_are_kept_as_further_ones() {
        let records = [
            record(1, json!({ "email": "ada@example.com", "phone": "+431234567", "emails": [], "phones": [] })),
            record(
                2,
                json!({ "email": "ADA@example.com", "phone": "0664 1", "emails": [{ "label": "work", "email": "a@b.c" }], "phones": [] }),
            ),
            record(3, json!({ "email": "countess@example.com", "phone": "+441234567", "emails": [], "phones": [] })),
        ];
        assert_eq!(
            woven(&records, &[]),
            Ok(json!({
                "emails": [{ "label": "work", "email": "a@b.c" }, { "label": null, "email": "countess@example.com" }],
                "phones": [{ "label": null, "phone": "+441234567" }],
            }))
        );
    }

    #[test]
    fn objects_are_laid_over_each_other() {
        let records = [
            record(1, json!({ "custom": { "a": 1, "b": null } })),
            record(2, json!({ "custom": { "a": 2, "b": 3, "c": 4 } })),
        ];
        assert_eq!(woven(&records, &[]), Ok(json!({ "custom": { "a": 1, "b": 3, "c": 4 } })));
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let tags = |from: usize| (from..from + 30).map(|n| n.to_string()).collect::<Vec<_>>();
        let records = [record(1, json!({ "tags": tags(0) })), record(2, json!({ "tags": tags(30) }))];
        assert_eq!(woven(&records, &[]), Err(TooMany("tags")));
        assert_eq!(woven(&records, &[("tags", 1)]), Ok(json!({})));
    }
}
