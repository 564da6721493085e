//! The document as one caller in one organization sees it: what is there for them, with the organization's own fields.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{METHODS, collect_used, need};
use crate::custom::{CustomField, Customized, FieldType};
use crate::http::FilterOperator as Operator;

/// Whom the document is for.
pub(crate) struct Audience<'a> {
    /// Whether the organization has enabled a module.
    pub(crate) has_module: &'a dyn Fn(&str) -> bool,
    /// Whether the caller has a permission.
    pub(crate) may: &'a dyn Fn(&str) -> bool,
    /// Whether the caller would be told of an event, by its name.
    pub(crate) hears: &'a dyn Fn(&str) -> bool,
    /// The organization's own fields.
    pub(crate) fields: &'a [CustomField],
}

/// Leaves out of the document in the dialect of 3.1 what is not for the audience, and what only that refers to.
pub(crate) fn shaped(document: &Value, audience: &Audience<'_>) -> Value {
    let paths = paths(document, audience);
    let webhooks = object(document, "webhooks").filter(|(name, _)| (audience.hears)(name));
    let webhooks: Map<String, Value> = webhooks.map(|(name, webhook)| (name.clone(), webhook.clone())).collect();
    let components = components(document, [&paths, &webhooks], audience);
    let used: BTreeSet<&str> = [&paths, &webhooks].into_iter().flat_map(Map::values).flat_map(tags_of).collect();
    let mut shaped = Map::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        let value = match key.as_str() {
            "paths" => paths.clone().into(),
            "webhooks" => webhooks.clone().into(),
            "components" => components.clone(),
            "tags" => {
                let tags = value.as_array().into_iter().flatten();
                let is_used = |tag: &&Value| tag["name"].as_str().is_some_and(|name| used.contains(name));
                tags.filter(is_used).cloned().collect()
            }
            _ => value.clone(),
        };
        if key != "webhooks" || !webhooks.is_empty() {
            shaped.insert(key.clone(), value);
        }
    }
    shaped.into()
}

fn object<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

fn tags_of(item: &Value) -> impl Iterator<Item = &str> {
    let operations = item.as_object().into_iter().flat_map(Map::values);
    operations.filter_map(|operation| operation["tags"].as_array()).flatten().filter_map(Value::as_str)
}

fn paths(document: &Value, audience: &Audience<'_>) -> Map<String, Value> {
    let mut paths = Map::new();
    // Operators sign in there, which is nobody's business who is none.
    let open = |(path, _): &(&String, &Value)| !path.contains("/operator/");
    for (path, item) in object(document, "paths").filter(open) {
        let mut methods = Map::new();
        for method in METHODS {
            let Some(operation) = item.get(method).filter(|operation| is_for(operation, audience)) else { continue };
            let mut operation = operation.clone();
            ask_for_fields(&mut operation, audience.fields);
            methods.insert(method.to_owned(), operation);
        }
        if !methods.is_empty() {
            paths.insert(path.clone(), methods.into());
        }
    }
    paths
}

fn is_for(operation: &Value, audience: &Audience<'_>) -> bool {
    let module = operation["x-module"].as_str();
    let permission = operation["x-permission"].as_str().unwrap_or(need::OPERATOR);
    module.is_none_or(|module| (audience.has_module)(module))
        && match permission {
            need::OPERATOR => false,
            need::ANONYMOUS | need::SIGNED_IN => true,
            permission => (audience.may)(permission),
        }
}

/// Adds the filters and the orders by own fields to the list of their records, and to its export.
fn ask_for_fields(operation: &mut Value, fields: &[CustomField]) {
    let id = operation["operationId"].as_str();
    let list = id.and_then(|id| id.strip_suffix("_list").or_else(|| id.strip_suffix("_export")));
    let Some(resource) = list.and_then(Customized::of) else { return };
    let own = fields.iter().filter(|field| field.resource == resource);
    let Some(parameters) = operation["parameters"].as_array_mut() else { return };
    let sort = parameters.iter_mut().find(|parameter| parameter["name"] == "sort");
    if let Some(words) = sort.and_then(|sort| sort.pointer_mut("/schema/enum")?.as_array_mut()) {
        for field in own.clone().filter(|field| field.kind.has_order()) {
            words.push(format!("custom.{}", field.key).into());
            words.push(format!("-custom.{}", field.key).into());
        }
    }
    let filters = own.flat_map(|field| field.kind.operators().iter().map(move |operator| filter(field, *operator)));
    parameters.extend(filters);
}

