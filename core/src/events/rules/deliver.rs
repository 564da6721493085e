//! What of a run goes outside: the worker does it, and tries again where it fails.

use std::time::Duration;

use super::action::Step;
use super::notice::RULE_RAN;
use super::runs::{self, ActionState, Outcome, Run};
use super::{LETTERS_A_DAY, NotifyMember, Rule, store};
use crate::events::Job;
use crate::events::feed::{self, Event};
use crate::events::webhooks::{self, Fired, Told};
use crate::mail::Failure;
use crate::notify::Notice;
use crate::sql;
use crate::tenancy::{DbError, Statement, TenantId, statement};
use crate::value::Email;
use crate::worker::TenantWork;

/// Attempts; the outbox makes no more.
const ATTEMPTS: i16 = 10;
/// Time for one endpoint; there may be five.
const PATIENCE: Duration = Duration::from_secs(5);

/// Does what a run has promised. What was done and could not be noted is done again.
///
/// # Errors
/// Where something has failed and is to be tried again.
pub(crate) async fn deliver(work: &TenantWork, job: &Job) -> Result<(), Failure> {
    let Some((mut run, rule)) = find(work, job).await? else { return Ok(()) };
    let mut again = None;
    for n in 0..run.actions.len() {
        let Some(outcome) = run.actions.get(n).filter(|outcome| outcome.state == ActionState::Waiting) else {
            continue;
        };
        let (told, notice) = tell(work, &rule, &run, outcome, job.attempts).await?;
        let next = match told {
            Told::Well => Outcome::done(&outcome.action),
            Told::Never(words) => Outcome::failed(&outcome.action, words),
            Told::Later(words) if job.attempts >= ATTEMPTS => Outcome::failed(&outcome.action, words),
            Told::Later(words) => {
                again = Some(words);
                continue;
            }
        };
        run.actions.splice(n..=n, [next]);
        note(work, &mut run, n, notice).await?;
    }
    again.map_or(Ok(()), |words| Err(Failure::later(words)))
}

/// Notes how far a run has come, and posts the notice of an action in the same transaction, unless its reader has had enough.
async fn note(work: &TenantWork, run: &mut Run, n: usize, notice: Option<Notice>) -> Result<(), DbError> {
    work.transaction(async |tx| {
        if let Some(notice) = notice {
            // One letter after the other, so that each is counted with all before it.
            tx.run(statement(sql!("SELECT 1 FROM notification_settings FOR NO KEY UPDATE")).done()).await?;
            if tx.run(letters_to(notice.recipient())).await? < LETTERS_A_DAY {
                tx.run(work.platform().notify().post(notice)).await?;
            } else if let Some(outcome) = run.actions.get_mut(n) {
                *outcome = Outcome::failed(&outcome.action, "rules have sent 20 letters to this person within a day");
            }
        }
        tx.run(runs::update(run)).await
    })
    .await
}

/// How many letters rules have sent to an address within a day.
fn letters_to(address: &str) -> Statement<i64> {
    let letters = statement(sql!(
        "SELECT count(*) FROM notices WHERE recipient = $1 AND kind = $2 AND created_at > now() - interval '1 day'"
    ));
    letters.bind(address.to_owned()).bind(RULE_RAN.name).one::<(i64,)>().map(|(letters,)| letters)
}

async fn find(work: &TenantWork, job: &Job) -> Result<Option<(Run, Rule)>, DbError> {
    let Some(run) = work.read(runs::find(job.id.into())).await? else { return Ok(None) };
    let rule = work.read(store::find(run.rule_id)).await?;
    Ok(rule.map(|rule| (run, rule)))
}

/// Does one of the things that go outside, or says what is to be posted.
async fn tell(
    work: &TenantWork,
    rule: &Rule,
    run: &Run,
    outcome: &Outcome,
    attempt: i16,
) -> Result<(Told, Option<Notice>), DbError> {
    let Some(event) = event(work, run).await? else {
        return Ok((Told::Never("the event is not known any more"), None));
    };
    match outcome.action.steps().next() {
        Some(Step::Webhook(webhook)) => {
            let fired = Fired::new(run.id.as_uuid(), rule.id.as_uuid(), &rule.name, event);
            let told = webhooks::tell(work, webhook.webhook_id, fired, attempt, PATIENCE).await?;
            Ok((told, None))
        }
        Some(Step::Notify(notify)) => {
            let address = work.platform().db().run(address(work.tenant(), notify)).await?;
            Ok(match address.map(|(address,)| Email::parse(&address)) {
                Some(Ok(address)) => (Told::Well, Some(notice(rule, &event, notify, &address))),
                Some(Err(_)) | None => (Told::Never("the person is not a member any more"), None),
            })
        }
        Some(Step::SetField(_) | Step::CreateTask(_)) | None => Ok((Told::Well, None)),
    }
}

async fn event(work: &TenantWork, run: &Run) -> Result<Option<Event>, DbError> {
    let heard = work.read(feed::one(run.event_id)).await?;
    Ok(heard.and_then(|heard| heard.event(work.platform().modules())))
}

fn notice(rule: &Rule, event: &Event, notify: &NotifyMember, address: &Email) -> Notice {
    Notice::new(&RULE_RAN, address.into())
        .with("rule", rule.name.as_str())
        .with("text", notify.text.as_str())
        .with("event", event.event.as_str())
        .with("record", event.record.as_deref().unwrap_or_default())
}

/// The address of a member.
fn address(tenant: TenantId, notify: &NotifyMember) -> Statement<Option<(String,)>> {
    statement(sql!(
        "SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.tenant_id = $1 AND m.user_id = $2"
    ))
    .bind(tenant)
    .bind(notify.user_id)
    .optional()
}
