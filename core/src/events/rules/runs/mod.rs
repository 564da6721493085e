//! The log of runs: what a rule did because of which event, and what came of it.
//!
//! - this file: a run, how a list is sorted; `api.rs`: the operation; `store.rs`: the SQL.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio_postgres::types::Json;
use uuid::Uuid;

pub use api::RunsApi;
pub(in crate::events) use store::forget;
pub(super) use store::{Recent, find, insert, recent, update};

use super::action::Step;
use super::{Action, RuleId};
use crate::events::feed::Event;
use crate::{choice, column, record_id, row, sorts};

record_id! {
    /// The id of a run.
    RunId
}

choice! {
    /// How far a run has come.
    pub enum RunState {
        /// Something waits to be told, or to be told again.
        Waiting = "waiting",
        /// All of it is done.
        Done = "done",
        /// Something of it was given up.
        Failed = "failed",
    }
}

choice! {
    /// How far an action has come.
    pub enum ActionState {
        /// It waits for its turn, or its next attempt.
        Waiting = "waiting",
        /// It is done.
        Done = "done",
        /// It was given up.
        Failed = "failed",
    }
}

/// What a rule did because of an event.
#[derive(Debug, Serialize, Object)]
pub struct Run {
    /// Its id; endpoints get it as `webhook-id`.
    pub id: RunId,
    /// The rule.
    pub rule_id: RuleId,
    /// The event's id.
    pub event_id: Uuid,
    /// The event's type.
    pub event: String,
    #[oai(skip)]
    #[serde(skip)]
    #[allow(dead_code)] // It decides who sees the run, in the database.
    resource: String,
    /// The record that the event is about.
    pub record: Option<String>,
    /// When it ran.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// How far it has come.
    pub state: RunState,
    /// What was to be done, and what came of it.
    pub actions: Vec<Outcome>,
}
row!(Run { id, rule_id, event_id, event, resource, record, at, state, actions });

/// What came of an action.
#[derive(Debug, Clone, Serialize, Deserialize, Object)]
pub struct Outcome {
    /// What was to be done.
    pub action: Action,
    /// How far it has come.
    pub state: ActionState,
    /// Why it was given up; null where it was not.
    pub failure: Option<String>,
}
column!(Outcome, Json<Outcome>, |json| json.0, |own| Json(own));

impl Outcome {
    pub(super) fn done(action: &Action) -> Self {
        Self { action: action.clone(), state: ActionState::Done, failure: None }
    }

    pub(super) fn waiting(action: &Action) -> Self {
        Self { action: action.clone(), state: ActionState::Waiting, failure: None }
    }

    pub(super) fn failed(action: &Action, words: impl Into<String>) -> Self {
        Self { action: action.clone(), state: ActionState::Failed, failure: Some(words.into()) }
    }
}

/// How far a run has come whose actions have come so far.
fn state(actions: &[Outcome]) -> RunState {
    let any = |state| actions.iter().any(|outcome| outcome.state == state);
    if any(ActionState::Waiting) {
        RunState::Waiting
    } else if any(ActionState::Failed) {
        RunState::Failed
    } else {
        RunState::Done
    }
}

/// A run to note.
pub(super) struct NewRun {
    rule: RuleId,
    event_id: Uuid,
    event: String,
    resource: String,
    record: Option<String>,
    actions: Vec<Outcome>,
}

impl NewRun {
    pub(super) fn new(rule: RuleId, event: &Event, actions: Vec<Outcome>) -> Self {
        Self {
            rule,
            event_id: event.id.as_uuid(),
            event: event.event.clone(),
            resource: event.resource.clone(),
            record: event.record.clone(),
            actions,
        }
    }

    /// How many letters it sends.
    pub(super) fn letters(&self) -> i16 {
        let is_letter = |outcome: &&Outcome| {
            outcome.state == ActionState::Waiting && matches!(outcome.action.steps().next(), Some(Step::Notify(_)))
        };
        i16::try_from(self.actions.iter().filter(is_letter).count()).unwrap_or(i16::MAX)
    }
}

sorts! {
    /// How runs can be sorted.
    pub enum RunSort of Run {
        At | AtDesc: "at" | "-at" = timestamptz at => |run| run.at,
    }
}
