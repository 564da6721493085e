//! The log of deliveries: what was sent to an endpoint, and what came back.
//!
//! - this file: a delivery, how a list is sorted; `api.rs`: the operations; `store.rs`: the SQL.

mod api;
mod store;

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

pub use api::DeliveriesApi;
pub(in crate::events) use store::forget;
pub(super) use store::log;

use super::WebhookId;
use super::message::Sealed;
use crate::egress::Outcome;
use crate::{choice, record_id, row, sorts};

record_id! {
    /// The id of a delivery.
    DeliveryId
}

choice! {
    /// Why something was sent.
    pub enum DeliveryKind {
        /// It happened.
        Event = "event",
        /// Somebody wanted it to be sent once more.
        Redelivery = "redelivery",
        /// Somebody wanted to see what comes back.
        Test = "test",
        /// A rule has run.
        Rule = "rule",
    }
}

/// An attempt to deliver an event.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// Why it was sent.
    pub kind: DeliveryKind,
    /// The event's id, as the header `webhook-id` had it; the same at each attempt.
    pub event_id: Uuid,
    /// The event's type.
    pub event: String,
    #[oai(skip)]
    #[serde(skip)]
    resource: String,
    /// The attempt's number, from 1 on.
    pub attempt: i16,
    /// When it was sent.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// How long it took, in milliseconds.
    pub took_ms: i32,
    /// The status of the answer; null where there was none.
    pub status: Option<i16>,
    /// What went wrong; null where the status is 2xx.
    pub failure: Option<String>,
    /// Whether this was the last attempt: the next event is tried, and this one can be redelivered.
    pub given_up: bool,
    /// The body that was sent.
    pub request: String,
    /// The first 4 KiB of what came back, as text without control characters; null where nothing came.
    pub answer: Option<String>,
}

row!(Delivery {
    id,
    webhook_id,
    kind,
    event_id,
    event,
    resource,
    attempt,
    at,
    took_ms,
    status,
    failure,
    given_up,
    request,
    answer
});

/// How much of an answer is kept, in bytes as it came.
const ANSWER_KEPT: usize = 4096;

impl Delivery {
    pub(super) fn of(
        webhook: WebhookId,
        message: &Sealed,
        kind: DeliveryKind,
        attempt: i16,
        at: OffsetDateTime,
        outcome: Outcome,
    ) -> Self {
        let Outcome { took, result } = outcome;
        let (status, failure, answer) = match result {
            Ok(answered) => {
                let failure = (!answered.is_success()).then(|| "the answer is not one of 2xx".to_owned());
                (i16::try_from(answered.status).ok(), failure, Some(shown(&answered.body)))
            }
            Err(error) => (None, Some(error.to_string()), None),
        };
        Self {
            id: DeliveryId::new(),
            webhook_id: webhook,
            kind,
            event_id: message.id,
            event: message.event.clone(),
            resource: message.resource.clone(),
            attempt,
            at,
            took_ms: i32::try_from(took.as_millis()).unwrap_or(i32::MAX),
            status,
            failure,
            given_up: false,
            request: message.body.clone(),
            answer,
        }
    }

    /// Whether it arrived.
    pub(super) fn succeeded(&self) -> bool {
        self.failure.is_none()
    }
}

/// What came back as text that can be stored and shown: anybody may have written it.
fn shown(body: &[u8]) -> String {
    let kept = body.get(..ANSWER_KEPT).unwrap_or(body);
    let whole = String::from_utf8_lossy(kept);
    // A character that the cut went through is not the other side's fault.
    let whole = if kept.len() < body.len() { whole.trim_end_matches('\u{fffd}') } else { &whole };
    let harmless = |c: char| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c };
    whole.replace("\r\n", "\n").chars().map(harmless).collect()
}

sorts! {
    /// How deliveries can be sorted.
    pub enum DeliverySort of Delivery {
        At | AtDesc: "at" | "-at" = timestamptz at => |delivery| delivery.at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_as_harmless_text() {
        assert_eq!(shown(b"ok\r\n\tyes\0\x1b[31m\x7f"), "ok\n\tyes\u{fffd}\u{fffd}[31m\u{fffd}");
        assert_eq!(shown(b"\xff\xfe"), "\u{fffd}\u{fffd}");
        assert_eq!(shown(&[b'x'; 9000]).len(), ANSWER_KEPT);
        assert_eq!(shown("ä".repeat(4000).as_bytes()), "ä".repeat(ANSWER_KEPT / 2));
        assert_eq!(shown(format!("x{}", "ä".repeat(4000)).as_bytes()).chars().count(), ANSWER_KEPT / 2);
        assert!(shown(&[0xff; 9000]).len() <= 3 * ANSWER_KEPT, "the table has room for it");
    }
}
