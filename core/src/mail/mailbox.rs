//! The mailbox of development: the latest letters, in memory, and `GET /dev/mailbox`, which shows them.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use http::header;
use poem::{Endpoint, IntoResponse as _, Request, Response};
use serde::Serialize;
use time::OffsetDateTime;

use super::Letter;
use crate::http::{ApiError, ClientAddr};

/// Letters to keep.
const KEPT: usize = 500;

/// The latest letters, to whomever. Cloning it is cheap.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<VecDeque<Delivered>>>);

/// A letter that has arrived.
#[derive(Clone, Debug, Serialize)]
pub struct Delivered {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The letter.
    #[serde(flatten)]
    pub letter: Letter,
}

impl Mailbox {
    pub(super) fn put(&self, letter: Letter) {
        let mut letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push_front(Delivered { at: OffsetDateTime::now_utc(), letter });
        letters.truncate(KEPT);
    }

    /// The letters, newest first.
    pub fn letters(&self) -> Vec<Delivered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

/// Shows the mailbox to whoever sits at this machine, and to nobody else: its letters open accounts.
pub(crate) fn show(mailbox: Mailbox) -> impl Endpoint<Output = Response> {
    poem::endpoint::make_sync(move |request| {
        if !is_local(&request) {
            return ApiError::not_found().into_response();
        }
        let body = serde_json::json!({ "items": mailbox.letters() });
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
