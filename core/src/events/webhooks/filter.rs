//! Which events an endpoint hears: what it was asked for, of what may be seen.

use super::Webhook;
use crate::events::{Change, EventSource};
use crate::http::{ApiError, ApiResult, Caller};
use crate::value::Text;

/// Patterns in a filter.
const MOST: usize = 100;

/// The patterns as they are stored, each once.
pub(super) fn texts(events: Vec<Text<100>>) -> ApiResult<Vec<String>> {
    if events.len() > MOST {
        return Err(ApiError::invalid().at("/events", "at most 100 kinds of events"));
    }
    let mut texts: Vec<String> = Vec::with_capacity(events.len());
    for event in events {
        if !texts.iter().any(|text| text == event.as_str()) {
            texts.push(event.as_str().to_owned());
        }
    }
    Ok(texts)
}

/// The types of events that patterns mean, word by word: `contact.*` is three of them, and no pattern means all that the
/// caller may see.
///
/// # Errors
/// 422 for what is no event; 403 for one of records that the caller may not see.
pub(super) fn resolve(patterns: &[String], caller: &Caller) -> ApiResult<Vec<String>> {
    let mut heard: Vec<String> = Vec::new();
    for (n, pattern) in patterns.iter().enumerate() {
        let unknown = || ApiError::invalid().at(format!("/events/{n}"), "no event of this name, as in contact.created");
        let (source, changes) = parse(pattern, caller.modules().events()).ok_or_else(unknown)?;
        if !caller.allows(source.read) {
            return Err(ApiError::forbidden(source.read));
        }
        heard.extend(changes.into_iter().map(|change| source.event(change)));
    }
    if patterns.is_empty() {
        let seen = caller.modules().events().filter(|source| caller.allows(source.read));
        heard.extend(seen.flat_map(|source| Change::OF_RECORDS.map(|change| source.event(change))));
    }
    heard.sort_unstable();
    heard.dedup();
    if heard.is_empty() {
        return Err(ApiError::invalid().at("/events", "you may see no records that there are events of"));
    }
    Ok(heard)
}

/// `contact.created` or `contact.*`.
fn parse<'a>(
    pattern: &str,
    mut sources: impl Iterator<Item = &'a EventSource>,
) -> Option<(&'a EventSource, Vec<Change>)> {
    let (name, what) = pattern.split_once('.')?;
    let source = sources.find(|source| source.name == name)?;
    let meant = |change: &Change| what == "*" || what == change.as_str();
    let changes: Vec<Change> = Change::OF_RECORDS.into_iter().filter(meant).collect();
    (!changes.is_empty()).then_some((source, changes))
}

/// Whoever acts on an endpoint may see all that it hears: with its secret one could speak in its name.
///
/// # Errors
/// 403 where they may not.
pub(super) fn expect_seen(webhook: &Webhook, caller: &Caller) -> ApiResult<()> {
    let hears = |source: &&EventSource| {
        webhook.hears.iter().any(|heard| heard.split_once('.').is_some_and(|(name, _)| name == source.name))
    };
    match caller.modules().events().filter(hears).find(|source| !caller.allows(source.read)) {
        None => Ok(()),
        Some(source) => Err(ApiError::forbidden(source.read)),
    }
}
