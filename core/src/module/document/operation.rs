//! One operation of the document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Dialect, Fault, Need, need, problem, remove, schema};
use crate::http::{IDEMPOTENCY_KEY, IDEMPOTENT_REPLAYED, takes_key};

/// The order of keys in an operation: what a person reads first comes first.
const KEYS: [&str; 15] = [
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "deprecated",
    "x-permission",
    "x-role",
    "x-tenant-scope",
    "x-module",
    "x-owned",
    "security",
    "parameters",
    "requestBody",
    "responses",
];

const MULTIPART: &str = "multipart/form-data";
const EVENT_STREAM: &str = "text/event-stream";
const CSV: &str = "text/csv";

pub(super) fn id(operation: &Map<String, Value>) -> Option<&str> {
    operation.get("operationId").and_then(Value::as_str)
}

/// Whether generators that know 3.0 only would fail on the operation.
pub(super) fn is_for_3_1_only(operation: &Map<String, Value>) -> bool {
    let answers = operation.get("responses").and_then(Value::as_object);
    if answers.is_some_and(|answers| answers.contains_key("101")) {
        return true;
    }
    let bodies = operation.get("requestBody").into_iter();
    bodies
        .chain(answers.into_iter().flat_map(Map::values))
        .filter_map(|body| body.get("content").and_then(Value::as_object))
        .flat_map(Map::keys)
        .map(|content_type| without_charset(content_type))
        .any(|content_type| [MULTIPART, EVENT_STREAM, CSV].contains(&content_type))
}

pub(super) fn write(
    name: &str,
    method: &str,
    raw: &Map<String, Value>,
    needs: &BTreeMap<String, Need>,
    dialect: Dialect,
) -> Result<Value, Fault> {
    let claim = need::find(name, raw, needs)?;
    let mut operation = raw.clone();
    mend(&mut operation, dialect);
    check_successes(name, &operation)?;
    if dialect == Dialect::V3_0 {
        keep_one_success(&mut operation);
    }
    if is_repeatable(name, method, raw, &claim) {
        take_key(&mut operation);
    }
    problem::answer(name, method, &mut operation, &claim, dialect)?;
    need::state(&mut operation, &claim);
    Ok(in_order(operation))
}

fn is_repeatable(name: &str, method: &str, raw: &Map<String, Value>, claim: &need::Claim<'_>) -> bool {
    let method = http::Method::from_bytes(method.to_ascii_uppercase().as_bytes());
    let has_file =
        raw.get("requestBody").is_some_and(|body| body.get("content").is_some_and(|kinds| kinds.get(CSV).is_some()));
    method.is_ok_and(|method| takes_key(&method, name, claim.is_anonymous(), has_file))
}

/// Says that the operation can be sent again with a key, which the endpoint around it sees to.
fn take_key(operation: &mut Map<String, Value>) {
    let key = json!({
        "name": IDEMPOTENCY_KEY,
        "in": "header",
        "description": "Makes it safe to send the request again: with the same key it is done once in 24 hours, and \
            answered alike. 409 while the first one is being answered, 422 where the key was used for another request. \
            Errors are not kept.",
        "required": false,
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
    });
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.push(key);
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
    for (_, response) in responses.filter(|(status, _)| status.starts_with('2')) {
        let Some(response) = response.as_object_mut() else { continue };
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        if let Some(headers) = headers.as_object_mut() {
            let replayed = "`true` where the answer was given before to the same Idempotency-Key.";
            let header = json!({ "description": replayed, "schema": { "type": "string", "enum": ["true"] } });
            headers.insert(IDEMPOTENT_REPLAYED.to_owned(), header);
        }
    }
}

/// Mends what the dialect minds: content types, schemas, empty descriptions.
pub(super) fn mend(operation: &mut Map<String, Value>, dialect: Dialect) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        mend_parameter(parameter, dialect);
    }
    if let Some(body) = operation.get_mut("requestBody") {
        mend_content(body, dialect);
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        mend_content(response, dialect);
        mend_headers(response, dialect);
        describe(status, response);
    }
}

