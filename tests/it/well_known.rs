//! `/.well-known/jwks.json`

use serde_json::json;

use crate::platform;

/// The keys that verify access tokens are public; what signs them is not there.
#[tokio::test]
async fn keys_have_no_private_part() {
    let platform = platform().await;
    let jwks = platform.anonymous().get("/.well-known/jwks.json").await.expect(200);
    assert_eq!(jwks.header("content-type"), "application/json");
    let keys = jwks.body["keys"].as_array().unwrap();
    assert!(!keys.is_empty());
    for key in keys {
        let mut names: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"]);
        assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
    }
}
