//! Pages of other origins may call where the configuration names them, and only there.

use reqwest::Method;
use tenantry_core::testing::{Reply, TestPlatform};

use crate::platform;

const APP: &str = "https://app.example";

async fn configured() -> TestPlatform {
    TestPlatform::start_with(tenantry::MODULES, |config| config.http.cors_origins = vec![APP.to_owned()]).await
}

async fn preflight(platform: &TestPlatform, origin: &str) -> Reply {
    let request = platform.anonymous().request(Method::OPTIONS, "/contacts").header("origin", origin);
    let request = request.header("access-control-request-method", "PATCH");
    platform.anonymous().send(request.header("access-control-request-headers", "authorization, if-match")).await
}

/// A page that the configuration names may ask and read; credentials of the browser are never sent.
#[tokio::test]
async fn a_named_page_may_call() {
    let platform = configured().await;
    let allowed = preflight(&platform, APP).await.expect(204);
    assert_eq!(allowed.header("access-control-allow-origin"), APP);
    assert!(allowed.header("access-control-allow-methods").contains("PATCH"));
    assert!(allowed.header("access-control-allow-headers").contains("if-match"));

    let request = platform.anonymous().request(Method::GET, "/contacts").header("origin", APP);
    let refused = platform.anonymous().send(request).await.problem(401, "unauthenticated");
    assert_eq!(refused.header("access-control-allow-origin"), APP);
    assert!(refused.header("access-control-expose-headers").contains("etag"));
    assert_eq!(refused.header("vary"), "Origin");
    assert_eq!(refused.header("access-control-allow-credentials"), "");
}

/// Any other page gets nothing back that a browser would take for a permission.
#[tokio::test]
async fn no_other_page_may() {
    let (named, none) = (configured().await, platform().await);
    for origin in ["https://evil.example", "https://app.example.evil.example", "http://app.example", "null", "*"] {
        for platform in [&named, &none] {
            let refused = preflight(platform, origin).await.problem(405, "method_not_allowed");
            assert_eq!(refused.header("access-control-allow-origin"), "");
            let request = platform.anonymous().request(Method::GET, "/health").header("origin", origin);
            let answer = platform.anonymous().send(request).await.expect(200);
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
}
