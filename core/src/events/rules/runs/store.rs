//! The SQL of the log.

use super::{NewRun, Run, RunId, RunSort, state};
use crate::events::rules::{MOST_AN_HOUR, RuleId};
use crate::http::{Page, Paging};
use crate::row;
use crate::sql;
use crate::tenancy::{Fragment, Statement, records, select, statement};

/// For how long the log is kept.
const KEPT_DAYS: i32 = 30;

/// Leaves out what is over and not swept yet.
const KEPT: Fragment = sql!("at > now() - make_interval(days => $1)");

/// Which runs to list.
pub(super) struct Filter {
    pub(super) rule: RuleId,
    pub(super) failed: bool,
    /// The kinds of records that the caller may not see.
    pub(super) hidden: Vec<&'static str>,
}

pub(super) fn list(filter: Filter, paging: Paging<RunSort>) -> Statement<Page<Run>> {
    let Filter { rule, failed, hidden } = filter;
    let runs = records(sql!("rule_runs"))
        .filter(sql!("rule_id = $1"), Some(rule))
        .filter(KEPT, Some(KEPT_DAYS))
        .filter(sql!("state = 'failed' AND $1"), failed.then_some(true))
        .filter(sql!("resource <> ALL ($1)"), Some(hidden).filter(|hidden| !hidden.is_empty()));
    paging.page(runs)
}

pub(in crate::events::rules) fn find(id: RunId) -> Statement<Option<Run>> {
    select::<Run>(sql!("FROM rule_runs WHERE id = $1")).bind(id).optional()
}

/// Notes a run, unless there is one of the rule for this event, or the rule is over. Tells whether it did.
pub(in crate::events::rules) fn insert(run: NewRun) -> Statement<bool> {
    let (letters, state) = (run.letters(), state(&run.actions));
    let NewRun { rule, event_id, event, resource, record, actions } = run;
    statement(sql!(
        "INSERT INTO rule_runs (id, rule_id, event_id, event, resource, record, state, actions, letters) ",
        "SELECT $1, r.id, $3, $4, $5, $6, $7, $8, $9 FROM rules r WHERE r.id = $2 AND r.enabled ",
        "ON CONFLICT (rule_id, event_id) DO NOTHING RETURNING 1"
    ))
    .bind(RunId::new())
    .bind(rule)
    .bind(event_id)
    .bind(event)
    .bind(resource)
    .bind(record)
    .bind(state)
    .bind(actions)
    .bind(letters)
    .any()
}

/// Notes what came of a run's actions.
pub(in crate::events::rules) fn update(run: &Run) -> Statement<()> {
    statement(sql!("UPDATE rule_runs SET actions = $2, state = $3 WHERE id = $1"))
        .bind(run.id)
        .bind(run.actions.clone())
        .bind(state(&run.actions))
        .done()
}

/// What a rule did within the last hour.
#[derive(Clone, Copy)]
pub(in crate::events::rules) struct Recent {
    pub(in crate::events::rules) runs: i64,
    pub(in crate::events::rules) letters: i64,
}
row!(Recent { runs, letters });

pub(in crate::events::rules) fn recent(rule: RuleId) -> Statement<Recent> {
    statement(sql!(
        "SELECT count(*), coalesce(sum(r.letters), 0) FROM (SELECT letters FROM rule_runs ",
        "WHERE rule_id = $1 AND at > now() - interval '1 hour' ORDER BY at DESC, id DESC LIMIT $2) AS r"
    ))
    .bind(rule)
    .bind(MOST_AN_HOUR)
    .one()
}

/// Forgets what is over.
pub(in crate::events) fn forget() -> Statement<()> {
    statement(sql!("DELETE FROM rule_runs WHERE at <= now() - make_interval(days => $1)")).bind(KEPT_DAYS).done()
}
