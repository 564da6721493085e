//! A turn of a rule: it hears a few events in their order, judges the records that they are about, and runs where all holds.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use uuid::Uuid;

use super::author::Author;
use super::check::sources;
use super::condition::Fields;
use super::fire::{self, Fired};
use super::runs::{self, Recent};
use super::{MOST_AN_HOUR, Rule, RuleDisabledReason, record, store};
use crate::events::audit::ActorType;
use crate::events::feed::{self, Event};
use crate::events::listen::{Heard, Listener};
use crate::events::{Change, EventSource};
use crate::tenancy::DbError;
use crate::worker::TenantWork;

/// Events a turn.
const TURN: i64 = 50;
/// A turn begins no further event after so long, so that it ends within its lease.
const LONGEST: Duration = Duration::from_secs(45);

/// Lets a rule hear what it has not heard yet, as much as fits into a turn.
///
/// # Errors
/// Those of the database. What has run by then does not run again.
pub(crate) async fn hear(work: &TenantWork, listener: &Listener) -> Result<Heard, DbError> {
    let Some(rule) = work.read(store::find(listener.id.into())).await?.filter(|rule| rule.enabled) else {
        return Ok(Heard::Past(listener.position));
    };
    let modules = work.platform().modules();
    let author = Author::of(&rule, work.tenant(), work.platform()).await?;
    let recent = work.read(runs::recent(rule.id)).await?;
    let too_often = (recent.runs >= MOST_AN_HOUR).then_some(RuleDisabledReason::TooOften);
    if let Some(reason) = author.lacks(&rule, modules).or(too_often) {
        work.write(store::disable(rule.id, reason)).await?;
        return Ok(Heard::Until(listener.position));
    }
    let (reach,) = work.read(feed::reach(listener.position)).await?;
    let told = work.read(feed::told(listener.position, reach, modules.changes(&rule.events), TURN)).await?;
    let is_whole = i64::try_from(told.len()).is_ok_and(|count| count < TURN);
    let last = told.last().map(|heard| heard.position);
    // What comes back is no news: when it was made, the rule has heard of it.
    let news = told.into_iter().filter(|heard| !heard.is_return());
    let events: Vec<Event> = news.filter_map(|heard| heard.event(modules)).collect();
    let sources: Vec<&'static EventSource> =
        sources(&rule.events, modules).into_iter().filter(|source| author.has(source, modules)).collect();
    let events: Vec<Event> = events.into_iter().filter(|event| is_for(&rule, &sources, event)).collect();
    let mut turn = Turn { work, rule: &rule, sources, records: HashMap::new(), recent };
    let ended = turn.run(&events).await?;
    Ok(match (ended, is_whole, last) {
        (Some(position), _, _) => Heard::Until(position),
        (None, false, Some(last)) => Heard::Until(last),
        (None, _, _) => Heard::Until(reach),
    })
}

/// Whether an event may start the rule, whatever the record is like: it is none of a rule's making, and of an update only one
/// that changed what the rule looks at.
fn is_for(rule: &Rule, sources: &[&EventSource], event: &Event) -> bool {
    let looks = rule.changed.is_empty()
        || !event.event.ends_with(".updated")
        || event.changed.iter().any(|field| rule.changed.contains(field));
    looks && event.actor.kind != ActorType::Rule && sources.iter().any(|source| source.resource == event.resource)
}

/// A turn, as far as it has come.
struct Turn<'a> {
    work: &'a TenantWork,
    rule: &'a Rule,
    sources: Vec<&'static EventSource>,
    /// What the conditions are judged on: by event of what was deleted, and by record of the others.
    records: HashMap<Uuid, Fields>,
    recent: Recent,
}

impl Turn<'_> {
    /// Runs for each event in turn. Where time is over, it tells how far that is.
    async fn run(&mut self, events: &[Event]) -> Result<Option<i64>, DbError> {
        let began = Instant::now();
        if !self.rule.conditions.is_empty() {
            self.look(events).await?;
        }
        let mut reached = None;
        for event in events {
            if began.elapsed() > LONGEST && reached.is_some() {
                return Ok(reached);
            }
            if self.holds(event) {
                self.fire(event).await?;
            }
            reached = Some(event.position);
        }
        Ok(None)
    }

    /// Reads the records of events: one statement for each table, and one for what was deleted.
    async fn look(&mut self, events: &[Event]) -> Result<(), DbError> {
        for source in &self.sources {
            let Some(table) = &source.undo else { continue };
            let about = events.iter().filter(|event| event.resource == source.resource && !is_deletion(event));
            let mut ids: Vec<Uuid> = about.filter_map(record_of).collect();
            ids.sort_unstable();
            ids.dedup();
            if !ids.is_empty() {
                let rows = self.work.read(record::rows(table, ids)).await?;
                self.records.extend(rows.into_iter().filter_map(fields));
            }
        }
        let deleted: Vec<Uuid> =
            events.iter().filter(|event| is_deletion(event)).map(|event| event.id.as_uuid()).collect();
        if !deleted.is_empty() {
            let rows = self.work.read(feed::before(deleted)).await?;
            self.records.extend(rows.into_iter().filter_map(fields));
        }
        Ok(())
    }

    /// Whether all conditions hold. Of a record that is gone none does.
    fn holds(&self, event: &Event) -> bool {
        let key = if is_deletion(event) { Some(event.id.as_uuid()) } else { record_of(event) };
        let record = key.and_then(|key| self.records.get(&key));
        self.rule.conditions.iter().all(|condition| record.is_some_and(|record| condition.holds(record)))
    }

    async fn fire(&mut self, event: &Event) -> Result<(), DbError> {
        let source = self.sources.iter().find(|source| source.resource == event.resource);
        let table = source.and_then(|source| source.undo.as_ref());
        let Fired { since, letters } = fire::fire(self.work, self.rule, event, table, self.recent).await?;
        self.recent.letters += i64::from(letters);
        // What comes next is judged on the record as it is since.
        if let (Some(id), Some(Value::Object(since))) = (record_of(event), since) {
            self.records.insert(id, since);
        }
        Ok(())
    }
}

fn is_deletion(event: &Event) -> bool {
    event.event.ends_with(Change::Deleted.as_str())
}

fn record_of(event: &Event) -> Option<Uuid> {
    event.record.as_deref().and_then(|record| Uuid::try_parse(record).ok())
}

fn fields((id, record): (Uuid, Value)) -> Option<(Uuid, Fields)> {
    match record {
        Value::Object(fields) => Some((id, fields)),
        _ => None,
    }
}
