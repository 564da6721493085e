//! The SQL of tasks.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{NewTask, Task, TaskId, TaskPriority};
use crate::crm::companies::Company;
use crate::crm::contacts::Contact;
use crate::crm::deals::Deal;
use crate::crm::projects::Project;
use crate::identity::UserId;
use crate::tenancy::{List, Reach, Statement, owned};
use crate::value::Moment;
use crate::{link, sql};

pub(in crate::crm) fn list(reach: Reach) -> List<Task> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: TaskId) -> Statement<Option<Task>> {
    owned(reach).find(id)
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(reach: Reach, id: TaskId) -> Statement<Option<Task>> {
    owned(reach).lock(id)
}

/// A task is its maker's, unless it is made for somebody.
pub(super) fn insert(reach: Reach, id: TaskId, new: NewTask) -> Statement<Task> {
    let NewTask {
        title,
        description,
        priority,
        due_at,
        remind_at,
        contact_id,
        company_id,
        deal_id,
        project_id,
        assignee_id,
    } = new;
    owned(reach)
        .change()
        .given_to(assignee_id.map(UserId::as_uuid))
        .set(sql!("id"), id)
        .set(sql!("title"), title)
        .set(sql!("description"), description)
        .set(sql!("priority"), priority.unwrap_or(TaskPriority::Normal))
        .set(sql!("due_at"), due_at)
        .set(sql!("remind_at"), remind_at)
        .link::<Contact>(reach, link!("tasks", "contact_id"), contact_id)
        .link::<Company>(reach, link!("tasks", "company_id"), company_id)
        .link::<Deal>(reach, link!("tasks", "deal_id"), deal_id)
        .link::<Project>(reach, link!("tasks", "project_id"), project_id)
        .insert()
}

pub(super) fn update(reach: Reach, task: Task) -> Statement<Task> {
    owned(reach)
        .change()
        .set(sql!("title"), task.title)
        .set(sql!("description"), task.description)
        .set(sql!("priority"), task.priority)
        .set(sql!("due_at"), task.due_at)
        .set(sql!("remind_at"), task.remind_at)
        .link::<Contact>(reach, link!("tasks", "contact_id"), task.contact_id)
        .link::<Company>(reach, link!("tasks", "company_id"), task.company_id)
        .link::<Deal>(reach, link!("tasks", "deal_id"), task.deal_id)
        .link::<Project>(reach, link!("tasks", "project_id"), task.project_id)
        .update(task.id)
}

/// Notes that it is done. It was made before that, whichever clock is a little slow.
pub(super) fn complete(reach: Reach, task: &Task, by: Uuid) -> Statement<Task> {
    let now = OffsetDateTime::now_utc().max(task.created_at + Duration::microseconds(1));
    owned(reach).change().set(sql!("done_at"), now).set(sql!("done_by"), by).update(task.id)
}

pub(super) fn reopen(reach: Reach, id: TaskId) -> Statement<Task> {
    owned(reach).change().set(sql!("done_at"), None::<Moment>).set(sql!("done_by"), None::<Uuid>).update(id)
}

/// Gives it to a person, and it may be out of the caller's reach from then on.
pub(super) fn assign(reach: Reach, id: TaskId, owner: UserId) -> Statement<Task> {
    owned(reach).change().set(sql!("owner_id"), owner).update(id)
}

pub(super) fn delete(reach: Reach, id: TaskId) -> Statement<()> {
    owned::<Task>(reach).delete(id)
}
