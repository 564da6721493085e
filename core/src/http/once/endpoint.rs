//! The endpoint around each operation that changes something: reads the key, and commits with the answer.

use std::sync::Arc;

use aws_lc_rs::digest;
use http::{HeaderMap, header};
use poem::{Endpoint, Request, Response};

use super::keyed::{Keyed, hash};
use super::{IDEMPOTENCY_KEY, problem};
use crate::http::{ApiError, is_file};

/// An operation that may be sent again. With the header it is done once; without it nothing is different.
pub(crate) struct Idempotent<E> {
    endpoint: E,
    takes_key: bool,
}

impl<E> Idempotent<E> {
    pub(crate) fn new(endpoint: E, takes_key: bool) -> Self {
        Self { endpoint, takes_key }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for Idempotent<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        // What only reads may be sent again anyway, so the header means nothing there.
        if request.method().is_safe() {
            return self.endpoint.call(request).await;
        }
        let Some(key) = key(request.headers())? else { return self.endpoint.call(request).await };
        // Ignored, the header would be a promise that nobody keeps.
        if !self.takes_key {
            return Err(problem::not_taken().into());
        }
        // No operation that takes a key takes a file, which nobody has bounded yet.
        if is_file(request.headers()) {
            return Err(ApiError::unsupported_media_type().into());
        }
        let fingerprint = fingerprint(&mut request).await?;
        let route = format!("{} {}", request.method(), request.original_uri().path());
        let keyed = Arc::new(Keyed::new(route, key, fingerprint));
        request.set_data(Arc::clone(&keyed));
        let answered = self.endpoint.call(request).await;
        keyed.finish(answered).await
    }
}

/// The key: opaque, so one in quotes is another one than the same without.
fn key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None)
            if (1..=255).contains(&value.len()) && value.as_bytes().iter().all(u8::is_ascii_graphic) =>
        {
            value.to_str().map(|key| Some(key.to_owned())).map_err(|_| problem::invalid())
        }
        _ => Err(problem::invalid()),
    }
}

/// A hash of what makes the request another one: its query, the version it is made on, its content.
async fn fingerprint(request: &mut Request) -> Result<[u8; 32], ApiError> {
    let body = request.take_body().into_bytes().await.map_err(|_| ApiError::internal())?;
    let header = |name| request.headers().get(name).map_or(&b""[..], http::HeaderValue::as_bytes);
    let query = request.original_uri().query().unwrap_or_default();
    let content = digest::digest(&digest::SHA256, &body);
    let parts = [query.as_bytes(), header(header::IF_MATCH), header(header::CONTENT_TYPE), content.as_ref()];
    let fingerprint = hash(&parts);
    request.set_body(body);
    Ok(fingerprint)
}
