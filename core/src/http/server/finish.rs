//! The last steps of each answer: 304 for what the client has, no body for HEAD, and the headers that all answers bear.

use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use poem::{Body, Response};
use uuid::Uuid;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

/// The ETags that the client has, of a request that may be answered with 304.
pub(super) fn known_etags(method: &Method, headers: &HeaderMap) -> Option<HeaderValue> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if reads { headers.get(IF_NONE_MATCH).cloned() } else { None }
}

pub(super) fn not_modified(response: &mut Response, known: &HeaderValue) {
    let unchanged = response.status() == StatusCode::OK
        && response.headers().get(ETAG).is_some_and(|etag| matches(known.as_bytes(), etag.as_bytes()));
    if unchanged {
        response.set_status(StatusCode::NOT_MODIFIED);
        response.headers_mut().remove(CONTENT_TYPE);
        response.headers_mut().remove(CONTENT_LENGTH);
        response.set_body(Body::empty());
    }
}

/// Compared weakly, as RFC 9110 wants it for If-None-Match.
fn matches(known: &[u8], etag: &[u8]) -> bool {
    let mut tags = known.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    known == b"*" || tags.any(|tag| opaque(tag) == opaque(etag))
}

fn opaque(tag: &[u8]) -> &[u8] {
    tag.strip_prefix(b"W/").unwrap_or(tag)
}

/// HEAD has the headers of GET and no body. hyper leaves it out on HTTP/1 only.
pub(super) fn without_body(response: &mut Response) {
    let body = response.take_body();
    let length = body_length(body);
    if let Some(length) = length.filter(|length| *length > 0 && !response.headers().contains_key(CONTENT_LENGTH)) {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
}

fn body_length(body: Body) -> Option<u64> {
    fn exact<B: hyper::body::Body>(body: &B) -> Option<u64> {
        body.size_hint().exact()
    }
    let response: hyper::Response<_> = Response::builder().body(body).into();
    exact(response.body())
}

pub(super) fn set_headers(headers: &mut HeaderMap, id: Uuid) {
    let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
    let id = id.hyphenated().encode_lower(&mut text);
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(X_REQUEST_ID, id);
    }
    headers.entry(CACHE_CONTROL).or_insert(NO_STORE);
    headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn etags_are_compared_weakly() {
        assert!(matches(b"\"3\"", b"\"3\"") && matches(b"W/\"3\"", b"\"3\"") && matches(b"\"1\", \"3\"", b"\"3\""));
        assert!(matches(b"*", b"\"3\"") && !matches(b"\"33\"", b"\"3\"") && !matches(b"", b"\"3\""));
    }
}
