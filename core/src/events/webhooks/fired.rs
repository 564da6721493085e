//! An endpoint is told that a rule has run: a message like that of an event, logged as one, which holds nothing up.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::deliveries::{self, DeliveryKind};
use super::message::{Sealed, Way};
use super::{WebhookId, endpoint};
use crate::events::feed::Event;
use crate::tenancy::DbError;
use crate::value::Text;
use crate::worker::TenantWork;

/// What the type of such a message says.
const FIRED: &str = "rule.fired";
/// Refused for good: there is nobody any more.
const GONE: i16 = 410;

/// What came of telling somebody something.
pub(in crate::events) enum Told {
    /// It arrived.
    Well,
    /// It may work later.
    Later(String),
    /// It will never work.
    Never(&'static str),
}

/// A rule has run.
pub(in crate::events) struct Fired {
    run: Uuid,
    resource: String,
    body: String,
}

/// The body of the request.
#[derive(Serialize)]
struct Message<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    rule: RuleName<'a>,
    /// As `GET /events` has it.
    event: Event,
}

#[derive(Serialize)]
struct RuleName<'a> {
    id: Uuid,
    name: &'a Text<100>,
}

/// The message as the document has it: an event of no record, in the same envelope as theirs.
pub(crate) fn described() -> (String, Value) {
    let webhook = json!({
        "operationId": FIRED.replace('.', "_"),
        "summary": format!("Version 1 of `{FIRED}`: tells that a rule has run."),
        "description": "Posted to the endpoint that the rule's action names, whatever events that one asks for, signed as Standard \
                        Webhooks has it: in the headers `webhook-id` (the run's id, the same each time), `webhook-timestamp` and \
                        `webhook-signature`. It is no event: the feed does not have it.",
        "tags": ["Audit and events"],
        "requestBody": { "required": true, "content": { "application/json": { "schema": {
            "type": "object",
            "required": ["type", "timestamp", "data"],
            "properties": {
                "type": { "type": "string", "enum": [FIRED] },
                "timestamp": { "type": "string", "format": "date-time", "description": "When the event happened." },
                "data": {
                    "type": "object",
                    "required": ["rule", "event"],
                    "properties": {
                        "rule": { "type": "object", "required": ["id", "name"], "properties": {
                            "id": { "type": "string", "format": "uuid" },
                            "name": { "type": "string" },
                        } },
                        "event": { "$ref": "#/components/schemas/Event" },
                    },
                },
            },
        } } } },
        "responses": {
            "2XX": { "description": "It was heard. Anything else says that it was not, and it is sent again later." },
            "410": { "description": "There is nobody any more: it is not sent again." },
        },
    });
    (FIRED.to_owned(), json!({ "post": webhook }))
}

impl Fired {
    pub(in crate::events) fn new(run: Uuid, rule: Uuid, name: &Text<100>, event: Event) -> Self {
        let resource = event.resource.clone();
        let data = Data { rule: RuleName { id: rule, name }, event };
        let message = Message { kind: FIRED, timestamp: data.event.at, data };
        // Ids, times and names; those can always be written.
        Self { run, resource, body: serde_json::to_string(&message).unwrap_or_default() }
    }
}

/// Tells an endpoint once, and logs what came back.
pub(in crate::events) async fn tell(
    work: &TenantWork,
    id: WebhookId,
    fired: Fired,
    attempt: i16,
    patience: Duration,
) -> Result<Told, DbError> {
    let Some(webhook) = work.read(endpoint(id)).await? else { return Ok(Told::Never("there is no such endpoint")) };
    if !webhook.enabled {
        return Ok(Told::Never("the endpoint is disabled"));
    }
    let Fired { run, resource, body } = fired;
    let message = Sealed { id: run, event: FIRED.to_owned(), resource, body };
    let way = Way::new(work.platform(), work.tenant(), &webhook);
    let delivery = message.send(&way, DeliveryKind::Rule, attempt, patience).await;
    let (status, failure) = (delivery.status, delivery.failure.clone());
    work.write(deliveries::log(id, vec![delivery])).await?;
    Ok(match failure {
        None => Told::Well,
        Some(_) if status == Some(GONE) => Told::Never("the endpoint is gone"),
        Some(words) => Told::Later(words),
    })
}
