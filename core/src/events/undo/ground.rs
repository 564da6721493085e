//! What a caller may undo: what they could do by hand, and no more.

use std::collections::HashMap;

use super::undoable::{Undoable, parents_first};
use super::{LeftOut, LeftOutReason};
use crate::events::EventSource;
use crate::http::{ApiError, ApiResult, Caller};

/// The kinds of records of an organization, as far as a caller may undo their changes.
pub(super) struct Ground {
    sources: Vec<(&'static EventSource, Result<&'static Undoable, LeftOutReason>)>,
    /// Kinds that the caller may not see.
    hidden: Vec<&'static str>,
    /// Those whose tables the organization has.
    tables: Vec<&'static Undoable>,
}

impl Ground {
    /// Asks which modules the organization has. What a disabled one keeps is out of everybody's reach.
    pub(super) async fn of(caller: &Caller) -> ApiResult<Self> {
        let modules: HashMap<String, bool> = caller.module_states().await?.into_iter().collect();
        let mut ground = Self { sources: Vec::new(), hidden: Vec::new(), tables: Vec::new() };
        for source in caller.modules().events() {
            if !caller.allows(source.read) {
                ground.hidden.push(source.resource);
            }
            let enabled = modules.get(source.read.module).copied();
            let may = match &source.undo {
                None => Err(LeftOutReason::NotUndoable),
                Some(_) if enabled != Some(true) => Err(LeftOutReason::ModuleDisabled),
                Some(undo) if !undo.writes.iter().all(|info| caller.allows(info)) => {
                    Err(LeftOutReason::PermissionMissing)
                }
                Some(undo) => Ok(undo),
            };
            ground.tables.extend(source.undo.as_ref().filter(|_| enabled.is_some()));
            ground.sources.push((source, may));
        }
        ground.tables = parents_first(ground.tables);
        Ok(ground)
    }

    /// Kinds of records that the caller may not see.
    pub(super) fn hidden(&self) -> Vec<&'static str> {
        self.hidden.clone()
    }

    /// The tables that may be undone, of which one may be asked for.
    pub(super) fn resources(&self) -> Vec<&'static str> {
        let may = self.sources.iter().filter(|(source, may)| may.is_ok() && !self.hidden.contains(&source.resource));
        may.map(|(source, _)| source.resource).collect()
    }

    /// All tables that other records may refer from and to, each behind those that it refers to.
    pub(super) fn tables(&self) -> &[&'static Undoable] {
        &self.tables
    }

    /// Why a kind of records is not undone; none where it is.
    fn reason(&self, resource: &str) -> Option<LeftOutReason> {
        let known = self.sources.iter().find(|(source, _)| source.resource == resource);
        known.map_or(Some(LeftOutReason::NotUndoable), |(_, may)| may.err())
    }

    /// Parts what was found, by kinds, into how many records can be undone and what cannot be.
    pub(super) fn part(&self, found: Vec<(String, i64)>) -> (i64, Vec<LeftOut>) {
        let (mut undone, mut left_out) = (0, Vec::new());
        for (resource, count) in found {
            match self.reason(&resource) {
                None => undone += count,
                Some(reason) => left_out.push(LeftOut { resource, count, reason }),
            }
        }
        (undone, left_out)
    }

    /// The tables of these kinds of records, if the caller may undo all of them at this moment.
    pub(super) fn admit(&self, caller: &Caller, resources: &[String]) -> ApiResult<Vec<&'static Undoable>> {
        let is_due = |resource: &str| resources.iter().any(|due| due == resource);
        for (source, may) in self.sources.iter().filter(|(source, _)| is_due(source.resource)) {
            let writes = source.undo.iter().flat_map(|undo| undo.writes);
            if let Some(lacking) = std::iter::once(&source.read).chain(writes).find(|info| !caller.allows(info)) {
                return Err(ApiError::forbidden(lacking));
            }
            if may.is_err() {
                let detail = "The module of some of these records was disabled since the preview. Enable it, or leave \
                              them out.";
                return Err(ApiError::conflict("module_disabled", detail));
            }
        }
        Ok(self.tables.iter().copied().filter(|table| is_due(table.table.as_str())).collect())
    }
}
