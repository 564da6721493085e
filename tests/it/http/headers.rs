//! What every answer bears, and what none does.

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::platform;

/// No answer may be stored or sniffed, each has an id of its own, and none tells what made it.
#[tokio::test]
async fn every_answer_is_marked() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, anonymous) = (acme.owner(), platform.anonymous());
    let made = owner.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let path = made.header("location").to_owned();
    let known = owner.request(Method::GET, &path).header("if-none-match", "\"1\"");
    let mut ids = Vec::new();
    for reply in [
        owner.send(known).await.expect(304),
        owner.get(&path).await.expect(200),
        owner.get("/contacts?zebra=1").await.expect(400),
        anonymous.get("/contacts").await.expect(401),
        acme.viewer().await.delete(&path).await.expect(403),
        owner.get("/zebra").await.expect(404),
        owner.put("/contacts").await.expect(405),
        owner.post("/contacts", json!({})).await.expect(422),
        anonymous.get("/health").await.expect(200),
        anonymous.get("/health/ready").await.expect(200),
        anonymous.get("/metrics").await.expect(200),
        anonymous.get("/openapi.json").await.expect(200),
        anonymous.get("/docs").await.expect(200),
        owner.delete(&path).await.expect(204),
        made,
    ] {
        assert_eq!(reply.header("cache-control"), "no-store", "{reply:?}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{reply:?}");
        for telling in ["server", "x-powered-by", "via", "set-cookie", "access-control-allow-origin"] {
            assert_eq!(reply.header(telling), "", "{telling}");
        }
        ids.push(Uuid::parse_str(reply.header("x-request-id")).unwrap());
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 15);
}

/// A request's id is ours, also where the client brings one: it could forge a line in the log.
#[tokio::test]
async fn a_request_id_of_the_client_is_not_taken() {
    let platform = platform().await;
    let own = Uuid::new_v4().to_string();
    let request = platform.anonymous().request(Method::GET, "/health").header("x-request-id", &own);
    assert_ne!(platform.anonymous().send(request).await.expect(200).header("x-request-id"), own);
}

/// HEAD has the headers of GET, and no body.
#[tokio::test]
async fn head_is_get_without_a_body() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    for path in [made.header("location"), "/contacts", "/health", "/openapi.json", "/zebra"] {
        let get = owner.get(path).await;
        let head = owner.send(owner.request(Method::HEAD, path)).await;
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        for header in ["content-type", "etag"] {
            assert_eq!(head.header(header), get.header(header), "{path} {header}");
        }
        assert!(["", get.header("content-length")].contains(&head.header("content-length")), "{path}");
    }
}

/// The documentation's pages work without any other site.
#[tokio::test]
async fn pages_load_nothing_from_elsewhere() {
    let platform = platform().await;
    for path in ["/docs", "/redoc"] {
        let page = platform.anonymous().get(path).await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"), "{}", page.header("content-type"));
        assert!(page.text.contains("contacts_list"), "{path} does not show the operations");
        for loads in ["src=\"http", "src='http", "<link href=\"http", "@import url(http", "href=\"//"] {
            assert!(!page.text.contains(loads), "{path}: {loads}");
        }
    }
}
