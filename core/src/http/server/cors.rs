//! Which pages of other origins may call: those that the configuration names, exactly.
//!
//! poem's own `Cors` answers a foreign origin with 403, writes no `Vary` for a named one, takes an empty list for
//! "everybody" and a preflight for allowed if one of its headers is. Hence this one.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue,
    ORIGIN, VARY,
};
use http::{Method, StatusCode};
use poem::{Request, Response};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, content-type, if-match, idempotency-key, last-event-id");
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "etag, location, x-request-id, retry-after, ratelimit, ratelimit-policy, idempotent-replayed",
);

/// Credentials are never allowed: tokens come in `Authorization`, which a page must set itself, so that a browser
/// adds nothing of its own to a request of a foreign page.
pub(super) struct Cors {
    origins: Vec<HeaderValue>,
}

impl Cors {
    pub(super) fn new(origins: &[String]) -> Self {
        let origins = origins.iter().filter_map(|origin| match HeaderValue::from_str(origin.trim_end_matches('/')) {
            Ok(value) if value != "*" => Some(value),
            _ => {
                tracing::warn!("an entry of the CORS origins is not the origin of a page; it is left out");
                None
            }
        });
        Self { origins: origins.collect() }
    }

    /// The request's origin, if it is one of ours.
    pub(super) fn origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        if self.origins.is_empty() {
            return None;
        }
        let origin = headers.get(ORIGIN)?;
        self.origins.iter().find(|allowed| *allowed == origin).cloned()
    }

    /// The answer to a browser that asks first; `None` if this is no such question, or comes from a foreign page.
    pub(super) fn preflight(&self, request: &Request, origin: Option<&HeaderValue>) -> Option<Response> {
        let asks =
            *request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if !asks || origin.is_none() {
            return None;
        }
        let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
        Some(response)
    }

    pub(super) fn decorate(&self, headers: &mut HeaderMap, origin: Option<HeaderValue>) {
        if self.origins.is_empty() {
            return;
        }
        // Also where no origin was sent: a cache must not hand that answer to a page.
        headers.append(VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = origin {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }
}
