//! The task that a run makes, in its transaction: with the run, or not at all.

use serde_json::Value;
use uuid::Uuid;

use super::action::Step;
use super::{Action, CreateTask, Rule, check, record};
use crate::crm::tasks::{self, TaskOfRule};
use crate::events::Undoable;
use crate::events::feed::Event;
use crate::tenancy::{DbError, TenantTx};
use crate::worker::TenantWork;

/// The tasks that a rule makes.
pub(super) fn of(rule: &Rule) -> impl Iterator<Item = &CreateTask> {
    let steps = rule.actions.iter().flat_map(Action::steps);
    steps.filter_map(|step| if let Step::CreateTask(task) = step { Some(task) } else { None })
}

/// Whether everybody whom the rule names for a task is a member at this moment.
pub(super) async fn are_members(work: &TenantWork, rule: &Rule) -> Result<bool, DbError> {
    let mut named: Vec<Uuid> = of(rule).filter_map(|task| task.assignee_id).map(|user| user.as_uuid()).collect();
    named.sort_unstable();
    named.dedup();
    if named.is_empty() {
        return Ok(true);
    }
    let count = named.len();
    Ok(work.platform().db().run(check::members(work.tenant(), named)).await?.len() == count)
}

/// Makes the tasks of a rule because of an event.
pub(super) async fn make(
    tx: &mut TenantTx,
    work: &TenantWork,
    rule: &Rule,
    event: &Event,
    target: Option<(&'static Undoable, Uuid)>,
) -> Result<(), DbError> {
    let mut owner = None;
    if let Some((table, id)) = target.filter(|_| of(rule).any(|task| task.assignee_id.is_none())) {
        let found = tx.run(record::rows(table, vec![id])).await?.pop();
        owner = found.and_then(|(_, fields)| Uuid::try_parse(fields.get("owner_id").and_then(Value::as_str)?).ok());
    }
    for new in of(rule) {
        let task = TaskOfRule {
            title: new.title.clone(),
            description: new.description.clone(),
            priority: new.priority,
            due_in_days: new.due_in_days,
            assignee: new.assignee_id.map(|user| user.as_uuid()).or(owner).unwrap_or(rule.author_id),
        };
        tx.run(tasks::make(work.reach(), task, &event.resource, target.map(|(_, id)| id))).await?;
    }
    Ok(())
}
