//! `/health`, `/health/ready` and the documents

use serde_json::json;
use tenantry_core::module::{Modules, documents};

use crate::platform;

/// Nobody needs to sign in to learn whether the server lives and is ready.
#[tokio::test]
async fn health_is_open() {
    let platform = platform().await;
    let anonymous = platform.anonymous();
    assert_eq!(anonymous.get("/health").await.expect(200).body, json!({ "status": "ok" }));
    assert_eq!(anonymous.get("/health/ready").await.expect(200).body, json!({ "status": "ready" }));
}

/// The server answers with the documents that this build makes.
#[tokio::test]
async fn the_documents_are_served() {
    let platform = platform().await;
    let documents = documents(&Modules::collect(tenantry::MODULES).unwrap()).unwrap();
    for (path, document) in [("/openapi.json", &documents.newer), ("/openapi-3.0.json", &documents.older)] {
        let reply = platform.anonymous().get(path).await.expect(200);
        assert_eq!(reply.header("content-type"), "application/json");
        assert!(reply.text == *document, "{path} is another document");
    }
}
