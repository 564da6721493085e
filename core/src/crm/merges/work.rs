//! What previewing and merging have in common: the records, locked and compared, and what they become.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use super::kind::Kind;
use super::links::{self, Link};
use super::store::{self, Referring};
use super::weave::{Fields, TooMany, mergeable, weave};
use super::{MergeConflict, MergedField, Moved, NewMerge};
use crate::events::{Ground, Undoable};
use crate::http::{ApiError, ApiResult, Caller};
use crate::tenancy::TenantTx;

/// A merge that was looked at.
pub(super) struct Work {
    pub(super) kind: &'static Kind,
    pub(super) table: &'static Undoable,
    pub(super) versions: HashMap<String, i64>,
    kept: Fields,
    /// What changes in the kept record.
    pub(super) woven: Result<Fields, TooMany>,
    /// The organization's own fields that refer to such records.
    pub(super) links: Vec<Link>,
    referring: Vec<Referring>,
}

/// Asks whether the caller may write such records by hand.
pub(super) fn allowed(caller: &Caller, ground: &Ground, kind: &Kind) -> ApiResult<&'static Undoable> {
    let table = ground.table(kind.source.resource).ok_or_else(ApiError::not_found)?;
    let needs = std::iter::once(kind.source.read).chain(table.makes());
    match needs.into_iter().find(|info| !caller.allows(info)) {
        Some(lacking) => Err(ApiError::forbidden(lacking)),
        None => Ok(table),
    }
}

impl Work {
    /// Looks at the records of a merge.
    pub(super) async fn look(
        tx: &mut TenantTx,
        caller: &Caller,
        ground: &Ground,
        new: &NewMerge,
        is_preview: bool,
    ) -> ApiResult<Self> {
        let kind = new.resource.kind();
        let table = allowed(caller, ground, kind)?;
        for name in new.fields.iter().flat_map(HashMap::keys) {
            if !mergeable(table.columns.as_str()).any(|column| column == name) {
                return Err(
                    ApiError::invalid().at(format!("/fields/{name}"), "no field of such records that one can choose")
                );
            }
        }
        if !is_preview {
            tx.run(store::lock(table.table, new.ids())).await?;
        }
        let rows = tx.run((kind.rows)(caller.reach(), new.ids())).await?;
        let mut versions = HashMap::new();
        let mut records = Vec::with_capacity(rows.len());
        for (n, id) in new.ids().into_iter().enumerate() {
            let pointer = n.checked_sub(1).map_or("/keep".to_owned(), |n| format!("/merge/{n}"));
            let missing = || ApiError::not_found().at(pointer, "there is no such record");
            let (_, version, record) = rows.iter().find(|(own, _, _)| *own == id).ok_or_else(missing)?;
            if new
                .versions
                .iter()
                .flatten()
                .any(|(seen, seen_version)| *seen == id.to_string() && seen_version != version)
            {
                return Err(ApiError::stale());
            }
            versions.insert(id.to_string(), *version);
            records.push((id, record.as_object().cloned().unwrap_or_default()));
        }
        let picks = new.fields.clone().unwrap_or_default();
        let woven = weave(&records, table.columns.as_str(), kind.spills, &picks);
        let mut referring = match store::count(kind, ground.tables(), new.keep, new.merge.clone()) {
            Some(count) => tx.run(count).await?,
            None => Vec::new(),
        };
        let links = tx.run(links::to(table.table)).await?;
        if let Some(count) = links::count(&links, new.keep, &new.merge) {
            referring.extend(tx.run(count).await?);
        }
        let kept = records.swap_remove(0).1;
        Ok(Self { kind, table, versions, kept, woven, links, referring })
    }

    /// What changes in the kept record.
    pub(super) fn fields(&self) -> Vec<MergedField> {
        let fields = self.woven.iter().flatten();
        let field = |(name, then): (&String, &Value)| MergedField {
            name: name.clone(),
            now: self.kept.get(name).cloned(),
            then: Some(then.clone()),
        };
        fields.map(field).collect()
    }

    /// What refers to the merged records, of kinds that the caller may see.
    pub(super) fn moved(&self, ground: &Ground) -> Vec<Moved> {
        let seen = ground.seen();
        let mut moved: Vec<Moved> = Vec::new();
        for kind in self.referring.iter().filter(|kind| seen.contains(&kind.resource.as_str())) {
            if kind.moved + kind.dropped == 0 {
                continue;
            }
            match moved.iter_mut().find(|known| known.resource == kind.resource) {
                Some(known) => {
                    known.count += kind.moved;
                    known.dropped += kind.dropped;
                }
                None => {
                    let Referring { resource, moved: count, dropped, .. } = kind;
                    moved.push(Moved { resource: resource.clone(), count: *count, dropped: *dropped });
                }
            }
        }
        moved
    }

    /// What stands in the way. What the caller may not see is not named.
    pub(super) fn conflicts(&self, ground: &Ground) -> Vec<MergeConflict> {
        let seen = ground.seen();
        let rivals = self.referring.iter().filter(|kind| kind.rivals > 1);
        let mut conflicts: Vec<MergeConflict> = rivals
            .map(|kind| MergeConflict {
                resource: Some(kind.resource.clone()).filter(|resource| seen.contains(&resource.as_str())),
                field: None,
            })
            .collect();
        if let Err(TooMany(column)) = &self.woven {
            conflicts.push(MergeConflict { resource: None, field: Some((*column).to_owned()) });
        }
        conflicts
    }

    /// What the kept record gets, if nothing stands in the way.
    pub(super) fn due(&self, ground: &Ground) -> ApiResult<Fields> {
        let conflicts = self.conflicts(ground);
        if conflicts.is_empty() {
            return self.woven.clone().map_err(|_| ApiError::internal());
        }
        let detail =
            "These records cannot become one as they are. Change what `errors` names, or choose a value in `fields`.";
        Err(conflicts.into_iter().fold(ApiError::conflict("merge_conflicts", detail), |error, conflict| {
            match (conflict.resource, conflict.field) {
                (_, Some(field)) => {
                    error.at(format!("/fields/{field}"), "all of it together is more than such a record can have")
                }
                (Some(resource), None) => error.at(
                    format!("/{resource}"),
                    "more than one refers to these records, and each record can have only one: delete all but one",
                ),
                (None, None) => error.at("/merge", "records that you may not see stand in the way"),
            }
        }))
    }
}

/// A record's fields as one value.
pub(super) fn value(fields: Fields) -> Value {
    Value::Object(fields)
}

/// The first of the merged records, by which the merge is known.
pub(super) fn first(merge: &[Uuid]) -> ApiResult<Uuid> {
    merge.first().copied().ok_or_else(ApiError::internal)
}
