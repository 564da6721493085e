//! A request to an endpoint, as Standard Webhooks has it: <https://www.standardwebhooks.com>.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Webhook;
use super::deliveries::{Delivery, DeliveryKind};
use super::secret::SigningSecret;
use crate::egress::{EgressError, Outcome, Target};
use crate::events::audit::ActorType;
use crate::events::feed::{Event, EventActor};
use crate::platform::Platform;
use crate::tenancy::{Actor, ActorKind, TenantId};

/// The body of a request to an endpoint.
#[derive(Serialize)]
struct Message {
    /// What happened to which kind of record, as in `contact.updated`.
    #[serde(rename = "type")]
    event: String,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    /// The event, as `GET /events` has it.
    data: Event,
}

impl From<Event> for Message {
    fn from(data: Event) -> Self {
        Self { event: data.event.clone(), timestamp: data.at, data }
    }
}

/// What the type of an event says that somebody asks for to try an endpoint.
const TEST: &str = "webhook.test";
/// What kind of record it is of.
const TESTED: &str = "webhooks";

/// A message on its way, or to be sent once more.
#[derive(Debug, Clone)]
pub(super) struct Sealed {
    /// The event's id, the same at each attempt.
    pub(super) id: Uuid,
    pub(super) event: String,
    pub(super) resource: String,
    pub(super) body: String,
}

impl Sealed {
    pub(super) fn of(event: Event) -> Self {
        let (id, name, resource) = (event.id.as_uuid(), event.event.clone(), event.resource.clone());
        // Ids, times and names; those can always be written.
        let body = serde_json::to_string(&Message::from(event)).unwrap_or_default();
        Self { id, event: name, resource, body }
    }

    /// An event that has not happened, for whoever wants to see what comes back.
    pub(super) fn test(webhook: &Webhook, actor: &Actor) -> Self {
        let kind = match actor.kind {
            ActorKind::Person => ActorType::Person,
            ActorKind::Key => ActorType::Key,
            ActorKind::Support => ActorType::Support,
            ActorKind::Operator => ActorType::Operator,
        };
        Self::of(Event {
            id: Uuid::now_v7().into(),
            position: 0,
            event: TEST.to_owned(),
            version: 1,
            at: OffsetDateTime::now_utc(),
            actor: EventActor { kind, user_id: actor.user },
            resource: TESTED.to_owned(),
            record: Some(webhook.id.to_string()),
            changed: Vec::new(),
        })
    }

    /// Sends it once, and tells what came of it.
    pub(super) async fn send(&self, way: &Way<'_>, kind: DeliveryKind, attempt: i16, patience: Duration) -> Delivery {
        let at = OffsetDateTime::now_utc();
        let headers = self.headers(way, at.unix_timestamp());
        let outcome = way.post(headers, self.body.clone().into_bytes(), patience).await;
        Delivery::of(way.webhook.id, self, kind, attempt, at, outcome)
    }

    fn headers(&self, way: &Way<'_>, timestamp: i64) -> HeaderMap {
        let secrets = SigningSecret::all(way.platform.webhook_key(), way.tenant, way.webhook);
        let signatures: Vec<String> = secrets.iter().map(|key| key.sign(self.id, timestamp, &self.body)).collect();
        let own = [
            ("webhook-id", self.id.to_string()),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signatures.join(" ")),
        ];
        let mut headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        for (name, value) in own {
            // Digits and letters of ours.
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        headers
    }
}

/// Where messages go.
pub(super) struct Way<'a> {
    platform: &'a Platform,
    tenant: TenantId,
    webhook: &'a Webhook,
    /// None where the operator does not allow the address any more.
    target: Option<Target>,
}

impl<'a> Way<'a> {
    pub(super) fn new(platform: &'a Platform, tenant: TenantId, webhook: &'a Webhook) -> Self {
        Self { platform, tenant, webhook, target: platform.egress().target(&webhook.url).ok() }
    }

    async fn post(&self, headers: HeaderMap, body: Vec<u8>, patience: Duration) -> Outcome {
        match &self.target {
            Some(target) => self.platform.egress().post(target, headers, body, patience).await,
            None => Outcome { took: Duration::ZERO, result: Err(EgressError::NotPublic) },
        }
    }
}
