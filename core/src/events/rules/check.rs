//! Which rules there can be: events that are known, fields that their records have, actions that their author may take.

use uuid::Uuid;

use super::FieldValue;
use super::action::Step;
use super::{Action, Condition, Settings};
use crate::crm::{TasksAssign, TasksWrite};
use crate::events::webhooks::{self, WebhookId};
use crate::events::{Change, EventSource, RulesWrite, WebhooksWrite};
use crate::http::{ApiError, ApiResult, Caller};
use crate::module::Modules;
use crate::permission::{Permission as _, PermissionInfo};
use crate::sql;
use crate::tenancy::{Statement, TenantId, TenantTx, statement};

const MOST_EVENTS: usize = 20;
const MOST_FIELDS: usize = 20;
const MOST_CONDITIONS: usize = 20;
const MOST_ACTIONS: usize = 5;
const MOST_DAYS: u16 = 3650;

/// The sources of events of these types, each once.
pub(super) fn sources(events: &[String], modules: &Modules) -> Vec<&'static EventSource> {
    let named = |source: &&'static EventSource| {
        events.iter().any(|event| event.split_once('.').is_some_and(|(name, _)| name == source.name))
    };
    modules.events().filter(named).collect()
}

/// What it takes to do by hand what a rule does.
pub(super) fn needs(events: &[String], actions: &[Action], modules: &Modules) -> Vec<&'static PermissionInfo> {
    let sources = sources(events, modules);
    let mut needs = vec![&RulesWrite::INFO];
    needs.extend(sources.iter().map(|source| source.read));
    for step in actions.iter().flat_map(Action::steps) {
        match step {
            Step::SetField(_) => {
                needs.extend(sources.iter().filter_map(|source| source.undo.as_ref()).flat_map(|undo| undo.writes));
            }
            Step::Webhook(_) => needs.push(&WebhooksWrite::INFO),
            Step::Notify(_) => {}
            // Whose it will be is not known before it is made.
            Step::CreateTask(_) => needs.extend([&TasksWrite::INFO, &TasksAssign::INFO]),
        }
    }
    needs
}

/// Checks what can be checked without the database, and parts actions.
///
/// # Errors
/// 422 for what is no rule; 403 for one that does more than the caller may.
pub(super) fn checked(mut settings: Settings, caller: &Caller) -> ApiResult<Settings> {
    let modules = caller.modules();
    events(&mut settings.events, modules)?;
    actions(&mut settings.actions)?;
    if let Some(lacking) =
        needs(&settings.events, &settings.actions, modules).into_iter().find(|need| !caller.allows(need))
    {
        return Err(ApiError::forbidden(lacking));
    }
    let sources = sources(&settings.events, modules);
    let fields = Fields::of(&sources);
    changed(&mut settings.changed, &fields)?;
    conditions(&settings.conditions, &fields)?;
    set_fields(&mut settings, &sources)?;
    tasks(&settings.actions)?;
    Ok(settings)
}

fn events(events: &mut Vec<String>, modules: &Modules) -> ApiResult<()> {
    let is_known = |event: &String| {
        modules.events().any(|source| Change::OF_RECORDS.into_iter().any(|change| source.event(change) == *event))
    };
    if let Some(n) = events.iter().position(|event| !is_known(event)) {
        return Err(ApiError::invalid().at(format!("/events/{n}"), "no event of this name, as in contact.created"));
    }
    events.sort_unstable();
    events.dedup();
    match events.len() {
        1..=MOST_EVENTS => Ok(()),
        _ => Err(ApiError::invalid().at("/events", "1 to 20 types of events")),
    }
}

/// Each of them one thing to do.
fn actions(actions: &mut Vec<Action>) -> ApiResult<()> {
    if let Some(n) = actions.iter().position(|action| action.steps().next().is_none()) {
        return Err(ApiError::invalid().at(format!("/actions/{n}"), "nothing to do is given"));
    }
    *actions = actions.iter().flat_map(Action::steps).map(Action::from).collect();
    match actions.len() {
        1..=MOST_ACTIONS => Ok(()),
        _ => Err(ApiError::invalid().at("/actions", "1 to 5 actions")),
    }
}

/// The fields that the records of all events of a rule have.
struct Fields(Vec<&'static str>);

impl Fields {
    fn of(sources: &[&EventSource]) -> Self {
        let columns = |source: &&EventSource| -> Vec<&'static str> {
            let columns = source.undo.as_ref().map(|undo| undo.columns.as_str()).unwrap_or_default();
            columns.split(',').map(str::trim).filter(|column| !column.is_empty()).collect()
        };
        let mut all = sources.iter().map(columns);
        let first = all.next().unwrap_or_default();
        Self(all.fold(first, |common, columns| common.into_iter().filter(|column| columns.contains(column)).collect()))
    }

    fn check(&self, field: &str, pointer: impl FnOnce() -> String) -> ApiResult<()> {
        if self.0.contains(&field) {
            return Ok(());
        }
        Err(ApiError::invalid().at(pointer(), "no field that rules know in the records of all these events"))
    }
}

fn changed(changed: &mut Vec<String>, fields: &Fields) -> ApiResult<()> {
    for (n, field) in changed.iter().enumerate() {
        fields.check(field, || format!("/changed/{n}"))?;
    }
    changed.sort_unstable();
    changed.dedup();
    if changed.len() > MOST_FIELDS {
        return Err(ApiError::invalid().at("/changed", "at most 20 fields"));
    }
    Ok(())
}

