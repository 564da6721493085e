//! Listening as a stream of server-sent events.

use bytes::Bytes;
use futures_util::{Stream, stream};
use http::header::HeaderName;
use poem::{Body, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type as _;

use super::{Listening, Said};
use crate::events::feed::Event;

/// What a client waits before it comes again, in milliseconds.
const RETRY: u32 = 2000;
/// Has nginx, and what took this word from it, hand on each event at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// 200 with events for as long as both sides want.
pub struct EventStream(pub(super) Listening);

fn lines(listening: Listening) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    stream::unfold(Some(listening), |listening| async {
        let mut listening = listening?;
        let said = listening.next().await;
        let is_over = matches!(said, Said::Over(_));
        Some((Ok(written(said)), Some(listening).filter(|_| !is_over)))
    })
}

/// A line that begins with a colon is a comment. An id without data tells nothing, and is where a client goes on.
fn written(said: Said) -> Bytes {
    match said {
        Said::Begin { position, is_reset: false } => format!("retry: {RETRY}\nid: {position}\n\n").into(),
        Said::Begin { position, is_reset: true } => {
            format!("retry: {RETRY}\nid: {position}\nevent: reset\ndata: {{\"position\":{position}}}\n\n").into()
        }
        Said::Event(told) => told.frame(),
        Said::CaughtUp => Bytes::from_static(b": live\n\n"),
        Said::Quiet => Bytes::from_static(b":\n\n"),
        Said::Over(ending) => format!(": end: {}\n\n", ending.words()).into(),
    }
}

impl IntoResponse for EventStream {
    fn into_response(self) -> Response {
        Response::builder()
            .content_type("text/event-stream")
            .header(X_ACCEL_BUFFERING, "no")
            .body(Body::from_bytes_stream(lines(self.0)))
    }
}

impl ApiResponse for EventStream {
    fn meta() -> MetaResponses {
        let content = MetaMediaType { content_type: "text/event-stream", schema: Vec::<Event>::schema_ref() };
        let response = MetaResponse {
            description: "Events for as long as both sides want.",
            status: Some(200),
            status_range: None,
            content: vec![content],
            headers: Vec::new(),
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(registry: &mut Registry) {
        Vec::<Event>::register(registry);
    }
}
