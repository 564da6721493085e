//! Requests that no operation takes: each is a problem that says what to do and repeats nothing.

use reqwest::Method;
use serde_json::json;
use tenantry_core::testing::{Reply, TestPlatform};

use crate::platform;
use crate::support::raw;

/// Words that no answer may hold: what the client sent, and how we are made.
const NEVER: [&str; 9] = ["canary", "panicked", "tokio", "poem", ".rs:", "SELECT", "pg_", "\"t_", "serde"];

#[track_caller]
fn is_clean(reply: &Reply) {
    for word in NEVER {
        assert!(!reply.text.contains(word), "{word}: {}", reply.text);
    }
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert!(uuid::Uuid::parse_str(reply.header("x-request-id")).is_ok());
}

/// An address that does not exist is 404, wherever it stands.
#[tokio::test]
async fn an_unknown_address_is_404() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let paths = ["/canary", "/api/v1", "/api/v2/contacts", "/contacts/canary/x", "/docs/canary", "/health/canary"];
    for path in paths {
        for client in [acme.owner(), &platform.anonymous()] {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                is_clean(&client.send(client.request(method, path)).await.problem(404, "not_found"));
            }
        }
    }
}

/// A method that the address does not take is 405, and Allow lists those that it takes.
#[tokio::test]
async fn a_wrong_method_is_405() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for (method, path, allow) in [
        (Method::PUT, "/contacts", "GET, POST"),
        (Method::OPTIONS, "/contacts", "GET, POST"),
        (Method::POST, "/contacts/01890000-0000-7000-8000-000000000000", "DELETE, GET, PATCH"),
        (Method::GET, "/auth/login", "POST"),
        (Method::GET, "/modules/clinic", "DELETE, PUT"),
        (Method::TRACE, "/contacts", "GET, POST"),
        (Method::from_bytes(b"CANARY").unwrap(), "/contacts", "GET, POST"),
    ] {
        let reply = acme.owner().send(acme.owner().request(method.clone(), path)).await;
        let reply = reply.problem(405, "method_not_allowed");
        is_clean(&reply);
        let mut allowed: Vec<&str> = reply.header("allow").split(", ").filter(|name| *name != "HEAD").collect();
        allowed.sort_unstable();
        assert_eq!(allowed.join(", "), allow, "{method} {path}");
    }
    for path in ["/health", "/metrics", "/openapi.json"] {
        let reply = platform.anonymous().send(platform.anonymous().request(Method::POST, path)).await;
        is_clean(&reply.problem(405, "method_not_allowed"));
    }
}

/// A client that takes no JSON is told so, and one that takes anything is served.
#[tokio::test]
async fn a_client_that_takes_no_json_gets_406() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let with = |accept: &'static str| {
        acme.owner().send(acme.owner().request(Method::GET, "/contacts").header("accept", accept))
    };
    for accept in ["text/html", "application/xml, text/*", "application/json;q=0", "canary/canary"] {
        is_clean(&with(accept).await.problem(406, "not_acceptable"));
    }
    for accept in ["application/json", "*/*", "application/*", "text/html, */*;q=0.1", "application/problem+json"] {
        with(accept).await.expect(200);
    }
}

/// A body of another type or encoding than JSON is 415, before it is read.
#[tokio::test]
async fn a_body_that_is_no_json_is_415() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let send = |name: &'static str, value: &'static str| {
        let request = acme.owner().request(Method::POST, "/contacts").body(json!({ "last_name": "X" }).to_string());
        let request = if name == "content-type" { request } else { request.header("content-type", "application/json") };
        acme.owner().send(request.header(name, value))
    };
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "multipart/form-data", ""] {
        is_clean(&send("content-type", kind).await.problem(415, "unsupported_media_type"));
    }
    for encoding in ["br", "deflate", "zstd", "gzip, gzip", "canary"] {
        is_clean(&send("content-encoding", encoding).await.problem(415, "unsupported_media_type"));
    }
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        send("content-type", kind).await.expect(201);
    }
}

/// What is too long is told which of its parts is.
#[tokio::test]
async fn heads_are_bounded() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let long = "a".repeat(8 * 1024);
    is_clean(&acme.owner().get(&format!("/contacts?q={long}")).await.problem(414, "uri_too_long"));
    let request = acme.owner().request(Method::GET, "/contacts").header("x-filler", "a".repeat(16 * 1024));
    is_clean(&acme.owner().send(request).await.problem(431, "headers_too_large"));
    let request = acme.owner().request(Method::GET, "/contacts").header("x-filler", "a".repeat(8 * 1024));
    acme.owner().send(request).await.expect(200);
}

/// What is no HTTP ends the connection; the server goes on.
#[tokio::test]
async fn what_is_no_http_harms_nothing() {
    let platform: TestPlatform = platform().await;
    for garbage in [
        "\x16\x03\x01\x02\x00\x01\x00\x01".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET /health HTTP/9.9\r\n\r\n".to_owned(),
        "GET /health HTTP/1.1\r\nhost: t\r\nno colon\r\n\r\n".to_owned(),
        "POST /api/v1/auth/login HTTP/1.1\r\nhost: t\r\ncontent-length: -1\r\n\r\n".to_owned(),
        "POST /api/v1/auth/login HTTP/1.1\r\nhost: t\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}".to_owned(),
        format!("GET /{} HTTP/1.1\r\nhost: t\r\n\r\n", "a".repeat(100_000)),
    ] {
        let answer = raw(platform.address(), garbage).await;
        assert!(answer.status == 0 || (400..500).contains(&answer.status), "{}", answer.head);
        assert!(!answer.body.contains("canary"));
    }
    platform.anonymous().get("/health").await.expect(200);
}
