//! Tasks that rules make: about the record that something happened to.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{NewTask, Task, TaskId, TaskPriority, store};
use crate::identity::UserId;
use crate::tenancy::{Reach, Statement};
use crate::value::{Moment, Prose, Text};

/// A task that a rule makes.
pub(crate) struct TaskOfRule {
    /// What is to be done.
    pub(crate) title: Text<200>,
    /// More about it.
    pub(crate) description: Option<Prose<10_000>>,
    /// How much it matters.
    pub(crate) priority: Option<TaskPriority>,
    /// After how many days it is due.
    pub(crate) due_in_days: Option<u16>,
    /// Who has to do it.
    pub(crate) assignee: Uuid,
}

/// Makes it. It is about the record of this kind, where tasks can be about such.
pub(crate) fn make(reach: Reach, task: TaskOfRule, resource: &str, record: Option<Uuid>) -> Statement<Task> {
    let TaskOfRule { title, description, priority, due_in_days, assignee } = task;
    let due_at = due_in_days.map(|days| OffsetDateTime::now_utc() + Duration::days(days.into()));
    let of = |kind: &str| record.filter(|_| resource == kind);
    let new = NewTask {
        title,
        description,
        priority,
        due_at: due_at.and_then(|at| Moment::try_from(at).ok()),
        remind_at: None,
        contact_id: of("contacts").map(Into::into),
        company_id: of("companies").map(Into::into),
        deal_id: of("deals").map(Into::into),
        project_id: of("projects").map(Into::into),
        assignee_id: Some(UserId::from(assignee)),
    };
    store::insert(reach, TaskId::new(), new)
}