fn conditions(conditions: &[Condition], fields: &Fields) -> ApiResult<()> {
    if conditions.len() > MOST_CONDITIONS {
        return Err(ApiError::invalid().at("/conditions", "at most 20 conditions"));
    }
    for (n, condition) in conditions.iter().enumerate() {
        fields.check(condition.field.as_str(), || format!("/conditions/{n}/field"))?;
        if let Some(fault) = condition.fault() {
            return Err(ApiError::invalid().at(format!("/conditions/{n}/value"), fault));
        }
    }
    Ok(())
}

/// Fields that the records of all events declare as settable, and values as the API takes them for each.
fn set_fields(settings: &mut Settings, sources: &[&EventSource]) -> ApiResult<()> {
    let is_deleted = settings.events.iter().any(|event| event.ends_with(".deleted"));
    let mut seen: Vec<String> = Vec::new();
    for (n, action) in settings.actions.iter_mut().enumerate() {
        let Some(set) = &mut action.set_field else { continue };
        let field = set.field.as_str();
        let fault = |text: &str| Err(ApiError::invalid().at(format!("/actions/{n}/set_field/field"), text));
        if is_deleted {
            return fault("a deleted record has no field to set");
        }
        if seen.iter().any(|known| known == field) {
            return fault("this field is set twice");
        }
        seen.push(field.to_owned());
        for source in sources {
            let settable = source.undo.iter().flat_map(|undo| undo.settable).find(|settable| settable.column == field);
            let Some(settable) = settable else {
                return fault("no field that rules may set in the records of all these events");
            };
            let value = set.value.as_ref().map(FieldValue::as_json).cloned().unwrap_or_default();
            let value = settable.read(value);
            let value =
                value.map_err(|fault| ApiError::invalid().at(format!("/actions/{n}/set_field/value"), fault))?;
            set.value = FieldValue::parse(value).ok();
        }
    }
    Ok(())
}

fn tasks(actions: &[Action]) -> ApiResult<()> {
    let too_late = |action: &Action| {
        action.create_task.as_ref().and_then(|task| task.due_in_days).is_some_and(|days| days > MOST_DAYS)
    };
    match actions.iter().position(too_late) {
        Some(n) => {
            let pointer = format!("/actions/{n}/create_task/due_in_days");
            Err(ApiError::invalid().at(pointer, "expected a number from 0 to 3650"))
        }
        None => Ok(()),
    }
}

/// Checks that the people whom new actions write to, or have do something, and who makes or changes the rule, are members at this moment.
///
/// # Errors
/// 404 for somebody else; 403 for a caller who is no member, and so could not answer for the rule later.
pub(super) async fn people(actions: &[Action], caller: &Caller) -> ApiResult<()> {
    let mut people = vec![(caller.user(), String::new())];
    for (n, step) in actions.iter().flat_map(Action::steps).enumerate() {
        match step {
            Step::Notify(notify) => people.push((notify.user_id.as_uuid(), format!("/actions/{n}/notify/user_id"))),
            Step::CreateTask(task) => {
                let pointer = || format!("/actions/{n}/create_task/assignee_id");
                people.extend(task.assignee_id.map(|assignee| (assignee.as_uuid(), pointer())));
            }
            Step::SetField(_) | Step::Webhook(_) => {}
        }
    }
    let asked = people.iter().map(|(user, _)| *user).collect();
    let members = caller.platform().db().run(members(caller.tenant(), asked)).await?;
    match people.iter().find(|(user, _)| !members.iter().any(|(member,)| member == user)) {
        None => Ok(()),
        Some((user, _)) if *user == caller.user() => Err(ApiError::forbidden(&RulesWrite::INFO)),
        Some((_, pointer)) => Err(ApiError::not_found().at(pointer.clone(), "there is no such member")),
    }
}

/// Who of these people are members.
pub(super) fn members(tenant: TenantId, users: Vec<Uuid>) -> Statement<Vec<(Uuid,)>> {
    statement(sql!("SELECT user_id FROM memberships WHERE tenant_id = $1 AND user_id = ANY ($2)"))
        .bind(tenant)
        .bind(users)
        .many()
}

/// Checks that the endpoints that new actions tell are there.
///
/// # Errors
/// 404 where one is not; 422 where one is told twice.
pub(super) async fn endpoints(actions: &[Action], tx: &mut TenantTx) -> ApiResult<()> {
    let mut told: Vec<(WebhookId, usize)> = Vec::new();
    for (n, step) in actions.iter().flat_map(Action::steps).enumerate() {
        let Step::Webhook(webhook) = step else { continue };
        if told.iter().any(|(id, _)| *id == webhook.webhook_id) {
            return Err(
                ApiError::invalid().at(format!("/actions/{n}/webhook/webhook_id"), "this endpoint is told twice")
            );
        }
        told.push((webhook.webhook_id, n));
    }
    if told.is_empty() {
        return Ok(());
    }
    let known = tx.run(webhooks::known(told.iter().map(|(id, _)| id.as_uuid()).collect())).await?;
    match told.iter().find(|(id, _)| !known.contains(&(*id,))) {
        None => Ok(()),
        Some((_, n)) => {
            Err(ApiError::not_found().at(format!("/actions/{n}/webhook/webhook_id"), "there is no such endpoint"))
        }
    }
}
