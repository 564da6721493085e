//! A client that speaks to the test's server as anyone would, and tells what it got when that was not expected.

use std::net::SocketAddr;

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;

use super::TestListener;

const EVENTS: &str = "text/event-stream";

/// An HTTP client with a token, or none.
#[derive(Clone)]
pub struct TestClient {
    http: Client,
    base: String,
    token: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON; null where it is none.
    pub body: Value,
    /// The body as it came.
    pub text: String,
    request: String,
}

impl TestClient {
    pub(super) fn new(address: SocketAddr, token: Option<&str>) -> Self {
        // Without TLS, and so without a look at the machine's authorities.
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).tls_certs_only([]);
        let base = format!("http://{address}");
        Self { http: http.build().expect("a client"), base, token: token.map(str::to_owned) }
    }

    /// The same client with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The access token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A request to any path; those that do not start with `/api` or a dot are taken as relative to `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let outside = ["/api/", "/dev/", "/health", "/metrics", "/docs", "/redoc", "/openapi", "/.well-known"];
        let prefix = if outside.iter().any(|start| path.starts_with(start)) { "" } else { "/api/v1" };
        let request = self.http.request(method, format!("{}{prefix}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Listens to a path.
    pub async fn listen(&self, path: &str) -> TestListener {
        self.listen_by(self.request(Method::GET, path)).await
    }

    /// Listens by a request.
    pub async fn listen_by(&self, request: RequestBuilder) -> TestListener {
        let response = request.header("accept", EVENTS).send().await.expect("an answer");
        let (status, kind) = (response.status(), response.headers().get("content-type").cloned());
        if status != StatusCode::OK || kind.is_none_or(|kind| kind != EVENTS) {
            panic!("no stream: {status} {}", response.text().await.unwrap_or_default());
        }
        TestListener::new(response)
    }

    /// Sends a request. Of an answer that has no end it reads what comes at once.
    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let request = request.build().expect("a request");
        let described = format!("{} {}", request.method(), request.url());
        let response = self.http.execute(request).await.unwrap_or_else(|error| panic!("{described}: {error:?}"));
        let (status, headers) = (response.status(), response.headers().clone());
        let text = match headers.get("content-type") {
            Some(kind) if kind == EVENTS => TestListener::new(response).beginning().await,
            _ => response.text().await.unwrap_or_else(|error| panic!("{described}: {error:?}")),
        };
        Reply { status, headers, body: serde_json::from_str(&text).unwrap_or_default(), text, request: described }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// PUT without a body.
    pub async fn put(&self, path: &str) -> Reply {
        self.send(self.request(Method::PUT, path)).await
    }

    /// PUT with a JSON body.
    pub async fn put_json(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    /// PATCH with a JSON body and the ETag that was read.
    pub async fn patch(&self, path: &str, etag: &str, body: Value) -> Reply {
        self.send(self.request(Method::PATCH, path).header("if-match", etag).json(&body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }
}

impl Reply {
    /// Fails the test where the status is another one, and shows the whole answer.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}\n{}", self.request, self.text);
        self
    }

    /// Fails the test unless this is a problem as RFC 9457 and this platform have it, with this status and code.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Self {
        let reply = self.expect(status);
        let Self { request, text, .. } = &reply;
        assert_eq!(reply.header("content-type"), "application/problem+json", "{request}\n{text}");
        assert_eq!(reply.code(), code, "{request}\n{text}");
        assert_eq!(reply.body["status"], status, "{request}\n{text}");
        assert_eq!(reply.body["type"], format!("https://tenantry.dev/problems/{code}"), "{request}\n{text}");
        for field in ["title", "detail"] {
            assert!(reply.body[field].as_str().is_some_and(|words| !words.is_empty()), "{request}\n{text}");
        }
        reply
    }

    /// The places that the problem points at.
    pub fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        errors.map(|error| error["pointer"].as_str().unwrap_or_default()).collect()
    }

    /// What the problem says of one place.
    pub fn reason(&self, pointer: &str) -> &str {
        let mut errors = self.body["errors"].as_array().into_iter().flatten();
        errors.find(|error| error["pointer"] == pointer).and_then(|error| error["detail"].as_str()).unwrap_or_default()
    }

    /// The records of a list.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().unwrap_or_else(|| panic!("{}: no items in {}", self.request, self.text))
    }

    /// One field of each record of a list.
    #[track_caller]
    pub fn column(&self, field: &str) -> Vec<&str> {
        self.items().iter().map(|item| item[field].as_str().unwrap_or_default()).collect()
    }

    /// The problem's code.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The id of the record that came back.
    #[track_caller]
    pub fn id(&self) -> &str {
        self.body["id"].as_str().unwrap_or_else(|| panic!("{}: no id in {}", self.request, self.text))
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