/// A parameter or a header, which has the same shape.
fn mend_parameter(parameter: &mut Value, dialect: Dialect) {
    if parameter.get("deprecated") == Some(&Value::Bool(false)) {
        remove(parameter, "deprecated");
    }
    if let Some(schema) = parameter.get_mut("schema") {
        schema::mend(schema, dialect);
    }
}

fn mend_content(body: &mut Value, dialect: Dialect) {
    let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) else {
        return;
    };
    for (content_type, mut media) in std::mem::take(content) {
        let content_type = without_charset(&content_type).to_owned();
        if let Some(schema) = media.get_mut("schema") {
            schema::mend(schema, dialect);
        }
        if content_type == EVENT_STREAM {
            name_events(&mut media);
        }
        content.insert(content_type, media);
    }
}

/// A stream of events is text. poem-openapi calls it an array, which clients would look for in vain; the type of its
/// events stays in an extension key, since the word for it came after 3.1.
fn name_events(media: &mut Value) {
    let events = media.pointer("/schema/items").cloned();
    if let (Some(events), Some(media)) = (events, media.as_object_mut()) {
        media.insert("schema".into(), json!({ "type": "string" }));
        media.insert("x-event-schema".into(), events);
    }
}

fn mend_headers(response: &mut Value, dialect: Dialect) {
    let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) else {
        return;
    };
    for (name, mut header) in std::mem::take(headers) {
        mend_parameter(&mut header, dialect);
        headers.insert(header_name(&name), header);
    }
}

/// poem-openapi writes header names in capitals only, which nobody else does.
fn header_name(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "etag" => "ETag".to_owned(),
        "www-authenticate" => "WWW-Authenticate".to_owned(),
        lower => {
            let words = lower.split('-').map(|word| {
                let mut letters = word.chars();
                let first = letters.next().map(|letter| letter.to_ascii_uppercase());
                first.into_iter().chain(letters).collect::<String>()
            });
            words.collect::<Vec<_>>().join("-")
        }
    }
}

fn without_charset(content_type: &str) -> &str {
    content_type.split_once(';').map_or(content_type, |(bare, _)| bare).trim()
}

fn describe(status: &str, response: &mut Value) {
    let words = match status {
        "200" => "The answer.",
        "201" => "It was created.",
        "202" => "It was accepted and will be done later.",
        "204" => "It was done; there is nothing to add.",
        _ => return,
    };
    if let Some(description) = response.get_mut("description")
        && description.as_str().is_none_or(str::is_empty)
    {
        *description = words.into();
    }
}

/// Generators that read 3.0 know one successful answer: the one with a body, where another only says that it may come later.
fn keep_one_success(operation: &mut Map<String, Value>) {
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for responses in responses.into_iter().filter(|responses| responses.contains_key("201")) {
        responses.shift_remove("202");
    }
}

fn check_successes(name: &str, operation: &Map<String, Value>) -> Result<(), Fault> {
    let responses = operation.get("responses").and_then(Value::as_object);
    let contents: BTreeSet<String> = responses
        .into_iter()
        .flatten()
        .filter(|(status, response)| {
            status.starts_with('2') && !(*status == "202" && response.get("content").is_none())
        })
        .map(|(_, response)| response.get("content").map(Value::to_string).unwrap_or_default())
        .collect();
    match contents.len() {
        0 | 1 => Ok(()),
        _ => Err(Fault::SeveralSuccesses(name.to_owned())),
    }
}

fn in_order(mut operation: Map<String, Value>) -> Value {
    let mut ordered = Map::new();
    for key in KEYS {
        if let Some(value) = operation.shift_remove(key) {
            ordered.insert(key.to_owned(), value);
        }
    }
    ordered.extend(operation);
    ordered.into()
}
