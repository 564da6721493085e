//! A trial: what a rule would do with a record as it is now.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::check::sources;
use super::condition::Fields;
use super::{Action, Condition, RuleId, record, store};
use crate::events::{EventSource, RulesRead};
use crate::http::{ApiError, ApiResult, Can};
use crate::record_id;

record_id! {
    /// The id of a record of any kind.
    RecordId
}

/// What to try a rule on.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewTrial {
    /// A record of one of the kinds that the rule's events are about.
    record_id: RecordId,
}

/// What a rule would do.
#[derive(Debug, Serialize, Object)]
pub struct Trial {
    /// Whether it would run.
    pub runs: bool,
    /// What must be so, and whether it is.
    pub conditions: Vec<TriedCondition>,
    /// What would be done; nothing where it would not run.
    pub actions: Vec<Action>,
}

/// A condition, tried.
#[derive(Debug, Serialize, Object)]
pub struct TriedCondition {
    /// What must be so.
    pub condition: Condition,
    /// The record's value.
    pub found: Option<Value>,
    /// Whether it holds.
    pub holds: bool,
}

pub(super) async fn run(caller: &Can<RulesRead>, id: RuleId, trial: NewTrial) -> ApiResult<Trial> {
    let rule = caller.read(store::find(id)).await?.ok_or_else(ApiError::not_found)?;
    let sources = sources(&rule.events, caller.modules());
    if let Some(hidden) = sources.iter().find(|source| !caller.allows(source.read)) {
        return Err(ApiError::forbidden(hidden.read));
    }
    let record = find(caller, &sources, trial.record_id.as_uuid())
        .await?
        .ok_or_else(|| ApiError::not_found().at("/record_id", "there is no such record"))?;
    let conditions: Vec<TriedCondition> = rule
        .conditions
        .into_iter()
        .map(|condition| {
            let (found, holds) = (record.get(condition.field.as_str()).cloned(), condition.holds(&record));
            TriedCondition { condition, found, holds }
        })
        .collect();
    let runs = conditions.iter().all(|condition| condition.holds);
    Ok(Trial { runs, conditions, actions: if runs { rule.actions } else { Vec::new() } })
}

/// Looks for the record among those that rules can look at. Those of modules that are disabled are out of everybody's reach.
async fn find(caller: &Can<RulesRead>, sources: &[&EventSource], id: Uuid) -> ApiResult<Option<Fields>> {
    let enabled = caller.module_states().await?;
    for source in sources {
        let is_enabled = caller
            .modules()
            .gate(source.read.module)
            .is_none_or(|gate| enabled.iter().any(|(module, enabled)| module == gate && *enabled));
        let Some(table) = source.undo.as_ref().filter(|_| is_enabled) else { continue };
        if let Some((_, Value::Object(fields))) = caller.read(record::rows(table, vec![id])).await?.pop() {
            return Ok(Some(fields));
        }
    }
    Ok(None)
}
