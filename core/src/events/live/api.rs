//! The operations of listening.

use http::{HeaderMap, StatusCode};
use poem::web::websocket::WebSocket;
use poem_openapi::param::{Header, Query};
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use time::OffsetDateTime;

use super::Listening;
use super::hub::upgrade_needed;
use super::socket::{EventSocket, is_from_known_page};
use super::sse::EventStream;
use crate::events::EventsListen;
use crate::http::{Answer, ApiError, ApiResult, Can, Ticketed};
use crate::identity::ticket;
use crate::module::Tag;
use crate::value::Text;

/// Listening.
#[derive(Default)]
pub struct LiveApi;

#[OpenApi(tag = "Tag::Events")]
impl LiveApi {
    /// Listen to what happens, as a stream.
    ///
    /// Server-sent events: the data of each is an event as `GET /events` has it, moments after the change, of those records
    /// that the caller may see; its id is the event's position. First comes what has happened after `Last-Event-ID`, or
    /// after `after`, then the comment `live`; without either it begins now. An event of the type `reset` says that what
    /// comes next cannot be told any more (after an hour, or 30 days where the caller may read the feed): read anew what
    /// you show. A comment comes every 15 seconds, and another one says why the stream ends: when access ends, when the
    /// token expires, when you read too slowly, when the server stops. Then come again with the last id.
    #[oai(path = "/live", method = "get", operation_id = "live_listen")]
    async fn listen(
        &self,
        caller: Ticketed<EventsListen>,
        /// In place of the header `Authorization`, which browsers let nobody set here: see `POST /live/tickets`.
        ticket: Query<Option<Text<100>>>,
        /// The position to go on after; `Last-Event-ID` goes before it.
        #[oai(validator(minimum(value = "0")))]
        after: Query<Option<i64>>,
        /// The id of the last event that was heard. Browsers send it when they come again.
        #[oai(name = "Last-Event-ID", validator(minimum(value = "0")))]
        last: Header<Option<i64>>,
    ) -> ApiResult<EventStream> {
        // The caller has shown it.
        drop(ticket);
        Listening::begin(caller.0, last.0.or(after.0)).await.map(EventStream)
    }

    /// Listen to what happens, by WebSocket.
    ///
    /// As `GET /live`: each text message is an event. The first one is `{"type":"begin","position":…}`, or of the type
    /// `reset`. Go on after the position of the last message. Pings come every 15 seconds. It is closed with 1008 when access
    /// ends, with 1013 when you read too slowly, and with 1001 when the server stops. What you send is not read.
    #[oai(path = "/live/socket", method = "get", operation_id = "live_socket")]
    async fn socket(
        &self,
        caller: Ticketed<EventsListen>,
        socket: poem::Result<WebSocket>,
        headers: &HeaderMap,
        /// In place of the header `Authorization`, which browsers let nobody set here: see `POST /live/tickets`.
        ticket: Query<Option<Text<100>>>,
        /// The position to go on after.
        #[oai(validator(minimum(value = "0")))]
        after: Query<Option<i64>>,
    ) -> ApiResult<EventSocket> {
        drop(ticket);
        if !is_from_known_page(headers, &caller.0.platform().config().http.cors_origins) {
            return Err(unknown_page());
        }
        let listening = Listening::begin(caller.0, after.0).await?;
        let socket = socket.map_err(|_| upgrade_needed())?;
        Ok(EventSocket { socket, listening })
    }

    /// Get a ticket to listen with.
    ///
    /// For browsers, whose `EventSource` and `WebSocket` send no header: put it into the query of `GET /live` or
    /// `GET /live/socket`. It works once, within 30 seconds, and lets in as the token does that it was asked for with.
    #[oai(path = "/live/tickets", method = "post", operation_id = "live_tickets_create")]
    async fn ticket(&self, caller: Can<EventsListen>) -> ApiResult<Answer<LiveTicket>> {
        let ticket = ticket::Ticket::new();
        let expires_at = caller.admit().await?.change(ticket.issue(caller.claims())).await?;
        Ok(Answer(LiveTicket { ticket: ticket.text, expires_at }))
    }
}

/// A ticket to listen with.
#[derive(Debug, Serialize, Object)]
pub struct LiveTicket {
    /// What to put into the query, as `ticket`.
    pub ticket: String,
    /// Until when it works, if it was not used.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// 403: a page of another origin.
fn unknown_page() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "unknown_origin",
        "This page may not call",
        "Pages of this origin may not call. The operator lists those that may in TENANTRY_CORS_ORIGINS.",
    )
}
