//! One test for each rule.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

const READ: &str = "crm.contacts.read";

/// What poem-openapi emits for one `GET /contacts` of a module, with `more` laid over the operation.
fn emitted(more: Value) -> Value {
    let mut operation = json!({
        "operationId": "contacts_list",
        "security": [{ READ: [] }],
        "responses": { "200": { "description": "" } },
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        operation[key] = value.clone();
    }
    json!({
        "openapi": "3.0.0",
        "info": { "title": "Tenantry", "version": "1", "summary": "In short" },
        "servers": [],
        "tags": [{ "name": "b" }, { "name": "a" }, { "name": "b" }],
        "paths": { "/contacts": { "get": operation } },
        "components": { "schemas": {} },
    })
}

/// The same where the answer has a schema, which is what most rules are about.
fn emitted_with(schema: Value) -> Value {
    let media = json!({ "application/json; charset=utf-8": { "schema": schema } });
    emitted(json!({ "responses": { "200": { "description": "", "content": media } } }))
}

fn needs() -> BTreeMap<String, Need> {
    let read = Need {
        permission: Some(READ.into()),
        role: Some("viewer".into()),
        tenant: true,
        module: Some("crm".into()),
        owned: false,
    };
    BTreeMap::from([(READ.into(), read)])
}

fn in_3_1(emitted: &Value) -> Value {
    to_3_1(emitted, &needs()).unwrap()
}

fn in_3_0(emitted: &Value) -> Value {
    to_3_0(emitted, &needs()).unwrap()
}

fn operation(document: &Value) -> &Value {
    &document["paths"]["/contacts"]["get"]
}

fn schema(document: &Value) -> &Value {
    &operation(document)["responses"]["200"]["content"]["application/json"]["schema"]
}

fn statuses(document: &Value) -> Vec<&String> {
    let responses = operation(document)["responses"].as_object().unwrap();
    responses.keys().collect()
}

fn faults(emitted: &Value) -> Vec<Fault> {
    to_3_1(emitted, &needs()).unwrap_err().faults
}

#[test]
fn keys_paths_and_tags_have_one_order() {
    let mut raw = emitted(json!({}));
    let mut earlier = operation(&raw).clone();
    earlier["operationId"] = "accounts_list".into();
    raw["paths"]["/accounts"] = json!({ "post": earlier });
    let document = in_3_1(&raw);

    let keys: Vec<_> = document.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["openapi", "info", "servers", "tags", "paths", "components"]);
    assert_eq!(document["servers"], json!([{ "url": "/" }]));
    assert_eq!(document["tags"], json!([{ "name": "a" }, { "name": "b" }]));
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/accounts", "/contacts"]);
}

#[test]
fn each_document_keeps_to_the_words_of_its_version() {
    let raw = emitted(json!({}));
    assert_eq!(in_3_1(&raw)["openapi"], "3.1.0");
    assert_eq!(in_3_0(&raw)["openapi"], "3.0.3");
    assert_eq!(in_3_1(&raw)["info"]["summary"], "In short");
    assert_eq!(in_3_0(&raw)["info"].get("summary"), None);
}

#[test]
fn nullable_becomes_a_type_in_3_1() {
    let raw = emitted_with(json!({ "type": "string", "nullable": true, "enum": ["a"] }));
    let expected = json!({ "type": ["string", "null"], "enum": ["a", null] });
    assert_eq!(*schema(&in_3_1(&raw)), expected);
}

#[test]
fn a_nullable_reference_has_a_shape_that_generators_understand() {
    let kind = json!({ "$ref": "#/components/schemas/Kind" });
    let raw = emitted_with(json!({ "nullable": true, "allOf": [kind, { "nullable": true }] }));
    assert_eq!(*schema(&in_3_1(&raw)), json!({ "anyOf": [kind, { "type": "null" }] }));
    assert_eq!(*schema(&in_3_0(&raw)), json!({ "nullable": true, "anyOf": [kind] }));
}

