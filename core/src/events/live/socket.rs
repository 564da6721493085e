//! Listening by the WebSocket protocol: each event is a text message.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Uri};
use poem::web::websocket::{CloseCode, Message, WebSocket, WebSocketConfig, WebSocketStream};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type as _;
use serde_json::json;
use tokio::time::{Instant, timeout};

use super::{Ending, HEARTBEAT, Listening, Said};
use crate::http::Problem;

/// How long a message may take on its way.
const PATIENCE: Duration = Duration::from_secs(15);
/// A client that answers none of so many pings is gone.
const PINGS: u32 = 3;
/// Of what a client sends. There is nothing that it has to say.
const LARGEST: usize = 4096;
const BUFFER: usize = 1024;

/// 101, and then events for as long as both sides want.
pub struct EventSocket {
    pub(super) socket: WebSocket,
    pub(super) listening: Listening,
}

/// Whether a request comes from a page that may call, or from no page. Nothing is let in by a cookie, so this keeps out
/// nobody who has a token; it keeps a page from being used that the organization does not know.
pub(super) fn is_from_known_page(headers: &HeaderMap, known: &[String]) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let own = origin.parse::<Uri>().ok().and_then(|page| {
        let page = page.authority()?.as_str().to_owned();
        Some(headers.get(HOST)?.to_str().ok()? == page)
    });
    own == Some(true) || known.iter().any(|known| known.trim_end_matches('/') == origin)
}

impl IntoResponse for EventSocket {
    fn into_response(self) -> Response {
        let Self { socket, listening } = self;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(0)
            .max_write_buffer_size(1024 * 1024)
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST));
        socket.config(config).on_upgrade(|stream| talk(stream, listening)).into_response()
    }
}

/// Tells, and hears whether somebody is there.
async fn talk(mut stream: WebSocketStream, mut listening: Listening) {
    let mut heard = Instant::now();
    loop {
        let said = tokio::select! {
            said = listening.next() => said,
            received = stream.next() => match received {
                Some(Ok(message)) if !matches!(message, Message::Close(_)) => {
                    heard = Instant::now();
                    continue;
                }
                _ => return,
            },
        };
        let is_over = matches!(said, Said::Over(_)) || heard.elapsed() > HEARTBEAT * (PINGS + 1);
        let sent = match message(said) {
            Some(message) => timeout(PATIENCE, stream.send(message)).await,
            None => continue,
        };
        if is_over || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}

fn message(said: Said) -> Option<Message> {
    Some(match said {
        Said::Begin { position, is_reset } => {
            let kind = if is_reset { "reset" } else { "begin" };
            Message::Text(json!({ "type": kind, "position": position }).to_string())
        }
        // It is JSON, which is UTF-8.
        Said::Event(told) => Message::Text(String::from_utf8(told.json().to_vec()).ok()?),
        Said::CaughtUp => return None,
        Said::Quiet => Message::Ping(Vec::new()),
        Said::Over(ending) => Message::Close(Some((code(ending), ending.words().to_owned()))),
    })
}

fn code(ending: Ending) -> CloseCode {
    match ending {
        Ending::Access | Ending::Expired => CloseCode::Policy,
        Ending::Behind | Ending::Unavailable => CloseCode::Again,
        Ending::Stopping => CloseCode::Away,
    }
}

impl ApiResponse for EventSocket {
    fn meta() -> MetaResponses {
        let answer = |status, description, content| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers: Vec::new(),
        };
        let problem = MetaMediaType { content_type: "application/problem+json", schema: Problem::schema_ref() };
        MetaResponses {
            responses: vec![
                answer(101, "The WebSocket protocol (RFC 6455); each text message is an event.", Vec::new()),
                answer(426, "Only by the WebSocket protocol, over HTTP/1.1.", vec![problem]),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}
