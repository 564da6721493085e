//! What a caller may undo: what they could do by hand, and no more.

use std::collections::HashMap;

use super::undoable::{Undoable, parents_first};
use super::{LeftOut, LeftOutReason};
use crate::events::EventSource;
use crate::http::{ApiError, ApiResult, Caller};
use crate::tenancy::OwnedResource;
use crate::value::Text;

/// The kinds of records of an organization, as far as a caller may undo their changes.
pub(crate) struct Ground {
    sources: Vec<(&'static EventSource, Result<&'static Undoable, LeftOutReason>)>,
    /// Kinds that the caller may not see.
    hidden: Vec<&'static str>,
    /// Those whose tables the organization has.
    tables: Vec<&'static Undoable>,
}

impl Ground {
    /// Asks which modules the organization has. What a disabled one keeps is out of everybody's reach.
    pub(crate) async fn of(caller: &Caller) -> ApiResult<Self> {
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

    /// Checks that there are such kinds of records.
    ///
    /// # Errors
    /// 422 where there is none of a name: nothing would be undone, and nobody told.
    pub(super) fn knows(&self, resources: &[Text<60>]) -> ApiResult<()> {
        let is_known = |name: &Text<60>| self.sources.iter().any(|(source, _)| source.resource == name.as_str());
        match resources.iter().position(|name| !is_known(name)) {
            None => Ok(()),
            Some(n) => {
                let expected =
                    "there are no such records, expected the name that the audit has for them, such as contacts";
                Err(ApiError::invalid().at(format!("/resources/{n}"), expected))
            }
        }
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
    pub(crate) fn tables(&self) -> &[&'static Undoable] {
        &self.tables
    }

    /// The names of those tables.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.tables.iter().map(|table| table.table.as_str()).collect()
    }

    /// Those of them whose records have owners.
    pub(crate) fn owned(&self) -> Vec<&'static OwnedResource> {
        let names = self.names();
        let all = inventory::iter::<OwnedResource>.into_iter();
        all.filter(|owned| names.contains(&owned.table.as_str())).collect()
    }

    /// Kinds of records whose deletion can be undone and that the caller may see, of modules that are enabled.
    pub(crate) fn seen(&self) -> Vec<&'static str> {
        let seen = self.sources.iter().filter(|(source, may)| {
            matches!(may, Ok(_) | Err(LeftOutReason::PermissionMissing)) && !self.hidden.contains(&source.resource)
        });
        seen.map(|(source, _)| source.resource).collect()
    }

    /// The table of a kind of records, if the organization has it.
    pub(crate) fn table(&self, resource: &str) -> Option<&'static Undoable> {
        self.tables.iter().copied().find(|table| table.table.as_str() == resource)
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
