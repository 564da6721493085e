//! The errors that the platform itself answers with, which no handler declares.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Dialect, Fault, need::Claim};

const CONTENT_TYPE: &str = "application/problem+json";
const SCHEMA: &str = "#/components/schemas/Problem";
const RESPONSES: &str = "#/components/responses/";

/// When an operation gets the answer without declaring it.
#[derive(Clone, Copy)]
enum When {
    Always,
    SignedIn,
    Permission,
    Body,
    Input,
    /// What changes something can meet something else that stands in the way.
    Change,
    /// What takes `If-Match`.
    Version,
}

struct Answer {
    status: &'static str,
    name: &'static str,
    when: When,
    description: &'static str,
    headers: &'static [(&'static str, &'static str)],
}

const fn answer_of(status: &'static str, name: &'static str, when: When, description: &'static str) -> Answer {
    Answer { status, name, when, description, headers: &[] }
}

impl Answer {
    const fn with(self, headers: &'static [(&'static str, &'static str)]) -> Answer {
        Answer { headers, ..self }
    }
}

const RETRY_AFTER: &str = "In how many seconds to try again.";

#[rustfmt::skip]
const ANSWERS: [Answer; 17] = [
    answer_of("400", "BadRequest", When::Always, "The request cannot be read."),
    answer_of("401", "Unauthorized", When::SignedIn, "The access token is missing, has expired or is not valid.")
        .with(&[("WWW-Authenticate", "How to sign in.")]),
    answer_of("403", "Forbidden", When::Permission, "Your role does not have the permission."),
    answer_of("404", "NotFound", When::Always, "It does not exist, or you may not know that it does."),
    answer_of("406", "NotAcceptable", When::Always, "None of the accepted content types is on offer."),
    answer_of("408", "RequestTimeout", When::Body, "The body did not arrive in time."),
    answer_of("409", "Conflict", When::Change, "It contradicts what is stored."),
    answer_of("412", "PreconditionFailed", When::Version, "It has changed since you read it."),
    answer_of("413", "ContentTooLarge", When::Body, "The body is too large."),
    answer_of("414", "UriTooLong", When::Always, "Path and query are too long."),
    answer_of("415", "UnsupportedMediaType", When::Body, "The content type of the body is not supported."),
    answer_of("422", "UnprocessableContent", When::Input, "The request can be read, but a value is not valid."),
    answer_of("428", "PreconditionRequired", When::Version, "The header If-Match is missing."),
    answer_of("429", "TooManyRequests", When::Always, "There were too many requests.")
        .with(&[
            ("Retry-After", RETRY_AFTER),
            ("RateLimit-Policy", "What is allowed, as `q` times in `w` seconds."),
            ("RateLimit", "What is left of it, `r`, and in how many seconds there is more, `t`."),
        ]),
    answer_of("431", "RequestHeaderFieldsTooLarge", When::Always, "The headers are too large."),
    answer_of("500", "InternalServerError", When::Always, "The fault is ours; it has been recorded."),
    answer_of("503", "ServiceUnavailable", When::Always, "The platform cannot serve it now.")
        .with(&[("Retry-After", RETRY_AFTER)]),
];

/// Gives an operation the answers that it can get and does not declare, and one type for all its errors.
pub(super) fn answer(
    name: &str,
    method: &str,
    operation: &mut Map<String, Value>,
    claim: &Claim<'_>,
    dialect: Dialect,
) -> Result<(), Fault> {
    let has_body = operation.contains_key("requestBody");
    let has_input = has_body || operation.contains_key("parameters");
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let has_version = parameters.clone().any(|parameter| parameter.get("name").is_some_and(|name| name == "If-Match"));
    let declared = operation.shift_remove("responses").unwrap_or_default();

    let mut responses = BTreeMap::new();
    for (status, response) in declared.as_object().into_iter().flatten() {
        let response = if is_error(status) { as_problem(name, status, response, dialect)? } else { response.clone() };
        responses.insert(status.clone(), response);
    }
    for answer in &ANSWERS {
        let is_due = match answer.when {
            When::Always => true,
            When::SignedIn => !claim.is_anonymous(),
            When::Permission => claim.has_permission(),
            When::Body => has_body,
            When::Input => has_input,
            When::Change => method != "get",
            When::Version => has_version,
        };
        if is_due {
            responses.entry(answer.status.to_owned()).or_insert_with(|| reference(answer));
        }
    }
    operation.insert("responses".into(), responses.into_iter().collect());
    Ok(())
}