#[test]
fn what_may_be_left_out_may_be_null_unless_it_is_marked() {
    let kind = json!({ "$ref": "#/components/schemas/Kind" });
    let raw = emitted_with(json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": { "type": "string" },
            "phone": { "type": "string" },
            "kind": kind,
            "street": { "type": "string", "title": "never-null" },
            "status": { "title": "never-null", "description": "x",
                "allOf": [kind, { "title": "never-null", "description": "x" }] },
        },
    }));
    let plain = json!({ "description": "x", "allOf": [kind] });
    let newer = schema(&in_3_1(&raw))["properties"].clone();
    assert_eq!(newer["name"], json!({ "type": "string" }));
    assert_eq!(newer["phone"], json!({ "type": ["string", "null"] }));
    assert_eq!(newer["kind"], json!({ "anyOf": [kind, { "type": "null" }] }));
    assert_eq!((&newer["street"], &newer["status"]), (&json!({ "type": "string" }), &plain));
    let older = schema(&in_3_0(&raw))["properties"].clone();
    assert_eq!(older["phone"], json!({ "type": "string", "nullable": true }));
    assert_eq!(older["kind"], json!({ "nullable": true, "anyOf": [kind] }));
    assert_eq!((&older["street"], &older["status"]), (&json!({ "type": "string" }), &plain));
}

#[test]
fn what_a_field_adds_to_a_reference_is_said_once() {
    let kind = json!({ "$ref": "#/components/schemas/Kind" });
    let raw = emitted_with(json!({ "description": "x", "allOf": [kind, { "description": "x" }] }));
    assert_eq!(*schema(&in_3_1(&raw)), json!({ "description": "x", "allOf": [kind] }));

    let union = json!({ "allOf": [{ "type": "object" }, kind] });
    assert_eq!(*schema(&in_3_1(&emitted_with(union.clone()))), union);
}

#[test]
fn formats_have_their_standard_names() {
    for (own, standard) in [("naive-date", "date"), ("bytes", "byte"), ("url", "uri")] {
        let raw = emitted_with(json!({ "type": "string", "format": own }));
        assert_eq!(schema(&in_3_1(&raw))["format"], standard);
        assert_eq!(schema(&in_3_0(&raw))["format"], standard);
    }
}

#[test]
fn bounds_are_whole_and_exclusive_ones_are_numbers_in_3_1() {
    let raw = emitted_with(json!({ "type": "integer", "minimum": 0.0, "exclusiveMinimum": true }));
    assert_eq!(*schema(&in_3_1(&raw)), json!({ "type": "integer", "exclusiveMinimum": 0 }));
    let expected = json!({ "type": "integer", "minimum": 0, "exclusiveMinimum": true });
    assert_eq!(*schema(&in_3_0(&raw)), expected);
}

#[test]
fn a_property_may_be_called_like_a_keyword() {
    let object = json!({
        "type": "object",
        "required": ["nullable", "example"],
        "properties": { "nullable": { "type": "boolean" }, "example": { "type": "string" } },
    });
    assert_eq!(*schema(&in_3_1(&emitted_with(object.clone()))), object);
}

#[test]
fn examples_are_a_list_in_3_1() {
    let raw = emitted_with(json!({ "type": "string", "example": "x" }));
    assert_eq!(*schema(&in_3_1(&raw)), json!({ "type": "string", "examples": ["x"] }));
}

#[test]
fn the_need_becomes_the_bearer_token_and_extension_keys() {
    let document = in_3_1(&emitted(json!({})));
    let operation = operation(&document);
    assert_eq!(operation["security"], json!([{ "bearer": [] }]));
    assert_eq!(operation["x-permission"], READ);
    assert_eq!(operation["x-role"], "viewer");
    assert_eq!(operation["x-tenant-scope"], "tenant");
    assert_eq!(operation["x-module"], "crm");
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    assert_eq!(schemes.keys().collect::<Vec<_>>(), ["bearer", "operator"]);
}

#[test]
fn the_needs_without_permission_explain_themselves() {
    let document = in_3_1(&emitted(json!({ "security": [{ "anonymous": [] }] })));
    assert_eq!(operation(&document)["security"], json!([]));
    assert_eq!(operation(&document)["x-permission"], "anonymous");

    let document = in_3_1(&emitted(json!({ "security": [{ "signed-in": [] }] })));
    assert_eq!(operation(&document)["security"], json!([{ "bearer": [] }]));
    assert_eq!(operation(&document)["x-permission"], "signed-in");
    assert_eq!(operation(&document)["x-tenant-scope"], "user");

    let document = in_3_1(&emitted(json!({ "security": [{ "operator": [] }] })));
    assert_eq!(operation(&document)["security"], json!([{ "operator": [] }]));
    assert_eq!(operation(&document)["x-permission"], "operator");
    assert_eq!(operation(&document)["x-tenant-scope"], "platform");
}

