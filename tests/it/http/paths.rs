//! Paths have one spelling: what a proxy might tidy is refused, so that both always mean the same address.

use serde_json::json;

use crate::platform;
use crate::support::raw_get;

/// No odd spelling leads anywhere, on any route, nor from one record to another.
#[tokio::test]
async fn odd_spellings_lead_nowhere() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.enable("clinic").await;
    let made = acme.owner().post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let id = made.id();
    for path in [
        "/api/v1/contacts/..",
        "/api/v1/contacts/../contacts",
        &format!("/api/v1/contacts/../contacts/{id}"),
        &format!("/api/v1/./contacts/{id}"),
        &format!("/api/v1/clinic/%2e%2e/contacts/{id}"),
        &format!("/api/v1/contacts/%2E%2e/contacts/{id}"),
        &format!("/api/v1/contacts/.%2e/contacts/{id}"),
        &format!("/api/v1/contacts%2f{id}"),
        &format!("/api/v1/contacts/x%2F{id}"),
        &format!("/api/v1/contacts/{id}%00"),
        &format!("/api/v1/contacts/%00{id}"),
        &format!("/api/v1//contacts/{id}"),
        &format!("//api/v1/contacts/{id}"),
        &format!("/api/v1/contacts//{id}"),
        &format!("/api/v1/contacts/{id}//"),
        &format!("/api/v1/contacts\\{id}"),
        &format!("/api/v1/contacts/%5c{id}"),
        &format!("/api/v1/contacts/{id}%0d%0ax:y"),
        "/api/v1/modules/%2e%2e/contacts",
        "/api/v1/clinic/patients/%00",
        "/api/v1/real-estate/../contacts",
        "/docs/..",
        "/health/%2e%2e/metrics",
        "/health//ready",
        "/api/v1/users/%zz",
        "/api/v1/users/%c0%ae%c0%ae",
    ] {
        let answer = raw_get(platform.address(), acme.owner().token(), path).await;
        assert!(answer.status == 400 || answer.status == 404, "{path}: {}", answer.head);
        assert!(!answer.body.contains(id), "{path}: {}", answer.body);
    }
}

/// A plain id may be spelled with escapes: it is decoded once and then it is the same record, or none.
#[tokio::test]
async fn escapes_are_decoded_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let (address, token) = (platform.address(), acme.owner().token());
    let escaped = made.id().replace('-', "%2d");
    assert_eq!(raw_get(address, token, &format!("/api/v1/contacts/{escaped}")).await.status, 200);
    let twice = made.id().replace('-', "%252d");
    raw_get(address, token, &format!("/api/v1/contacts/{twice}")).await.problem(404, "not_found");
    let absolute = raw_get(address, token, &format!("http://other.example/api/v1/contacts/{}", made.id())).await;
    assert_eq!(absolute.status, 200);
}