/// The shared answers that are in use.
pub(super) fn responses(used: &BTreeSet<String>, dialect: Dialect) -> Value {
    ANSWERS
        .iter()
        .filter(|answer| used.contains(&format!("{RESPONSES}{}", answer.name)))
        .map(|answer| (answer.name.to_owned(), response(answer, dialect)))
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .collect()
}

/// Adds the schema of a problem where no operation brought it.
pub(super) fn add_schemas(schemas: &mut BTreeMap<String, Value>) {
    let text = || json!({ "type": "string" });
    schemas.entry("Problem".to_owned()).or_insert_with(|| {
        json!({
            "type": "object",
            "description": "What went wrong (RFC 9457).",
            "required": ["type", "title", "status", "detail", "code"],
            "properties": {
                "type": text(),
                "title": text(),
                "status": { "type": "integer" },
                "detail": text(),
                "code": text(),
                "instance": text(),
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["pointer", "detail"],
                        "properties": { "pointer": text(), "detail": text() },
                    },
                },
            },
        })
    });
}

fn is_error(status: &str) -> bool {
    status == "default" || status.starts_with('4') || status.starts_with('5')
}

/// A declared error as a problem; the shared one where the operation has no words of its own.
fn as_problem(name: &str, status: &str, response: &Value, dialect: Dialect) -> Result<Value, Fault> {
    let content = response.get("content").and_then(Value::as_object);
    let is_problem = content
        .into_iter()
        .flat_map(Map::values)
        .all(|media| media.pointer("/schema/$ref").and_then(Value::as_str) == Some(SCHEMA));
    if !is_problem {
        return Err(Fault::NotAProblem { operation: name.to_owned(), status: status.to_owned() });
    }
    let description = response.get("description").and_then(Value::as_str);
    let shared = ANSWERS.iter().find(|answer| answer.status == status);
    if let Some(shared) = shared
        && description.is_none_or(str::is_empty)
        && response.get("headers").is_none()
    {
        return Ok(reference(shared));
    }
    let mut problem = response.clone();
    if let Some(problem) = problem.as_object_mut() {
        problem.insert("content".into(), content_of_problem(dialect));
        for (header, due) in shared.into_iter().flat_map(headers) {
            let headers = problem.entry("headers").or_insert_with(|| json!({}));
            if let Some(headers) = headers.as_object_mut() {
                headers.entry(header).or_insert(due);
            }
        }
    }
    Ok(problem)
}

fn reference(answer: &Answer) -> Value {
    json!({ "$ref": format!("{RESPONSES}{}", answer.name) })
}

fn response(answer: &Answer, dialect: Dialect) -> Value {
    let mut response = json!({
        "description": answer.description,
        "content": content_of_problem(dialect),
    });
    let headers: Map<String, Value> = headers(answer).map(|(name, header)| (name.to_owned(), header)).collect();
    if let Some(response) = response.as_object_mut()
        && !headers.is_empty()
    {
        response.insert("headers".into(), headers.into());
    }
    response
}

fn headers(answer: &Answer) -> impl Iterator<Item = (&'static str, Value)> {
    let header = |description| json!({ "description": description, "schema": { "type": "string" } });
    answer.headers.iter().map(move |(name, description)| (*name, header(*description)))
}

fn content_of_problem(dialect: Dialect) -> Value {
    let media = json!({ "schema": { "$ref": SCHEMA } });
    match dialect {
        // progenitor reads the type of an error only where it is called `application/json`.
        Dialect::V3_0 => json!({ CONTENT_TYPE: media, "application/json": media }),
        Dialect::V3_1 => json!({ CONTENT_TYPE: media }),
    }
}