#[test]
fn an_operation_says_exactly_one_known_need() {
    let name = "contacts_list".to_owned();
    assert_eq!(faults(&emitted(json!({ "security": [] }))), [Fault::NoNeed(name.clone())]);
    let two = json!({ "security": [{ READ: [] }, { "signed-in": [] }] });
    assert_eq!(faults(&emitted(two)), [Fault::SeveralNeeds(name.clone())]);
    let optional = json!({ "security": [{ READ: [] }, {}] });
    assert_eq!(faults(&emitted(optional)), [Fault::SeveralNeeds(name)]);
    let unknown = emitted(json!({ "security": [{ "crm.contacts.raed": [] }] }));
    assert_eq!(
        to_3_1(&unknown, &needs()).unwrap_err().to_string(),
        "the API document cannot be written: contacts_list names the unknown need `crm.contacts.raed`"
    );
}

#[test]
fn operation_ids_are_there_and_differ() {
    let mut raw = emitted(json!({}));
    raw["paths"]["/others"] = raw["paths"]["/contacts"].clone();
    assert_eq!(faults(&raw), [Fault::SameOperationId("contacts_list".into())]);
    let none = emitted(json!({ "operationId": null }));
    assert_eq!(faults(&none), [Fault::NoOperationId("get /contacts".into())]);
}

#[test]
fn the_answers_of_the_platform_follow_from_the_operation() {
    let document = in_3_1(&emitted(json!({})));
    let plain = ["200", "400", "401", "403", "404", "406", "414", "429", "431", "500", "503"];
    assert_eq!(statuses(&document), plain);
    let too_many = &document["components"]["responses"]["TooManyRequests"];
    assert!(too_many["headers"]["Retry-After"].is_object());

    let document = in_3_1(&emitted(json!({ "security": [{ "anonymous": [] }], "requestBody": {} })));
    let posted = ["200", "400", "404", "406", "408", "413", "414", "415", "422", "429", "431", "500", "503"];
    assert_eq!(statuses(&document), posted);
    assert!(document["components"]["schemas"]["Problem"].is_object());
}

#[test]
fn a_declared_error_keeps_its_words_and_is_a_problem() {
    let content = json!({
        "application/problem+json; charset=utf-8": { "schema": { "$ref": "#/components/schemas/Problem" } },
    });
    let raw = emitted(json!({ "responses": {
        "409": { "description": "", "content": content },
        "404": { "description": "No such contact." },
    } }));
    let document = in_3_1(&raw);
    let responses = &operation(&document)["responses"];
    assert_eq!(responses["409"], json!({ "$ref": "#/components/responses/Conflict" }));
    assert_eq!(responses["404"]["description"], "No such contact.");
    assert!(responses["404"]["content"]["application/problem+json"].is_object());
}

#[test]
fn clients_have_one_type_for_success_and_one_for_errors() {
    let media = json!({ "application/json": { "schema": { "type": "string" } } });
    let raw = emitted(json!({ "responses": { "200": { "content": media }, "204": {} } }));
    assert_eq!(faults(&raw), [Fault::SeveralSuccesses("contacts_list".into())]);

    let raw = emitted(json!({ "responses": { "404": { "content": media } } }));
    let expected = Fault::NotAProblem { operation: "contacts_list".into(), status: "404".into() };
    assert_eq!(faults(&raw), [expected]);
}

#[test]
fn streams_and_forms_stay_out_of_3_0_with_all_that_only_they_use() {
    let stream = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Event" } });
    let media = json!({ "text/event-stream": { "schema": stream } });
    let mut raw = emitted(json!({ "responses": { "200": { "description": "", "content": media } } }));
    raw["components"]["schemas"]["Event"] = json!({ "type": "object" });

    let document = in_3_0(&raw);
    assert_eq!(document["paths"], json!({}));
    assert_eq!(document["components"]["schemas"].get("Event"), None);

    let document = in_3_1(&raw);
    let media = &operation(&document)["responses"]["200"]["content"]["text/event-stream"];
    assert_eq!(media["schema"], json!({ "type": "string" }));
    assert!(document["components"]["schemas"]["Event"].is_object());
}

#[test]
fn header_names_are_written_as_everybody_writes_them() {
    let headers = json!({ "ETAG": { "deprecated": false, "schema": { "type": "string" } } });
    let raw = emitted(json!({ "responses": { "200": { "description": "", "headers": headers } } }));
    let expected = json!({ "ETag": { "schema": { "type": "string" } } });
    assert_eq!(operation(&in_3_1(&raw))["responses"]["200"]["headers"], expected);
}
