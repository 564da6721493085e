//! `GET /organization/openapi.json`.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tenantry_core::testing::TestClient;

use crate::platform;

async fn document(client: &TestClient) -> Value {
    client.get("/organization/openapi.json").await.expect(200).body
}

/// What a document refers to, and what it has.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| references(part, found)),
        _ => {}
    }
}

/// Every reference leads somewhere, every schema is used, every tag is one of an operation.
fn check(document: &Value) {
    assert_eq!(document["openapi"], "3.1.0");
    let mut found = BTreeSet::new();
    references(document, &mut found);
    for reference in &found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for kind in ["schemas", "responses"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            assert!(found.contains(&format!("#/components/{kind}/{name}")), "{kind}/{name} is not used");
        }
    }
    for operation in operations(document) {
        for security in operation["security"].as_array().unwrap() {
            for scheme in security.as_object().unwrap().keys() {
                assert!(document["components"]["securitySchemes"][scheme].is_object(), "{scheme}");
            }
        }
    }
}

fn operations(document: &Value) -> Vec<&Value> {
    let items = document["paths"].as_object().unwrap().values();
    items.flat_map(|item| item.as_object().unwrap().values()).collect()
}

fn permissions(document: &Value) -> BTreeSet<String> {
    operations(document).iter().map(|operation| operation["x-permission"].as_str().unwrap().to_owned()).collect()
}

/// Modules come with being enabled; what a role may not do is not there, nor what is the operators'.
#[tokio::test]
async fn it_has_what_is_there_for_the_caller() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let whole = platform.anonymous().get("/openapi.json").await.expect(200).body;
    let before = document(acme.owner()).await;
    check(&before);
    assert!(before["paths"].get("/api/v1/clinic/patients").is_none());
    assert!(before["webhooks"].get("patient.created").is_none() && before["webhooks"]["contact.created"].is_object());
    assert!(!permissions(&before).contains("operator"));
    for module in tenantry::MODULES {
        acme.enable(module).await;
    }
    let all = document(acme.owner()).await;
    check(&all);
    assert!(all["paths"]["/api/v1/clinic/patients"]["post"].is_object());
    let theirs = |operation: &&&Value| !operation["operationId"].as_str().unwrap().starts_with("operator_");
    assert_eq!(operations(&all).len(), operations(&whole).iter().filter(theirs).count());

    let viewer = document(&acme.viewer().await).await;
    check(&viewer);
    assert!(viewer["paths"]["/api/v1/contacts"]["get"].is_object());
    assert!(viewer["paths"]["/api/v1/contacts"].get("post").is_none());
    let narrow = document(&acme.with_permissions(&["organization.read"]).await).await;
    check(&narrow);
    let expected = ["anonymous", "organization.read", "signed-in"].map(str::to_owned);
    assert_eq!(permissions(&narrow), BTreeSet::from(expected));
    let refused = acme.with_permissions(&["contacts.read"]).await.get("/organization/openapi.json").await;
    refused.problem(403, "forbidden");
}

/// The organization's own fields are in it, with their types, and in nobody else's.
#[tokio::test]
async fn own_fields_are_in_it() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let owner = acme.owner();
    for mut field in [
        json!({ "key": "size", "type": "number", "label": "Size in m²", "required": true }),
        json!({ "key": "color", "type": "choice", "label": "Colour", "choices": ["red", "green"] }),
        json!({ "key": "since", "type": "date", "label": "Since" }),
        json!({ "key": "employer", "type": "reference", "label": "Employer", "refers_to": "companies" }),
    ] {
        field["resource"] = json!("contacts");
        owner.post("/custom-fields", field).await.expect(201);
    }
    let document = document(owner).await;
    check(&document);
    let custom = |schema: &str| document["components"]["schemas"][schema]["properties"]["custom"].clone();
    let new = custom("NewContact");
    assert_eq!(new["properties"]["size"], json!({ "type": "number", "description": "Size in m²" }));
    assert_eq!(new["properties"]["color"]["enum"], json!(["red", "green"]));
    assert_eq!((&new["required"], &new["additionalProperties"]), (&json!(["size"]), &json!(false)));
    assert_eq!(custom("ContactPatch")["properties"]["since"]["type"], json!(["string", "null"]));
    assert_eq!(custom("ContactBulkUpdate"), custom("ContactPatch"));
    assert_eq!(custom("Contact")["properties"]["employer"]["format"], "uuid");
    assert_eq!(custom("NewCompany")["properties"], json!({}));
    let parameters = document["paths"]["/api/v1/contacts"]["get"]["parameters"].as_array().unwrap();
    let named = |name: &str| parameters.iter().find(|parameter| parameter["name"] == name);
    assert_eq!(named("filter[custom.size][gte]").unwrap()["schema"]["type"], "number");
    assert_eq!(named("filter[custom.color]").unwrap()["schema"]["enum"], json!(["red", "green"]));
    assert!(named("filter[custom.color][gt]").is_none());
    let orders = named("sort").unwrap()["schema"]["enum"].as_array().unwrap();
    assert!(orders.contains(&json!("-custom.size")) && !orders.contains(&json!("custom.employer")));
    // Each of them is taken.
    for parameter in parameters.iter().filter(|parameter| parameter["name"].as_str().unwrap().contains("custom.")) {
        let name = parameter["name"].as_str().unwrap();
        let value = match name {
            name if name.ends_with("[null]") => "true",
            name if name.contains("size") => "1",
            name if name.contains("color") => "red",
            name if name.contains("since") => "2026-11-21",
            _ => "0192d3a4-5b6c-7d8e-9fa0-b1c2d3e4f506",
        };
        owner.get(&format!("/contacts?{name}={value}")).await.expect(200);
        owner.get(&format!("/contacts/export?{name}={value}")).await.expect(200);
    }
    let exported = document["paths"]["/api/v1/contacts/export"]["get"]["parameters"].as_array().unwrap();
    let own = |parameter: &&Value| parameter["name"].as_str().unwrap().contains("custom.");
    assert!(exported.iter().filter(own).eq(parameters.iter().filter(own)));

    let others = other.owner().get("/organization/openapi.json").await.expect(200);
    assert!(!others.text.contains("Size in m²"));
    // Who may not see the fields sees none.
    let without = acme.with_permissions(&["organization.read", "contacts.read"]).await;
    assert!(!without.get("/organization/openapi.json").await.expect(200).text.contains("Size in m²"));
}

/// The ETag is that of what is in it.
#[tokio::test]
async fn its_etag_changes_with_it() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let first = owner.get("/organization/openapi.json").await.expect(200).header("etag").to_owned();
    let again = owner.request(reqwest::Method::GET, "/organization/openapi.json").header("if-none-match", &first);
    owner.send(again).await.expect(304);
    let field = json!({ "resource": "deals", "key": "size", "type": "number", "label": "Size" });
    owner.post("/custom-fields", field).await.expect(201);
    let second = owner.get("/organization/openapi.json").await.expect(200).header("etag").to_owned();
    assert_ne!(first, second);
    assert_ne!(acme.viewer().await.get("/organization/openapi.json").await.expect(200).header("etag"), second);
}
