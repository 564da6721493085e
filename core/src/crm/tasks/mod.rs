//! Tasks: what somebody has to do, until when, and about whom.
//!
//! - this file: the task, what a client may send, what a list is asked for; `source.rs`: what the descriptor says of them;
//! - `api.rs`: the operations; `store.rs`: the SQL;
//! - `remind.rs`: telling who has to do it, once, when it is time. The time stands in the task; a trigger keeps a note of it on the
//!   platform (`migrations/platform/V31__reminders.sql`), which comes up as a message of the outbox (`events/reminders.rs`);
//! - `by_rule.rs`: tasks that rules make.

mod api;
mod by_rule;
mod remind;
mod source;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::TasksApi;
pub(crate) use by_rule::{TaskOfRule, make};
pub(crate) use remind::remind;
pub(super) use source::TASKS;
pub(super) use store::list;

use super::TasksAssign;
use super::companies::{Company, CompanyId};
use super::contacts::{Contact, ContactId};
use super::deals::{Deal, DealId};
use super::projects::{Project, ProjectId};
use crate::http::{Change, Versioned, patch, replace};
use crate::identity::UserId;
use crate::value::{Moment, Prose, Text};
use crate::{bulk, choice, criteria, owned_row, record_id};

record_id! {
    /// The id of a task.
    TaskId
}

choice! {
    /// How much a task matters.
    pub enum TaskPriority {
        /// It can wait.
        Low = "low",
        /// As most do.
        Normal = "normal",
        /// It comes first.
        High = "high",
    }
}

/// Something that somebody has to do.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// What is to be done.
    pub title: Text<200>,
    /// More about it.
    pub description: Option<Prose<10_000>>,
    /// How much it matters.
    pub priority: TaskPriority,
    /// Until when.
    pub due_at: Option<Moment>,
    /// When whoever has to do it is told, once for each time that is set. A time that has passed already tells nobody.
    pub remind_at: Option<Moment>,
    /// When it was done; null as long as it is not.
    pub done_at: Option<Moment>,
    /// Who did it.
    pub done_by: Option<UserId>,
    /// The contact that it is about.
    pub contact_id: Option<ContactId>,
    /// The company that it is about.
    pub company_id: Option<CompanyId>,
    /// The deal that it is about.
    pub deal_id: Option<DealId>,
    /// The project that it is a part of.
    pub project_id: Option<ProjectId>,
    /// Who has to do it: who made it, or whom it was given to. Null where an operator made it. Who leaves the organization
    /// stays the owner until it is given to another.
    pub owner_id: Option<UserId>,
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

owned_row!(Task in "tasks" {
    id,
    title,
    description,
    priority,
    due_at,
    remind_at,
    done_at,
    done_by,
    contact_id,
    company_id,
    deal_id,
    project_id,
    owner_id,
    created_at,
    updated_at,
    version
});

impl Versioned for Task {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A task to make. What it is about has to be there, and in the caller's reach.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// What is to be done.
    title: Text<200>,
    /// More about it.
    description: Option<Prose<10_000>>,
    /// How much it matters; `normal` where it is left out.
    priority: Option<TaskPriority>,
    /// Until when.
    due_at: Option<Moment>,
    /// When to tell whoever has to do it.
    remind_at: Option<Moment>,
    /// The contact that it is about.
    contact_id: Option<ContactId>,
    /// The company that it is about.
    company_id: Option<CompanyId>,
    /// The deal that it is about.
    deal_id: Option<DealId>,
    /// The project that it is a part of.
    project_id: Option<ProjectId>,
    /// The member who has to do it; whoever makes it where this is left out. For somebody else it takes `tasks.assign`.
    assignee_id: Option<UserId>,
}

/// What to change in a task. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct TaskPatch {
    /// What is to be done.
    title: Change<Text<200>>,
    /// More about it.
    description: MaybeUndefined<Prose<10_000>>,
    /// How much it matters.
    priority: Change<TaskPriority>,
    /// Until when.
    due_at: MaybeUndefined<Moment>,
    /// When to tell whoever has to do it.
    remind_at: MaybeUndefined<Moment>,
    /// The contact that it is about.
    contact_id: MaybeUndefined<ContactId>,
    /// The company that it is about.
    company_id: MaybeUndefined<CompanyId>,
    /// The deal that it is about.
    deal_id: MaybeUndefined<DealId>,
    /// The project that it is a part of.
    project_id: MaybeUndefined<ProjectId>,
}

impl TaskPatch {
    fn apply(self, task: &mut Task) {
        replace(&mut task.title, self.title);
        patch(&mut task.description, self.description);
        replace(&mut task.priority, self.priority);
        patch(&mut task.due_at, self.due_at);
        patch(&mut task.remind_at, self.remind_at);
        patch(&mut task.contact_id, self.contact_id);
        patch(&mut task.company_id, self.company_id);
        patch(&mut task.deal_id, self.deal_id);
        patch(&mut task.project_id, self.project_id);
    }
}

criteria! {
    /// What tasks are listed by. Those that are open have no `done_at`; those that are late are open, with a `due_at` that has passed.
    pub struct TaskFields of Task in "tasks" by "-created_at" {
        /// Who has to do it.
        owner_id: UserId => [eq in null];
        /// Until when.
        due_at: Moment => [gt gte lt lte null], sort timestamptz nullable |task| task.due_at;
        /// When it was done.
        done_at: Moment => [gt gte lt lte null], sort timestamptz nullable |task| task.done_at;
        /// The contact that it is about.
        contact_id: ContactId => [eq];
        /// The company that it is about.
        company_id: CompanyId => [eq];
        /// The deal that it is about.
        deal_id: DealId => [eq];
        /// The project that it is a part of.
        project_id: ProjectId => [eq];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |task| task.created_at;
    }
}

bulk! {
    Task by NewTask, TaskPatch:
        title, description, priority, due_at, remind_at, contact_id, company_id, deal_id, project_id;
    new |new| Ok(NewTask { priority: new.priority.or(Some(TaskPriority::Normal)), ..new });
    change |task, patch| {
        patch.apply(task);
        Ok(())
    };
    links contact_id => Contact, company_id => Company, deal_id => Deal, project_id => Project;
    given assignee_id by TasksAssign;
}
