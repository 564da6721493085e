//! Rules: what an organization has the platform do by itself when something happens.
//!
//! - this file: the rule, what a client may send, how a list is sorted; `api.rs`: the operations; `store.rs`: the SQL;
//! - `condition.rs`, `action.rs`, `field_value.rs`: what a rule is made of; `check.rs`: which rules there can be;
//! - `author.rs`: by what right a rule acts; `record.rs`: a record of any kind, as rules read and change it;
//! - `hear.rs`: a turn of a rule, which is a listener ([`listen`](super::listen)); `fire.rs`: a run, in one transaction;
//!   `task.rs`: the task that a run makes; `deliver.rs`: what of it goes outside, `notice.rs` in which words; `trial.rs`: what would be done;
//! - `runs/`: the log;
//! - `migrations/tenant/V9__rules.sql`: the tables; `migrations/platform/V28__rules.sql`: in whose name rules act;
//!   `tests/it/rules/`.
//!
//! **An action** is a field of [`Action`], a variant of its `Step`, and one function.
//!
//! **By what right.** Whoever makes or changes a rule answers for it: it does no more than they may do by hand. That is asked
//! again at each turn; a rule whose author has left or may no longer do all of it is disabled. In the journal it acts in its own
//! name (`kind` is `rule`, `session_id` the rule's id).
//!
//! **Once.** A run's row and what it changes commit together, and there is one run of a rule for an event. What goes outside is
//! put into the outbox by the same transaction, so it comes at least once, with the same id each time.
//!
//! **Loops.** What a rule has changed starts no rule. Where the loop leads outside, as by a receiver that changes the record, it
//! ends with [`MOST_AN_HOUR`].

mod action;
mod api;
mod author;
mod check;
mod condition;
mod deliver;
mod field_value;
mod fire;
mod hear;
mod notice;
mod record;
pub mod runs;
mod store;
mod task;
mod trial;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

pub use action::{Action, CreateTask, NotifyMember, SetField, TellWebhook};
pub use api::RulesApi;
pub use condition::{Condition, Operator};
pub(crate) use deliver::deliver;
pub use field_value::FieldValue;
pub(crate) use hear::hear;
pub use notice::RULE_RAN;

use crate::http::{Change, Versioned, replace};
use crate::value::Text;
use crate::{choice, record_id, row, sorts};

/// Runs of a rule within an hour; it is disabled where there are more.
const MOST_AN_HOUR: i64 = 10_000;
/// Letters of a rule within an hour; what comes after is not sent.
const LETTERS_AN_HOUR: i64 = 100;
/// Letters of all rules of an organization to one address within a day; what comes after is not sent.
const LETTERS_A_DAY: i64 = 20;

record_id! {
    /// The id of a rule.
    RuleId
}

choice! {
    /// Why the platform has disabled a rule.
    pub enum RuleDisabledReason {
        /// Who changed it last is no member of the organization any more.
        AuthorLeft = "author_left",
        /// Who changed it last may no longer do by hand all that the rule does.
        AuthorLacksPermission = "author_lacks_permission",
        /// It ran more than 10,000 times within an hour.
        TooOften = "too_often",
    }
}

/// What is done when something happens.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it is called.
    pub name: Text<100>,
    /// The types of the events that it waits for.
    pub events: Vec<String>,
    /// Of updates, it is for those that changed one of these fields; for all where there is none.
    pub changed: Vec<String>,
    /// What must be so; all of it.
    pub conditions: Vec<Condition>,
    /// What is done then.
    pub actions: Vec<Action>,
    /// Whether it runs.
    pub enabled: bool,
    /// Who changed it last: the rule may do what this person may.
    pub author_id: Uuid,
    /// When the platform disabled it; null where it did not.
    #[serde(with = "time::serde::rfc3339::option")]
    pub disabled_at: Option<OffsetDateTime>,
    /// Why it did.
    pub disabled_reason: Option<RuleDisabledReason>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(Rule {
    id,
    name,
    events,
    changed,
    conditions,
    actions,
    enabled,
    author_id,
    disabled_at,
    disabled_reason,
    created_at,
    updated_at,
    version
});

impl Versioned for Rule {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A rule to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewRule {
    /// What it is called.
    name: Text<100>,
    /// The types of the events that it waits for, such as `contact.created`; 1 to 20.
    #[oai(validator(max_items = 20))]
    events: Vec<Text<100>>,
    /// Of updates, only those that changed one of these fields; of all where it is empty or left out. At most 20.
    #[serde(default)]
    #[oai(default, validator(max_items = 20))]
    changed: Vec<Text<100>>,
    /// What must be so; all of it, and at most 20 conditions. A deleted record is judged as it was last.
    #[serde(default)]
    #[oai(default, validator(max_items = 20))]
    conditions: Vec<Condition>,
    /// What is done then; 1 to 5 actions.
    #[oai(validator(max_items = 5))]
    actions: Vec<Action>,
}

/// What to change in a rule. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct RulePatch {
    /// What it is called.
    name: Change<Text<100>>,
    /// The types of the events that it waits for.
    #[oai(validator(max_items = 20))]
    events: Change<Vec<Text<100>>>,
    /// Of updates, only those that changed one of these fields.
    #[oai(validator(max_items = 20))]
    changed: Change<Vec<Text<100>>>,
    /// What must be so.
    #[oai(validator(max_items = 20))]
    conditions: Change<Vec<Condition>>,
    /// What is done then.
    #[oai(validator(max_items = 5))]
    actions: Change<Vec<Action>>,
    /// Whether it runs. What happens while it does not, it never sees.
    enabled: Change<bool>,
}

/// What of a rule its author decides.
struct Settings {
    name: Text<100>,
    events: Vec<String>,
    changed: Vec<String>,
    conditions: Vec<Condition>,
    actions: Vec<Action>,
    enabled: bool,
}

impl From<NewRule> for Settings {
    fn from(new: NewRule) -> Self {
        let NewRule { name, events, changed, conditions, actions } = new;
        Self { name, events: texts(events), changed: texts(changed), conditions, actions, enabled: true }
    }
}

impl RulePatch {
    fn acts_anew(&self) -> bool {
        self.actions.is_given()
    }

    fn applied(self, rule: Rule) -> Settings {
        let Rule { mut name, mut events, mut changed, mut conditions, mut actions, mut enabled, .. } = rule;
        replace(&mut name, self.name);
        if let Some(new) = self.events.given() {
            events = texts(new);
        }
        if let Some(new) = self.changed.given() {
            changed = texts(new);
        }
        replace(&mut conditions, self.conditions);
        replace(&mut actions, self.actions);
        replace(&mut enabled, self.enabled);
        Settings { name, events, changed, conditions, actions, enabled }
    }
}

fn texts(texts: Vec<Text<100>>) -> Vec<String> {
    texts.into_iter().map(|text| text.as_str().to_owned()).collect()
}

sorts! {
    /// How rules can be sorted.
    pub enum RuleSort of Rule {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |rule| rule.created_at,
    }
}
