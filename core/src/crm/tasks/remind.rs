//! Telling who has to do a task that it is time, once for each time that is set.
//!
//! The message of the outbox may come twice, as where a worker dies, and late. The notice has an id that is made of the message's, and
//! is written only where there is none of that id, while the task is locked: so each message tells once. One whose time is not the
//! task's any more tells nothing.

use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Task, TaskId, store};
use crate::events::Job;
use crate::mail::Failure;
use crate::notify::{self, Notice, TASK_DUE};
use crate::row;
use crate::sql;
use crate::tenancy::{DbError, Statement, TenantId, statement};
use crate::value::{Clock, Email, Locale};
use crate::worker::TenantWork;

/// What a message says.
#[derive(Deserialize)]
struct Due {
    /// The task.
    record: Uuid,
    /// The time that was set.
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

/// Tells who has to do a task.
///
/// # Errors
/// Where it is to be tried again.
pub(crate) async fn remind(work: &TenantWork, job: &Job) -> Result<(), Failure> {
    let due: Due = serde_json::from_slice(job.payload.as_deref().unwrap_or_default())
        .map_err(|_| Failure::never("it is not what its topic says"))?;
    let id = TaskId::from(due.record);
    let task = work.read(store::find(work.reach(), id)).await?;
    let Some((owner, _)) =
        task.and_then(|task| task.owner_id.filter(|_| is_for(&task, due.at)).map(|owner| (owner, task)))
    else {
        return Ok(());
    };
    let person = work.platform().db().run(person(work.tenant(), owner.as_uuid())).await?;
    // Who has left is not told.
    let Some((person, address)) =
        person.and_then(|person| Email::parse(&person.email).ok().map(|email| (person, email)))
    else {
        return Ok(());
    };
    let told = work.transaction(async |tx| {
        let Some(task) = tx.run(store::lock(work.reach(), id)).await?.filter(|task| is_for(task, due.at)) else {
            return Ok(true);
        };
        if task.owner_id != Some(owner) {
            return Ok(false);
        }
        let clock = Clock::of_or_utc(&tx.run(notify::time_zone()).await?);
        let notice = Notice::new(&TASK_DUE, (&address).into())
            .in_language(person.locale)
            .with("name", person.name)
            .with("task", task.title.as_str())
            .with("due", task.due_at.map(|due| clock.written(due.into())).unwrap_or_default());
        tx.run(work.platform().notify().post_once(told_as(job.id), notice)).await?;
        Ok::<_, DbError>(true)
    });
    if told.await? { Ok(()) } else { Err(Failure::later("the task was given to somebody else just now")) }
}

/// The id of the notice that a message makes: always the same, and not the message's own, beside which it stands in the outbox.
fn told_as(message: Uuid) -> Uuid {
    Uuid::from_u128(message.as_u128() ^ 1)
}

/// Whether a message is for a task as it is.
fn is_for(task: &Task, at: OffsetDateTime) -> bool {
    task.done_at.is_none() && task.remind_at.is_some_and(|remind_at| OffsetDateTime::from(remind_at) == at)
}

/// Whom to tell.
struct Person {
    email: String,
    name: String,
    locale: Locale,
}
row!(Person { email, name, locale });

/// A member.
fn person(tenant: TenantId, user: Uuid) -> Statement<Option<Person>> {
    statement(sql!(
        "SELECT u.email, u.name, u.locale FROM memberships m JOIN users u ON u.id = m.user_id ",
        "WHERE m.tenant_id = $1 AND m.user_id = $2"
    ))
    .bind(tenant)
    .bind(user)
    .optional()
}
