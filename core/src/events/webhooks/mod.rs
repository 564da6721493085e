//! Webhooks: an organization's endpoints, which are told of its events one after the other.
//!
//! - this file: the endpoint, what a client may send, how a list is sorted; `api.rs`: the operations; `store.rs`: the SQL;
//! - `filter.rs`: which events; `secret.rs`: what requests are signed with; `message.rs`: a request, as Standard Webhooks
//!   has it; `hear.rs`: a turn of an endpoint; `fired.rs`: what rules tell it; `schedule.rs`: when to try again; `notice.rs`: the letter at the end;
//! - `deliveries/`: the log of what was sent;
//! - `migrations/tenant/V6__webhooks.sql`: the tables; `tests/it/webhooks/`.
//!
//! Whoever makes or changes an endpoint can only let it hear what they may see at that moment. That is written down word
//! by word and stays: the endpoint is the organization's and not its author's, so it hears the same when the author's role
//! changes or ends. Whoever changes anything of it afterwards, as where it is, answers for all that it hears from then on,
//! and is refused where they may not see what it was told to hear by name. Events carry ids only, so that whatever a
//! receiver wants to know beyond that, it asks for with rights of its own.

mod api;
pub mod deliveries;
mod filter;
mod fired;
mod hear;
mod message;
mod notice;
mod schedule;
mod secret;
mod store;
mod url;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

pub use api::WebhooksApi;
pub(crate) use fired::described as rule_fired;
pub(super) use fired::{Fired, Told, tell};
pub(crate) use hear::hear;
pub(super) use store::known;
use store::{find as endpoint, resume};
use url::WebhookUrl;

use crate::http::{ApiResult, Caller, Change, Versioned, patch, replace};
use crate::value::{Prose, Text};
use crate::{choice, record_id, row, sorts};

record_id! {
    /// The id of a webhook's endpoint.
    WebhookId
}

choice! {
    /// Why the platform has disabled an endpoint.
    pub enum DisabledReason {
        /// It answered 410: there is nobody any more.
        Gone = "gone",
        /// For five days nothing could be delivered.
        Failing = "failing",
    }
}

/// An endpoint: where an organization hears of its events.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Where events are posted to.
    pub url: String,
    /// What it is for.
    pub description: Option<Prose<500>>,
    /// What it was asked to hear, such as `contact.created` or `contact.*`; empty for all that its author could see.
    pub events: Vec<String>,
    /// What it hears, word by word: what was asked for, of what could be seen by whoever changed it last.
    pub hears: Vec<String>,
    /// Whether it is told anything.
    pub enabled: bool,
    /// When the platform disabled it; null where it did not.
    #[serde(with = "time::serde::rfc3339::option")]
    pub disabled_at: Option<OffsetDateTime>,
    /// Why it did.
    pub disabled_reason: Option<DisabledReason>,
    /// When its secret was made.
    #[serde(with = "time::serde::rfc3339")]
    pub secret_since: OffsetDateTime,
    /// Until when the secret before that signs too.
    #[serde(with = "time::serde::rfc3339::option")]
    pub old_secret_until: Option<OffsetDateTime>,
    /// When somebody last gave up an event that could not be delivered.
    #[serde(with = "time::serde::rfc3339::option")]
    pub skipped_at: Option<OffsetDateTime>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    secret_id: Uuid,
    #[oai(skip)]
    #[serde(skip)]
    old_secret_id: Option<Uuid>,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(Webhook {
    id,
    url,
    description,
    events,
    hears,
    enabled,
    disabled_at,
    disabled_reason,
    secret_since,
    old_secret_until = "CASE WHEN old_secret_until > now() THEN old_secret_until END",
    skipped_at,
    created_at,
    updated_at,
    secret_id,
    old_secret_id = "CASE WHEN old_secret_until > now() THEN old_secret_id END",
    version
});

impl Versioned for Webhook {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A new endpoint. This is the only answer that shows its secret.
#[derive(Debug, Serialize, Object)]
pub struct MadeWebhook {
    /// What requests to it are signed with: `whsec_…`, as libraries for Standard Webhooks take it.
    pub secret: String,
    /// What the list shows of it.
    #[serde(flatten)]
    #[oai(flatten)]
    pub shown: Webhook,
}

impl Versioned for MadeWebhook {
    fn version(&self) -> i64 {
        self.shown.version
    }
}

/// A new secret. This is the only answer that shows it.
#[derive(Debug, Serialize, Object)]
pub struct NewSecret {
    /// What requests are signed with from now on: `whsec_…`.
    pub secret: String,
    /// Until when they bear a signature of the secret before, too.
    #[serde(with = "time::serde::rfc3339")]
    pub old_secret_until: OffsetDateTime,
}

/// What was given up.
#[derive(Debug, Serialize, Object)]
pub struct Skipped {
    /// The event; null where none was in the way.
    pub event_id: Option<Uuid>,
}

/// An endpoint to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where to post events to: `https://`, no user name, at most 2000 characters.
    url: WebhookUrl,
    /// What it is for.
    description: Option<Prose<500>>,
    /// Which events to hear, such as `contact.created` or `contact.*`, at most 100; all that you may see where it is empty or
    /// left out.
    #[serde(default)]
    #[oai(default, validator(max_items = 100))]
    events: Vec<Text<100>>,
}

/// What to change in an endpoint. A field that is left out stays; null clears it.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookPatch {
    /// Where to post events to.
    url: Change<WebhookUrl>,
    /// What it is for.
    description: MaybeUndefined<Prose<500>>,
    /// Which events to hear.
    #[oai(validator(max_items = 100))]
    events: Change<Vec<Text<100>>>,
    /// Whether it is told anything. What happens while it is not, it never hears.
    enabled: Change<bool>,
}

/// What of an endpoint its author decides.
struct Settings {
    url: String,
    description: Option<Prose<500>>,
    events: Vec<String>,
    hears: Vec<String>,
    enabled: bool,
}

impl NewWebhook {
    fn checked(self, caller: &Caller) -> ApiResult<Settings> {
        let url = self.url.checked(caller)?;
        let events = filter::texts(self.events)?;
        let hears = filter::resolve(&events, caller)?;
        Ok(Settings { url, description: self.description, events, hears, enabled: true })
    }
}

impl WebhookPatch {
    /// Also what does not change is the caller's from now on, so it is judged by what the caller may see.
    fn apply(self, webhook: &mut Webhook, caller: &Caller) -> ApiResult<()> {
        if let Some(new) = self.url.given() {
            webhook.url = new.checked(caller)?;
        }
        patch(&mut webhook.description, self.description);
        if let Some(events) = self.events.given() {
            webhook.events = filter::texts(events)?;
        }
        webhook.hears = filter::resolve(&webhook.events, caller)?;
        replace(&mut webhook.enabled, self.enabled);
        if webhook.enabled {
            (webhook.disabled_at, webhook.disabled_reason) = (None, None);
        }
        Ok(())
    }
}

sorts! {
    /// How endpoints can be sorted.
    pub enum WebhookSort of Webhook {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |webhook| webhook.created_at,
    }
}
