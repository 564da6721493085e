//! The API document: what poem-openapi emits, rewritten as valid OpenAPI 3.1 and as valid 3.0.3.
//!
//! poem-openapi names a version, 3.0.0, whose rules it does not keep: content types carry a charset, formats are
//! its own, `nullable` stands beside references, and answers given by middleware are missing. Here is the only
//! place that knows it; everything that reads the document reads the result.

mod need;
mod operation;
mod problem;
mod schema;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

pub use need::Need;
pub(crate) use shape::{Audience, shaped};

/// The order of methods in a path, for a document that does not change when routes are declared in another order.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The document in the dialect of OpenAPI 3.1.
///
/// `needs` explains the security schemes that operations name: see [`Need`]. `anonymous`, `signed-in` and
/// `operator` explain themselves and may be left out of it.
pub fn to_3_1(emitted: &Value, needs: &BTreeMap<String, Need>) -> Result<Value, DocumentError> {
    write(emitted, needs, Dialect::V3_1)
}

/// The same in OpenAPI 3.0.3, for generators that know no other.
///
/// Operations that send `multipart/form-data`, answer with `text/event-stream` or switch to another protocol are left out:
/// the generators that stay with 3.0 fail on the whole document where they meet one.
pub fn to_3_0(emitted: &Value, needs: &BTreeMap<String, Need>) -> Result<Value, DocumentError> {
    write(emitted, needs, Dialect::V3_0)
}

/// Everything that keeps the document from being written, so that one run shows it all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the API document cannot be written: {}", self.sentence())]
pub struct DocumentError {
    /// What is wrong, in the order of paths and methods.
    pub faults: Vec<Fault>,
}

impl DocumentError {
    fn sentence(&self) -> String {
        let faults: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        faults.join("; ")
    }
}

/// What is wrong with one operation, which is named by its id, or by method and path where it has none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Generators name their functions by the id.
    #[error("{0} has no operation id")]
    NoOperationId(String),
    /// Generators would write the same function twice.
    #[error("{0} is the id of several operations")]
    SameOperationId(String),
    /// No argument of the handler is an extractor that names a need.
    #[error("{0} does not say who may call it")]
    NoNeed(String),
    /// Several entries mean "either of these" in OpenAPI, while several extractors mean "all of these".
    #[error("{0} names more than one need")]
    SeveralNeeds(String),
    /// The need is neither built in nor in the map.
    #[error("{operation} names the unknown need `{need}`")]
    UnknownNeed {
        /// The operation.
        operation: String,
        /// The need it names.
        need: String,
    },
    /// Generated clients have one type for the answer of an operation.
    #[error("{0} has more than one type of successful answer")]
    SeveralSuccesses(String),
    /// Generated clients have one type for the errors of an operation, and here it is the problem.
    #[error("{operation} answers {status} with something else than a problem")]
    NotAProblem {
        /// The operation.
        operation: String,
        /// The status of the answer.
        status: String,
    },
}

/// A version of OpenAPI, with what differs in the words for schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    V3_0,
    V3_1,
}

impl Dialect {
    fn version(self) -> &'static str {
        match self {
            Dialect::V3_0 => "3.0.3",
            Dialect::V3_1 => "3.1.0",
        }
    }
}

fn write(emitted: &Value, needs: &BTreeMap<String, Need>, dialect: Dialect) -> Result<Value, DocumentError> {
    let paths = paths(emitted, needs, dialect)?;
    let webhooks = match dialect {
        Dialect::V3_0 => Map::new(),
        Dialect::V3_1 => webhooks(emitted),
    };
    let mut components = components(emitted, [&paths, &webhooks], dialect);
    schema::close(&mut components, &paths);

    let mut document = Map::new();
    document.insert("openapi".into(), dialect.version().into());
    document.insert("info".into(), info(emitted, dialect));
    document.insert("servers".into(), json!([{ "url": "/" }]));
    document.insert("tags".into(), tags(emitted));
    document.insert("paths".into(), paths.into());
    if !webhooks.is_empty() {
        document.insert("webhooks".into(), webhooks.into());
    }
    document.insert("components".into(), components);
    if let Some(docs) = emitted.get("externalDocs") {
        document.insert("externalDocs".into(), docs.clone());
    }
    Ok(document.into())
}

