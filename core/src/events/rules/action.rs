//! What a rule does: an action is one field here, one [`Step`], and one function that does it: in `hear.rs` what happens in the
//! transaction of the run, in `deliver.rs` what goes outside.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tokio_postgres::types::Json;

use super::field_value::FieldValue;
use crate::column;
use crate::crm::tasks::TaskPriority;
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
    /// Have a member do something.
    pub create_task: Option<CreateTask>,
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

/// A member to write to. All rules together send no more than 20 letters a day to one address; the run says what was not sent.
#[derive(Debug, Clone, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NotifyMember {
    /// A member of the organization. Who is none any more gets no letter.
    pub user_id: UserId,
    /// What the letter says, beside which rule has run and because of what.
    pub text: Prose<2000>,
}

/// A task to make, about the record where tasks can be about such.
#[derive(Debug, Clone, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct CreateTask {
    /// What is to be done.
    pub title: Text<200>,
    /// More about it.
    #[serde(default)]
    pub description: Option<Prose<10_000>>,
    /// How much it matters; `normal` where it is left out.
    #[serde(default)]
    pub priority: Option<TaskPriority>,
    /// The member who has to do it; where it is left out the record's owner, or the rule's author where it has none.
    #[serde(default)]
    pub assignee_id: Option<UserId>,
    /// After how many days it is due; up to 3650.
    #[serde(default)]
    #[oai(validator(minimum(value = "0"), maximum(value = "3650")))]
    pub due_in_days: Option<u16>,
}

/// One of the things that an action can be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    SetField(&'a SetField),
    Webhook(&'a TellWebhook),
    Notify(&'a NotifyMember),
    CreateTask(&'a CreateTask),
}

impl Action {
    /// What it does; one, of actions that are stored.
    pub(super) fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        let Self { set_field, webhook, notify, create_task } = self;
        let set_field = set_field.as_ref().map(Step::SetField);
        let webhook = webhook.as_ref().map(Step::Webhook);
        let notify = notify.as_ref().map(Step::Notify);
        set_field.into_iter().chain(webhook).chain(notify).chain(create_task.as_ref().map(Step::CreateTask))
    }
}

impl From<Step<'_>> for Action {
    fn from(step: Step<'_>) -> Self {
        match step {
            Step::SetField(set_field) => Self { set_field: Some(set_field.clone()), ..Self::default() },
            Step::Webhook(webhook) => Self { webhook: Some(webhook.clone()), ..Self::default() },
            Step::Notify(notify) => Self { notify: Some(notify.clone()), ..Self::default() },
            Step::CreateTask(task) => Self { create_task: Some(task.clone()), ..Self::default() },
        }
    }
}
