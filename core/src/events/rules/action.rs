//! What a rule does: an action is one field here, one [`Step`], and one function that does it: in `hear.rs` what happens in the
//! transaction of the run, in `deliver.rs` what goes outside.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tokio_postgres::types::Json;

use super::field_value::FieldValue;
use crate::column;
use crate::events::webhooks::WebhookId;
use crate::identity::UserId;
use crate::value::{Prose, Text};

/// Something to do. Where several are given, each is an action by itself, in this order.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct Action {
    /// Set a field of the record.
    pub set_field: Option<SetField>,
    /// Tell an endpoint for webhooks, with a message of the type `rule.fired`.
    pub webhook: Option<TellWebhook>,
    /// Write to a member of the organization.
    pub notify: Option<NotifyMember>,
}
column!(Action, Json<Action>, |json| json.0, |own| Json(own));

/// A field to set.
#[derive(Debug, Clone, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct SetField {
    /// Which field of the record.
    pub field: Text<100>,
    /// To what; it is cleared where this is left out.
    #[serde(default)]
    pub value: Option<FieldValue>,
}

/// An endpoint to tell.
#[derive(Debug, Clone, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct TellWebhook {
    /// One of the organization's.
    pub webhook_id: WebhookId,
}

/// A member to write to.
#[derive(Debug, Clone, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NotifyMember {
    /// A member of the organization. Who is none any more gets no letter.
    pub user_id: UserId,
    /// What the letter says, beside which rule has run and because of what.
    pub text: Prose<2000>,
}

/// One of the things that an action can be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    SetField(&'a SetField),
    Webhook(&'a TellWebhook),
    Notify(&'a NotifyMember),
}

impl Action {
    /// What it does; one, of actions that are stored.
    pub(super) fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        let Self { set_field, webhook, notify } = self;
        let set_field = set_field.as_ref().map(Step::SetField);
        let webhook = webhook.as_ref().map(Step::Webhook);
        set_field.into_iter().chain(webhook).chain(notify.as_ref().map(Step::Notify))
    }
}

impl From<Step<'_>> for Action {
    fn from(step: Step<'_>) -> Self {
        match step {
            Step::SetField(set_field) => Self { set_field: Some(set_field.clone()), ..Self::default() },
            Step::Webhook(webhook) => Self { webhook: Some(webhook.clone()), ..Self::default() },
            Step::Notify(notify) => Self { notify: Some(notify.clone()), ..Self::default() },
        }
    }
}