fn info(emitted: &Value, dialect: Dialect) -> Value {
    let mut info = emitted.get("info").cloned().unwrap_or_default();
    if dialect == Dialect::V3_0 {
        // Both words came with 3.1.
        remove(&mut info, "summary");
        if let Some(license) = info.get_mut("license") {
            remove(license, "identifier");
        }
    }
    info
}

fn tags(emitted: &Value) -> Value {
    let declared = emitted.get("tags").and_then(Value::as_array);
    let mut by_name = BTreeMap::new();
    for tag in declared.into_iter().flatten() {
        if let Some(name) = tag.get("name").and_then(Value::as_str) {
            by_name.entry(name).or_insert_with(|| tag.clone());
        }
    }
    by_name.into_values().collect()
}

fn paths(
    emitted: &Value,
    needs: &BTreeMap<String, Need>,
    dialect: Dialect,
) -> Result<Map<String, Value>, DocumentError> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut paths = Map::new();
    for (path, item) in sorted(emitted.get("paths")) {
        let mut methods = Map::new();
        for method in METHODS {
            let Some(raw) = item.get(method).and_then(Value::as_object) else {
                continue;
            };
            match operation::id(raw) {
                None => faults.push(Fault::NoOperationId(format!("{method} {path}"))),
                Some(id) if !seen.insert(id) => faults.push(Fault::SameOperationId(id.to_owned())),
                Some(_) => {}
            }
            if dialect == Dialect::V3_0 && operation::is_for_3_1_only(raw) {
                continue;
            }
            let name = operation::id(raw).map_or_else(|| format!("{method} {path}"), str::to_owned);
            match operation::write(&name, method, raw, needs, dialect) {
                Ok(operation) => {
                    methods.insert(method.into(), operation);
                }
                Err(fault) => faults.push(fault),
            }
        }
        if !methods.is_empty() {
            paths.insert(path.clone(), methods.into());
        }
    }
    if faults.is_empty() { Ok(paths) } else { Err(DocumentError { faults }) }
}

/// Webhooks are calls that the platform makes: nobody needs a permission for them and no answer is ours.
fn webhooks(emitted: &Value) -> Map<String, Value> {
    let mut webhooks = Map::new();
    for (name, item) in sorted(emitted.get("webhooks")) {
        let mut item = item.clone();
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
            if let Some(operation) = operation.as_object_mut() {
                operation::mend(operation, Dialect::V3_1);
            }
        }
        webhooks.insert(name.clone(), item);
    }
    webhooks
}

fn components(emitted: &Value, users: [&Map<String, Value>; 2], dialect: Dialect) -> Value {
    let mut schemas = BTreeMap::new();
    for (name, schema) in sorted(emitted.pointer("/components/schemas")) {
        let mut schema = schema.clone();
        schema::mend(&mut schema, dialect);
        schemas.insert(name.clone(), schema);
    }
    problem::add_schemas(&mut schemas);

    let mut used = BTreeSet::new();
    for value in users.into_iter().flat_map(Map::values) {
        collect_used(value, &schemas, &mut used);
    }
    let responses = problem::responses(&used, dialect);
    collect_used(&responses, &schemas, &mut used);
    // What only the operations left out of 3.0 use would be dead code in a client.
    schemas.retain(|name, _| used.contains(&format!("#/components/schemas/{name}")));

    let mut components = Map::new();
    components.insert("schemas".into(), schemas.into_iter().collect());
    components.insert("responses".into(), responses);
    components.insert("securitySchemes".into(), need::schemes());
    components.into()
}

/// Collects what `value` refers to, and what that refers to in turn.
fn collect_used(value: &Value, schemas: &BTreeMap<String, Value>, used: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|v| collect_used(v, schemas, used)),
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref").and_then(Value::as_str)
                && used.insert(reference.to_owned())
                && let Some(schema) = reference.strip_prefix("#/components/schemas/").and_then(|name| schemas.get(name))
            {
                collect_used(schema, schemas, used);
            }
            map.values().for_each(|v| collect_used(v, schemas, used));
        }
        _ => {}
    }
}

fn sorted(value: Option<&Value>) -> BTreeMap<&String, &Value> {
    let map = value.and_then(Value::as_object);
    map.into_iter().flatten().collect()
}

fn remove(value: &mut Value, key: &str) {
    if let Some(map) = value.as_object_mut() {
        // Not `remove`, which moves the last key into the gap.
        map.shift_remove(key);
    }
}

#[cfg(test)]
mod tests;
