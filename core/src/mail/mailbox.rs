//! The mailbox of development: the latest letters and text messages, in memory, and `GET /dev/mailbox`, which shows them.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use http::header;
use poem::{Endpoint, IntoResponse as _, Request, Response};
use serde::Serialize;
use time::OffsetDateTime;

use super::{Letter, Parcel};
use crate::http::{ApiError, ClientAddr};
use crate::sms::TextMessage;

/// Messages to keep.
const KEPT: usize = 500;

/// The latest messages, to whomever. Cloning it is cheap.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<VecDeque<Arrived>>>);

/// Something that has arrived.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "channel")]
enum Arrived {
    #[serde(rename = "email")]
    Letter(Delivered),
    #[serde(rename = "sms")]
    Text(DeliveredText),
}

/// A letter that has arrived.
#[derive(Clone, Debug, Serialize)]
pub struct Delivered {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The name that it comes from, where it is not the installation's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// Where a POST says that no more of the kind shall come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// What its `Message-ID` begins with.
    pub reference: String,
    /// The letter.
    #[serde(flatten)]
    pub letter: Letter,
}

/// A text message that has arrived.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveredText {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The message.
    #[serde(flatten)]
    pub message: TextMessage,
}

impl Mailbox {
    pub(super) fn put(&self, parcel: Parcel) {
        let Parcel { reference, letter, sender, unsubscribe } = parcel;
        let at = OffsetDateTime::now_utc();
        self.keep(Arrived::Letter(Delivered { at, sender, unsubscribe, reference, letter }));
    }

    pub(crate) fn put_text(&self, message: TextMessage) {
        self.keep(Arrived::Text(DeliveredText { at: OffsetDateTime::now_utc(), message }));
    }

    fn keep(&self, arrived: Arrived) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front(arrived);
        kept.truncate(KEPT);
    }

    fn all(&self) -> Vec<Arrived> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// The letters, newest first.
    pub fn letters(&self) -> Vec<Delivered> {
        let letter = |arrived| if let Arrived::Letter(letter) = arrived { Some(letter) } else { None };
        self.all().into_iter().filter_map(letter).collect()
    }

    /// The text messages, newest first.
    pub fn texts(&self) -> Vec<DeliveredText> {
        let text = |arrived| if let Arrived::Text(text) = arrived { Some(text) } else { None };
        self.all().into_iter().filter_map(text).collect()
    }
}

/// Shows the mailbox to whoever sits at this machine, and to nobody else: its letters open accounts.
pub(crate) fn show(mailbox: Mailbox) -> impl Endpoint<Output = Response> {
    poem::endpoint::make_sync(move |request| {
        if !is_local(&request) {
            return ApiError::not_found().into_response();
        }
        let body = serde_json::json!({ "items": mailbox.all() });
        Response::builder().content_type("application/json").body(body.to_string())
    })
}

/// From this machine, and under a name of it: another site's page in a browser here would come under its own name.
fn is_local(request: &Request) -> bool {
    let from_here = request.data::<ClientAddr>().is_some_and(|client| client.0.is_loopback());
    let host = request.header(header::HOST).or(request.uri().host()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let address = host.parse::<SocketAddr>().map(|address| address.ip()).or_else(|_| name.parse());
    from_here && (name == "localhost" || address.is_ok_and(|address| address.is_loopback()))
}
