//! The API document as the prover reads it: every operation, who may call it, and each place of its requests.

use reqwest::Method;
use serde_json::{Map, Value};
use tenantry_core::permission::Role;

/// All operations that the running server documents.
pub struct Document {
    pub operations: Vec<Operation>,
    schemas: Map<String, Value>,
}

/// One operation.
pub struct Operation {
    pub id: String,
    pub method: Method,
    /// The template, such as `/api/v1/contacts/{id}`.
    pub path: String,
    pub scope: Scope,
    /// The permission that it needs, or which kind of caller.
    pub permission: String,
    /// The least role that may call it; none where every signed-in person may, or anybody.
    pub role: Option<Role>,
    /// The module that it belongs to.
    pub module: Option<String>,
    /// Whether it is on records that have owners.
    pub owned: bool,
    /// The status of its success.
    pub success: u16,
    pub parameters: Vec<Spot>,
    /// Whether it can be sent again with an `Idempotency-Key`.
    pub takes_key: bool,
    /// The schema of its body.
    pub body: Option<Value>,
    /// Whether its body is a CSV file.
    pub takes_file: bool,
}

/// Whose data an operation works on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Open to anybody.
    Public,
    /// The signed-in person's own.
    Person,
    /// One tenant's.
    Tenant,
    /// Nobody's data: who runs the platform sees tenants from outside.
    Operator,
}

/// A place in a request that takes a value: a parameter's name, or a JSON pointer into the body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    pub place: Place,
    pub name: String,
    pub schema: Value,
}

impl Spot {
    /// The field that it is about: the end of a pointer, or what a filter has in its brackets.
    pub fn field(&self) -> &str {
        // Whether there is one takes none.
        if self.name.ends_with("[null]") {
            return "null";
        }
        let filtered = self.name.strip_prefix("filter[").and_then(|rest| rest.split(']').next());
        filtered.unwrap_or_else(|| self.name.rsplit('/').next().unwrap_or(&self.name))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Path,
    Query,
    Header,
    Body,
}

impl Document {
    /// Reads the document; an operation that does not say who may call it is a failure.
    pub fn read(document: &Value) -> Self {
        let schemas = document["components"]["schemas"].as_object().expect("schemas").clone();
        let mut operations = Vec::new();
        for (path, methods) in document["paths"].as_object().expect("paths") {
            for (method, operation) in methods.as_object().expect("methods") {
                operations.push(Operation::read(path, method, operation));
            }
        }
        Self { operations, schemas }
    }

    /// The operation of this method and path.
    pub fn find(&self, method: &Method, path: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.method == *method && operation.path == path)
    }

    /// A schema without references. One that may be null too is written as a choice, with null last.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let wrapped = [&schema["allOf"][0]["$ref"], &schema["anyOf"][0]["$ref"]].into_iter().find_map(Value::as_str);
        let reference = schema["$ref"].as_str().or(wrapped);
        match reference.and_then(|reference| reference.strip_prefix("#/components/schemas/")) {
            Some(name) => self.resolve(self.schemas.get(name).unwrap_or_else(|| panic!("no schema {name}"))),
            None => schema,
        }
    }

    /// Every place in the operation's requests that takes a plain value.
    pub fn spots(&self, operation: &Operation) -> Vec<Spot> {
        let mut spots = operation.parameters.clone();
        // One of several values is a value.
        for spot in spots.iter_mut().filter(|spot| spot.name.ends_with("[in]")) {
            let one = spot.name.trim_end_matches("[in]");
            if let Some(one) = operation.parameters.iter().find(|parameter| parameter.name == one) {
                spot.schema = one.schema.clone();
            }
        }
        if let Some(body) = &operation.body {
            self.leaves(body, String::new(), &mut spots);
        }
        spots
    }

    fn leaves(&self, schema: &Value, pointer: String, spots: &mut Vec<Spot>) {
        let schema = self.resolve(schema);
        if let Some(properties) = schema["properties"].as_object() {
            for (name, property) in properties {
                self.leaves(property, format!("{pointer}/{name}"), spots);
            }
        } else if schema["items"].is_object() {
            self.leaves(&schema["items"], format!("{pointer}/0"), spots);
        } else {
            spots.push(Spot { place: Place::Body, name: pointer, schema: schema.clone() });
        }
    }
}

impl Operation {
    fn read(path: &str, method: &str, operation: &Value) -> Self {
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id")).to_owned();
        let word = |key: &str| operation[key].as_str().map(str::to_owned);
        let permission = word("x-permission").unwrap_or_else(|| panic!("{id} has no x-permission"));
        let scope = match (permission.as_str(), word("x-tenant-scope").as_deref()) {
            ("anonymous", Some("platform")) => Scope::Public,
            ("signed-in", Some("user")) => Scope::Person,
            ("operator", Some("platform")) => Scope::Operator,
            (_, Some("tenant")) => Scope::Tenant,
            (_, other) => panic!("{id}: x-permission {permission} with x-tenant-scope {other:?}: teach the prover"),
        };
        let role = word("x-role").map(|role| Role::named(&role).unwrap_or_else(|| panic!("{id}: no role {role}")));
        assert_eq!(role.is_some(), scope == Scope::Tenant, "{id}: x-role and x-tenant-scope do not fit together");
        let successes = operation["responses"].as_object().expect("responses").keys();
        let success = successes.filter_map(|status| status.parse().ok()).find(|status| (101..300).contains(status));
        let mut parameters: Vec<Spot> =
            operation["parameters"].as_array().into_iter().flatten().map(parameter).collect();
        let given = parameters.len();
        parameters.retain(|spot| spot.name != "Idempotency-Key");
        let bodies = operation["requestBody"]["content"].as_object();
        let takes_file = bodies.is_some_and(|bodies| bodies.contains_key("text/csv"));
        let body = bodies.filter(|_| !takes_file).map(|bodies| {
            let json = bodies.get("application/json");
            json.unwrap_or_else(|| panic!("{id} takes no JSON: teach the prover"))["schema"].clone()
        });
        Self {
            method: method.to_uppercase().parse().expect("a method"),
            path: path.to_owned(),
            scope,
            permission,
            role,
            module: word("x-module"),
            owned: operation["x-owned"] == true,
            success: success.unwrap_or_else(|| panic!("{id} documents no success")),
            takes_key: parameters.len() < given,
            parameters,
            body,
            takes_file,
            id,
        }
    }

    /// The collection that a path parameter names a record of: what stands before it.
    pub fn collection_of(&self, parameter: &str) -> &str {
        let place = self.path.find(&format!("/{{{parameter}}}"));
        &self.path[..place.unwrap_or_else(|| panic!("{}: {parameter} is not in the path", self.id))]
    }
}

/// The type of a schema's values, but for null.
pub fn kind(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    }
}

fn parameter(parameter: &Value) -> Spot {
    let place = match parameter["in"].as_str() {
        Some("path") => Place::Path,
        Some("query") => Place::Query,
        Some("header") => Place::Header,
        other => panic!("a parameter in {other:?}: teach the prover"),
    };
    let name = parameter["name"].as_str().expect("a name").to_owned();
    Spot { place, name, schema: parameter["schema"].clone() }
}
