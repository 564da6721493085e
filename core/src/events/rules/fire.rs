//! A run: its row and what it changes, in one transaction, once for an event.

use serde_json::Value;
use uuid::Uuid;

use super::action::Step;
use super::condition::Fields;
use super::runs::{self, NewRun, Outcome, Recent};
use super::{Action, FieldValue, LETTERS_AN_HOUR, Rule, record, task};
use crate::events::feed::Event;
use crate::events::{Change, Undoable};
use crate::tenancy::{DbError, Refusal, TenantTx};
use crate::worker::TenantWork;

/// What a run has come to.
#[derive(Default)]
pub(super) struct Fired {
    /// The record since, where it was to be changed.
    pub(super) since: Option<Value>,
    /// How many letters it sends.
    pub(super) letters: i16,
}

/// Runs a rule because of an event, unless it has.
///
/// # Errors
/// Those of the database; nothing has happened then.
pub(super) async fn fire(
    work: &TenantWork,
    rule: &Rule,
    event: &Event,
    table: Option<&'static Undoable>,
    recent: Recent,
) -> Result<Fired, DbError> {
    let target = table.zip(event.record.as_deref().and_then(|record| Uuid::try_parse(record).ok()));
    let values = values(rule);
    let set = target.filter(|_| !values.is_empty()).map(|(table, id)| (table, id, values));
    // What was deleted is no record that a task could be about.
    let about = target.filter(|_| !event.event.ends_with(Change::Deleted.as_str()));
    let failure = if task::are_members(work, rule).await? {
        let makes = task::of(rule).next().is_some();
        let tasks =
            async |tx: &mut TenantTx| if makes { task::make(tx, work, rule, event, about).await } else { Ok(()) };
        match once(work, run(rule, event, recent, None), set, tasks).await {
            Err(DbError::NoRow | DbError::Refused(Refusal::Missing { .. })) => "the record is gone",
            Err(error) if error.is_about_rows() => "the record does not take the value",
            other => return other,
        }
    } else {
        "the person is not a member any more"
    };
    once(work, run(rule, event, recent, Some(failure)), None, async |_: &mut TenantTx| Ok(())).await
}

/// What the fields of the record are set to.
fn values(rule: &Rule) -> Fields {
    let steps = rule.actions.iter().flat_map(Action::steps);
    let sets = steps.filter_map(|step| if let Step::SetField(set) = step { Some(set) } else { None });
    let value = |value: &Option<FieldValue>| value.as_ref().map(|value| value.as_json().clone()).unwrap_or_default();
    sets.map(|set| (set.field.as_str().to_owned(), value(&set.value))).collect()
}

/// The run's row: what is set or made is done with it, or has failed; what goes outside waits.
fn run(rule: &Rule, event: &Event, recent: Recent, failure: Option<&'static str>) -> NewRun {
    let outcome = |action: &Action| match action.steps().next() {
        Some(Step::SetField(_) | Step::CreateTask(_)) => {
            failure.map_or(Outcome::done(action), |words| Outcome::failed(action, words))
        }
        Some(Step::Notify(_)) if recent.letters >= LETTERS_AN_HOUR => {
            Outcome::failed(action, "the rule has sent 100 letters within an hour")
        }
        Some(Step::Webhook(_) | Step::Notify(_)) | None => Outcome::waiting(action),
    };
    NewRun::new(rule.id, event, rule.actions.iter().map(outcome).collect())
}

async fn once(
    work: &TenantWork,
    run: NewRun,
    set: Option<(&'static Undoable, Uuid, Fields)>,
    tasks: impl AsyncFnOnce(&mut TenantTx) -> Result<(), DbError>,
) -> Result<Fired, DbError> {
    let letters = run.letters();
    work.transaction(async |tx| {
        if !tx.run(runs::insert(run)).await? {
            return Ok(Fired::default());
        }
        let since = match set {
            Some((table, id, values)) => Some(tx.run(record::set(table, id, values)).await?),
            None => None,
        };
        tasks(tx).await?;
        Ok(Fired { since, letters })
    })
    .await
}
