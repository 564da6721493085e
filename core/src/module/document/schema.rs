//! Schemas in the words of one dialect.

use serde_json::{Map, Value, json};

use super::Dialect;
use crate::http::NEVER_NULL;

/// Mends a schema and the schemas within it.
pub(super) fn mend(schema: &mut Value, dialect: Dialect) {
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    undouble(map);
    let_optional_be_null(map);
    use_standard_names(map);
    use_whole_numbers(map);
    mend_within(map, dialect);
    match dialect {
        Dialect::V3_0 => speak_3_0(map),
        Dialect::V3_1 => speak_3_1(map),
    }
}

/// Says of what is sent in a body that it may have no other fields, which is how bodies are read.
pub(super) fn close(components: &mut Value, paths: &Map<String, Value>) {
    let operations = paths.values().filter_map(Value::as_object).flat_map(Map::values);
    let mut open: Vec<String> =
        operations.filter_map(|operation| operation.get("requestBody")).flat_map(references).collect();
    while let Some(name) = open.pop() {
        let schema = components.pointer_mut(&format!("/schemas/{name}")).and_then(Value::as_object_mut);
        let Some(schema) = schema.filter(|schema| schema.contains_key("properties")) else { continue };
        if schema.insert("additionalProperties".into(), false.into()).is_none() {
            open.extend(schema.values().flat_map(references));
        }
    }
}

/// The names of the schemas that a part of the document refers to.
fn references(part: &Value) -> Vec<String> {
    match part {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
            own.map(str::to_owned).into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(parts) => parts.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// Steps only where the specification has schemas: a property may well be called `nullable` or `example`.
fn mend_within(map: &mut Map<String, Value>, dialect: Dialect) {
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                properties.values_mut().for_each(|v| mend(v, dialect));
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => {
                parts.iter_mut().for_each(|v| mend(v, dialect));
            }
            ("items" | "additionalProperties" | "not", value) => mend(value, dialect),
            _ => {}
        }
    }
}

/// For a field that is a reference and has anything to add, poem-openapi writes the addition twice: beside `allOf`
/// and as its second part. The second part would make generators merge an enum with an object.
fn undouble(map: &mut Map<String, Value>) {
    let Some(Value::Array(parts)) = map.get("allOf") else {
        return;
    };
    let [reference, Value::Object(addition)] = parts.as_slice() else {
        return;
    };
    let repeats = addition.iter().all(|(key, value)| map.get(key) == Some(value));
    if !repeats || reference.get("$ref").is_none() {
        return;
    }
    let reference = reference.clone();
    map.insert("allOf".into(), json!([reference]));
}

/// Fields that may be left out of a request may be null there as well, and in an answer they are null. poem-openapi
/// says only the former. A [`NEVER_NULL`] field may be left out and no more.
fn let_optional_be_null(map: &mut Map<String, Value>) {
    let required = map.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let properties = map.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        let is_optional = !required.iter().any(|other| other == name);
        let Some(property) = property.as_object_mut().filter(|_| is_optional) else {
            continue;
        };
        if property.get("title").and_then(Value::as_str) == Some(NEVER_NULL) {
            unmark(property);
            continue;
        }
        if let Some(reference) = property.shift_remove("$ref") {
            property.insert("allOf".into(), json!([{ "$ref": reference }]));
        }
        property.insert("nullable".into(), true.into());
    }
}

/// For a reference the mark stands in the second part of `allOf` too, which goes later where it adds nothing.
fn unmark(map: &mut Map<String, Value>) {
    map.shift_remove("title");
    let parts = map.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        if let Some(part) = part.as_object_mut() {
            part.shift_remove("title");
        }
    }
}

fn use_standard_names(map: &mut Map<String, Value>) {
    if map.get("type").and_then(Value::as_str) == Some("non_zero_integer") {
        map.insert("type".into(), "integer".into());
    }
    let standard = match map.get("format").and_then(Value::as_str) {
        Some("naive-date") => "date",
        // Without an offset they are not `date-time` and `time`; these are their names in the format registry.
        Some("naive-date-time") => "date-time-local",
        Some("naive-time") => "time-local",
        Some("bytes") => "byte",
        Some("url") => "uri",
        _ => return,
    };
    map.insert("format".into(), standard.into());
}

/// Bounds arrive as floats, also those of integers.
fn use_whole_numbers(map: &mut Map<String, Value>) {
    // Beyond it floats skip integers.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    for key in ["minimum", "maximum", "multipleOf"] {
        if let Some(bound) = map.get_mut(key)
            && let Some(number) = bound.as_f64()
            && number.fract() == 0.0
            && number.abs() <= EXACT
        {
            *bound = Value::from(number as i64);
        }
    }
}

/// 3.0 says nothing about `nullable` beside `allOf`, and openapi-python-client fails on it where the reference is an
/// enum; beside `anyOf` every generator understands it.
fn speak_3_0(map: &mut Map<String, Value>) {
    if map.get("nullable") == Some(&Value::Bool(true)) {
        loosen(map);
        add_null_to_enum(map);
    }
}

fn speak_3_1(map: &mut Map<String, Value>) {
    if let Some(example) = map.shift_remove("example") {
        map.insert("examples".into(), json!([example]));
    }
    use_numbers_for_exclusive(map, "exclusiveMinimum", "minimum");
    use_numbers_for_exclusive(map, "exclusiveMaximum", "maximum");
    if map.shift_remove("nullable") == Some(Value::Bool(true)) {
        allow_null(map);
    }
}

fn use_numbers_for_exclusive(map: &mut Map<String, Value>, exclusive: &str, bound: &str) {
    let Some(Value::Bool(is_exclusive)) = map.get(exclusive) else {
        return;
    };
    let number = is_exclusive.then(|| map.shift_remove(bound)).flatten();
    if let Some(number) = number {
        map.insert(exclusive.into(), number);
    } else {
        map.shift_remove(exclusive);
    }
}

fn allow_null(map: &mut Map<String, Value>) {
    if let Some(Value::String(name)) = map.get("type") {
        let types = json!([name, "null"]);
        map.insert("type".into(), types);
    }
    add_null_to_enum(map);
    loosen(map);
    for key in ["anyOf", "oneOf"] {
        if let Some(Value::Array(parts)) = map.get_mut(key) {
            parts.push(json!({ "type": "null" }));
        }
    }
}

fn add_null_to_enum(map: &mut Map<String, Value>) {
    if let Some(Value::Array(values)) = map.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
}

/// Writes `allOf` of one part as `anyOf`, which means the same and leaves room for null.
fn loosen(map: &mut Map<String, Value>) {
    let is_single = matches!(map.get("allOf"), Some(Value::Array(parts)) if parts.len() == 1);
    if is_single && let Some(parts) = map.shift_remove("allOf") {
        map.insert("anyOf".into(), parts);
    }
}
