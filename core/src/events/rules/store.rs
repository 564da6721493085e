//! The SQL of rules.

use uuid::Uuid;

use super::{Rule, RuleDisabledReason, RuleId, RuleSort, Settings};
use crate::http::{Page, Paging};
use crate::sql;
use crate::tenancy::{Refusal, Statement, change, records, select, statement};

const TOO_MANY: Refusal = Refusal::InTheWay {
    code: "too_many_rules",
    detail: "An organization has up to 100 rules. Delete one that is not needed any more.",
};

const AT_ONCE: Refusal =
    Refusal::InTheWay { code: "made_at_once", detail: "Another rule was made at the same moment. Try again." };

pub(super) fn list(paging: Paging<RuleSort>) -> Statement<Page<Rule>> {
    paging.page(records(sql!("rules")))
}

pub(super) fn find(id: RuleId) -> Statement<Option<Rule>> {
    select::<Rule>(sql!("FROM rules WHERE id = $1")).bind(id).optional()
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(id: RuleId) -> Statement<Option<Rule>> {
    select::<Rule>(sql!("FROM rules WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

/// Takes any of the places that are free, seldom the same as somebody else at that moment; there is no hundred and first.
pub(super) fn insert(id: RuleId, author: Uuid, settings: Settings) -> Statement<Rule> {
    let Settings { name, events, changed, conditions, actions, enabled } = settings;
    statement(sql!(
        "INSERT INTO rules (id, place, name, events, changed, conditions, actions, enabled, author_id) ",
        "VALUES ($1, coalesce((SELECT p.n FROM generate_series(1, 100) AS p (n) ",
        "WHERE NOT EXISTS (SELECT 1 FROM rules r WHERE r.place = p.n) ORDER BY random() LIMIT 1), 101), ",
        "$2, $3, $4, $5, $6, $7, $8) ",
        "RETURNING id, name, events, changed, conditions, actions, enabled, author_id, disabled_at, disabled_reason, ",
        "created_at, updated_at, version"
    ))
    .bind(id)
    .bind(name)
    .bind(events)
    .bind(changed)
    .bind(conditions)
    .bind(actions)
    .bind(enabled)
    .bind(author)
    .one()
    .refused_by("rules_place_check", TOO_MANY)
    .refused_by("rules_place_key", AT_ONCE)
}

/// Changes a rule, which is the author's from now on. What the platform disabled is judged anew.
pub(super) fn update(id: RuleId, author: Uuid, before: &Rule, settings: Settings) -> Statement<Rule> {
    let Settings { name, events, changed, conditions, actions, enabled } = settings;
    let (disabled_at, disabled_reason) =
        if enabled { (None, None) } else { (before.disabled_at, before.disabled_reason) };
    change(sql!("rules"))
        .set(sql!("name"), name)
        .set(sql!("events"), events)
        .set(sql!("changed"), changed)
        .set(sql!("conditions"), conditions)
        .set(sql!("actions"), actions)
        .set(sql!("enabled"), enabled)
        .set(sql!("author_id"), author)
        .set(sql!("disabled_at"), disabled_at)
        .set(sql!("disabled_reason"), disabled_reason)
        .update(id)
}

pub(super) fn delete(id: RuleId) -> Statement<()> {
    statement(sql!("DELETE FROM rules WHERE id = $1")).bind(id).done()
}

/// Ends what a rule does, for a reason of the platform's.
pub(super) fn disable(id: RuleId, reason: RuleDisabledReason) -> Statement<()> {
    statement(sql!(
        "UPDATE rules SET enabled = false, disabled_at = now(), disabled_reason = $2, version = version + 1, ",
        "updated_at = now() WHERE id = $1 AND enabled"
    ))
    .bind(id)
    .bind(reason)
    .done()
}
