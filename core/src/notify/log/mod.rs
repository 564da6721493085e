//! The log: what was sent to whom, and what became of it. Kept for 90 days.

mod api;
pub(super) mod store;

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;

pub use api::NotificationsApi;

use super::destination::Destination;
use super::kind::Channel;
use crate::{choice, record_id, row, sorts};

record_id! {
    /// The id of a notice.
    NoticeId
}

choice! {
    /// What has become of a notice.
    pub enum NoticeState {
        /// It is on its way, or waits for the end of quiet hours.
        Waiting = "waiting",
        /// The relay or the provider has taken it.
        Sent = "sent",
        /// It could not be delivered, or came back.
        Failed = "failed",
        /// It may not be sent to this address.
        Suppressed = "suppressed",
    }
}

/// A notice that was posted. What it said is kept nowhere.
#[derive(Debug, Serialize, Object)]
pub struct Notification {
    /// Its id.
    pub id: NoticeId,
    /// Its kind.
    pub kind: String,
    /// How it is sent.
    pub channel: Channel,
    /// To whom: an e-mail address, or a telephone number.
    #[oai(rename = "to")]
    #[serde(rename = "to")]
    pub recipient: Destination,
    /// The language that was asked for; null where the organization's will do.
    pub language: Option<String>,
    /// What has become of it.
    pub state: NoticeState,
    /// Why it failed or was suppressed, in words.
    pub reason: Option<String>,
    /// When it was posted.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Since when it is in its state.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}
row!(Notification { id, kind, channel, recipient, language, state, reason, created_at, updated_at });

sorts! {
    /// How notices can be sorted.
    pub enum NotificationSort of Notification {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |notice| notice.created_at,
    }
}
