//! The request's body: read once, bounded in bytes and time, inflated, and handed on as bytes.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderValue, Method, header};
use poem::{Body, Request};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::{ApiError, is_file as has_file};

/// Bytes of bodies that all requests may hold together, so that many slow uploads cannot take the memory.
const ALL_BODIES: usize = 256 * 1024 * 1024;

pub(super) struct Bodies {
    max: usize,
    time: Duration,
    room: Arc<Semaphore>,
}

/// The memory that a body takes, given back on drop.
pub(super) type Room = Option<OwnedSemaphorePermit>;

impl Bodies {
    pub(super) fn new(max: usize, time: Duration) -> Self {
        Self { max, time, room: Arc::new(Semaphore::new(ALL_BODIES.max(max))) }
    }

    /// Replaces the request's body by its bytes.
    pub(super) async fn read(&self, request: &mut Request) -> Result<Room, ApiError> {
        let body = request.take_body();
        if body.is_empty() {
            return Ok(None);
        }
        if declared(request.headers()).is_some_and(|length| length > self.max) {
            return Err(ApiError::payload_too_large());
        }
        let gzip = is_gzip(request.headers())?;
        let mut room = None;
        let reading = tokio::time::timeout(self.time, self.collect(body, &mut room));
        let mut bytes = reading.await.map_err(|_| ApiError::request_timeout())??;
        // A body means nothing with these; it was read only to get past it.
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return Ok(None);
        }
        if gzip {
            bytes = self.inflate(&bytes)?;
            self.reserve(&mut room, bytes.len())?;
            request.headers_mut().remove(header::CONTENT_ENCODING);
            request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        }
        request.set_body(bytes);
        Ok(room)
    }

    async fn collect(&self, body: Body, room: &mut Room) -> Result<Bytes, ApiError> {
        let mut chunks = std::pin::pin!(body.into_bytes_stream());
        let mut first = Bytes::new();
        let mut whole = BytesMut::new();
        while let Some(chunk) = chunks.next().await {
            let chunk =
                chunk.map_err(|_| ApiError::malformed("The body ended early, or is not encoded as declared."))?;
            if first.len() + whole.len() + chunk.len() > self.max {
                return Err(ApiError::payload_too_large());
            }
            self.reserve(room, chunk.len())?;
            // Most bodies come in one piece, which then need not be copied.
            if first.is_empty() && whole.is_empty() {
                first = chunk;
            } else {
                whole.extend_from_slice(&std::mem::take(&mut first));
                whole.extend_from_slice(&chunk);
            }
        }
        Ok(if whole.is_empty() { first } else { whole.freeze() })
    }

    fn reserve(&self, room: &mut Room, bytes: usize) -> Result<(), ApiError> {
        let bytes = u32::try_from(bytes).map_err(|_| ApiError::payload_too_large())?;
        let more = Arc::clone(&self.room).try_acquire_many_owned(bytes);
        let more = more.map_err(|_| ApiError::unavailable(Duration::from_secs(2)))?;
        match room {
            Some(room) => room.merge(more),
            None => *room = Some(more),
        }
        Ok(())
    }

    /// Inflates at most `max` bytes; a bomb is left where it stands.
    fn inflate(&self, bytes: &[u8]) -> Result<Bytes, ApiError> {
        let broken = |_| ApiError::malformed("The body is not the gzip that Content-Encoding says.");
        let mut source = MultiGzDecoder::new(bytes);
        let mut inflated = Vec::with_capacity(self.max.min(bytes.len().saturating_mul(4)));
        let limit = u64::try_from(self.max).unwrap_or(u64::MAX);
        source.by_ref().take(limit).read_to_end(&mut inflated).map_err(broken)?;
        if inflated.len() == self.max && source.read(&mut [0]).map_err(broken)? != 0 {
            return Err(ApiError::payload_too_large());
        }
        Ok(inflated.into())
    }
}

/// Whether the body goes on to the handler as it arrives: a file, which is as large as the operation says that takes it
/// ([`Upload`](crate::http::Upload), [`FileUpload`](crate::http::FileUpload)). All other operations refuse its type unread.
pub(super) fn is_file(request: &Request) -> bool {
    matches!(*request.method(), Method::POST | Method::PUT) && has_file(request.headers())
}

/// Whether the request says that a body follows its head.
pub(super) fn is_announced(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING) || declared(headers).is_some_and(|length| length > 0)
}

fn declared(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?;
    // hyper lets only numbers through; one that does not fit is too large.
    Some(length.parse().unwrap_or(usize::MAX))
}

fn is_gzip(headers: &HeaderMap) -> Result<bool, ApiError> {
    let mut codings = headers.get_all(header::CONTENT_ENCODING).iter();
    match (codings.next().map(HeaderValue::as_bytes), codings.next()) {
        (None, _) => Ok(false),
        (Some(coding), None) if coding.eq_ignore_ascii_case(b"identity") => Ok(false),
        (Some(coding), None) if coding.eq_ignore_ascii_case(b"gzip") || coding.eq_ignore_ascii_case(b"x-gzip") => {
            Ok(true)
        }
        _ => Err(ApiError::unsupported_media_type()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn inflate(max: usize, length: usize) -> Result<usize, u16> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&vec![0; length]).unwrap();
        let bodies = Bodies::new(max, Duration::from_secs(1));
        let inflated = bodies.inflate(&encoder.finish().unwrap());
        inflated.map(|bytes| bytes.len()).map_err(|error| error.status().as_u16())
    }

    #[test]
    fn a_body_may_inflate_to_the_limit_and_no_further() {
        assert_eq!(inflate(1000, 1000), Ok(1000));
        assert_eq!(inflate(1000, 1001), Err(413));
        assert_eq!(inflate(1000, 10_000_000), Err(413));
        let bodies = Bodies::new(1000, Duration::from_secs(1));
        assert_eq!(bodies.inflate(b"no gzip").unwrap_err().status(), 400);
    }
}
