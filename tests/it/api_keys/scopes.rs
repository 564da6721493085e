//! What a key may do: what its scopes say, and nothing else.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;
use tenantry_core::testing::TestPlatform;

use super::key;

/// The operations of the document: method, path and permission.
async fn operations(platform: &TestPlatform) -> Vec<(Method, String, String)> {
    let document = platform.anonymous().get("/openapi.json").await.expect(200).body;
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let permission = operation["x-permission"].as_str().unwrap().to_owned();
            let path = path.replace("{id}", &uuid::Uuid::new_v4().to_string()).replace(['{', '}'], "");
            operations.push((method.to_uppercase().parse().unwrap(), path, permission));
        }
    }
    operations
}

/// A key with one scope passes the operations that need that permission, and is refused by every other one. None of the
/// requests has a body, so that those that pass change nothing.
#[tokio::test]
async fn a_key_reaches_as_far_as_its_scopes() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    for module in tenantry::MODULES {
        acme.enable(module).await;
    }
    let operations = operations(&platform).await;
    let people = ["anonymous", "signed-in", "operator"];
    let all: BTreeSet<&str> = operations.iter().map(|(_, _, permission)| permission.as_str()).collect();
    let mut scopes = Vec::new();
    for scope in all.into_iter().filter(|scope| !people.contains(scope)) {
        let body = serde_json::json!({ "name": scope, "scopes": [scope] });
        let made = acme.owner().post("/api-keys", body).await;
        match made.status.as_u16() {
            201 => scopes.push((scope, platform.client(made.body["key"].as_str().unwrap()))),
            _ => drop(made.problem(422, "invalid")),
        }
    }
    assert!(scopes.len() >= 8, "{}", scopes.len());
    for (scope, bearer) in &scopes {
        for (method, path, permission) in operations.iter().filter(|(_, _, permission)| permission != "anonymous") {
            let writes_without_body = *method == Method::DELETE || *method == Method::PUT;
            if permission == scope && writes_without_body && path.contains("/modules/") {
                continue;
            }
            let reply = bearer.send(bearer.request(method.clone(), path)).await;
            let what = format!("{scope}: {method} {path}: {}", reply.text);
            match permission.as_str() {
                "signed-in" => assert_eq!((reply.status.as_u16(), reply.code()), (403, "person_needed"), "{what}"),
                "operator" => assert_eq!(reply.status, 401, "{what}"),
                own if own == *scope => assert!(![401, 403].contains(&reply.status.as_u16()), "{what}"),
                _ => assert_eq!((reply.status.as_u16(), reply.code()), (403, "forbidden"), "{what}"),
            }
        }
    }
}

/// A key can neither make nor revoke keys, whatever its scopes.
#[tokio::test]
async fn a_key_makes_no_keys() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    let (made, bearer) = key(&platform, acme.owner(), &["api-keys.read", "modules.write"]).await;
    assert_eq!(bearer.get("/api-keys").await.expect(200).items().len(), 1);
    let body = serde_json::json!({ "name": "X", "scopes": ["api-keys.read"] });
    bearer.post("/api-keys", body).await.problem(403, "forbidden");
    bearer.delete(&format!("/api-keys/{}", made.id())).await.problem(403, "forbidden");
    assert_eq!(made.body["scopes"], Value::from(vec!["api-keys.read", "modules.write"]));
}