fn filter(field: &CustomField, operator: Operator) -> Value {
    let schema = match operator {
        Operator::In => json!({ "type": "string", "minLength": 1, "maxLength": 4000 }),
        Operator::Null => json!({ "type": "boolean" }),
        _ => value(field, true),
    };
    json!({
        "name": field.parameter(operator),
        "schema": schema,
        "in": "query",
        "description": format!("{} {}", sentence(field), operator.meaning()),
        "required": false,
        "explode": true,
    })
}

fn sentence(field: &CustomField) -> String {
    format!("{}.", field.label.as_str().trim_end_matches('.'))
}

/// The schema of a field's values. What a record has was taken before its field was changed, so it may be none of the choices.
fn value(field: &CustomField, is_sent: bool) -> Value {
    let mut schema = match field.kind {
        FieldType::Text => json!({ "type": "string", "minLength": 1, "maxLength": 500 }),
        FieldType::Number => json!({ "type": "number" }),
        FieldType::Date => json!({ "type": "string", "format": "date" }),
        FieldType::Choice if is_sent => json!({ "type": "string", "enum": field.choices }),
        FieldType::Choice => json!({ "type": "string" }),
        FieldType::Boolean => json!({ "type": "boolean" }),
        FieldType::Reference => json!({ "type": "string", "format": "uuid" }),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), field.label.as_str().into());
    }
    schema
}

/// Which schemas have `custom`, and which of them are sent.
fn schemas_of(resource: Customized) -> [(String, Use); 4] {
    let name = match resource {
        Customized::Contacts => "Contact",
        Customized::Companies => "Company",
        Customized::Deals => "Deal",
        Customized::Projects => "Project",
    };
    [
        (name.to_owned(), Use::Shown),
        (format!("New{name}"), Use::Made),
        (format!("{name}Patch"), Use::Changed),
        (format!("{name}BulkUpdate"), Use::Changed),
    ]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Shown,
    Made,
    Changed,
}

/// Puts the own fields of a resource into the schemas of its records.
fn describe_fields(schemas: &mut BTreeMap<String, Value>, resource: Customized, fields: &[CustomField]) {
    for (name, purpose) in schemas_of(resource) {
        let schema = schemas.get_mut(&name).and_then(|schema| schema.pointer_mut("/properties/custom"));
        let Some(schema) = schema.and_then(Value::as_object_mut) else { continue };
        let own = || fields.iter().filter(|field| field.resource == resource);
        let mut properties = Map::new();
        for field in own() {
            let mut value = value(field, purpose != Use::Shown);
            if purpose == Use::Changed && !field.required {
                or_null(&mut value);
            }
            properties.insert(field.key.to_string(), value);
        }
        schema.insert("properties".into(), properties.into());
        schema.insert("additionalProperties".into(), false.into());
        let required: Vec<Value> =
            own().filter(|field| field.required).map(|field| field.key.as_str().into()).collect();
        if purpose == Use::Made && !required.is_empty() {
            schema.insert("required".into(), required.into());
            schema.shift_remove("default");
        }
    }
}

fn or_null(schema: &mut Value) {
    schema["type"] = json!([schema["type"], "null"]);
    if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        words.push(Value::Null);
    }
}

fn components(document: &Value, users: [&Map<String, Value>; 2], audience: &Audience<'_>) -> Value {
    let components = document.get("components").unwrap_or(&Value::Null);
    let mut schemas: BTreeMap<String, Value> =
        object(components, "schemas").map(|(name, schema)| (name.clone(), schema.clone())).collect();
    for resource in Customized::ALL {
        describe_fields(&mut schemas, resource, audience.fields);
    }
    let mut used = BTreeSet::new();
    for value in users.into_iter().flat_map(Map::values) {
        collect_used(value, &schemas, &mut used);
    }
    let is_used =
        |used: &BTreeSet<String>, kind: &str, name: &str| used.contains(&format!("#/components/{kind}/{name}"));
    let responses: Map<String, Value> = object(components, "responses")
        .filter(|(name, _)| is_used(&used, "responses", name))
        .map(|(name, response)| (name.clone(), response.clone()))
        .collect();
    for response in responses.values() {
        collect_used(response, &schemas, &mut used);
    }
    schemas.retain(|name, _| is_used(&used, "schemas", name));
    let mut shaped = components.as_object().cloned().unwrap_or_default();
    shaped.insert("schemas".into(), schemas.into_iter().collect());
    shaped.insert("responses".into(), responses.into());
    if let Some(schemes) = shaped.get_mut("securitySchemes").and_then(Value::as_object_mut) {
        schemes.shift_remove("operator");
    }
    shaped.into()
}
