//! How a record comes back: an undo of its deletion, planned and applied in one transaction.

use super::{Deletion, Restored, store};
use crate::events::audit::EntryId;
use crate::events::undo::{self, Ground, Mark, UndoConflict, UndoId, Undoable};
use crate::http::{ApiError, ApiResult, Caller};
use crate::tenancy::{DbError, Guards, TenantTx};

/// Restores the record of a deletion, with what went because of it.
pub(super) async fn restore(tx: &mut TenantTx, caller: &Caller, ground: &Ground, id: EntryId) -> ApiResult<Restored> {
    let deletion = tx.run(store::find(caller.reach(), ground, id)).await?.ok_or_else(ApiError::not_found)?;
    let table = ground.table(&deletion.resource).ok_or_else(ApiError::not_found)?;
    if let Some(lacking) = table.makes().find(|info| !caller.allows(info)) {
        return Err(ApiError::forbidden(lacking));
    }
    if deletion.is_back {
        return Err(is_back());
    }
    let undo = UndoId::new();
    tx.run(store::begin(undo, caller.user(), &deletion)).await?;
    let planned = tx.run(store::plan(undo, &deletion, ground)).await?;
    let is_it = |(resource, record): &(String, String)| *resource == deletion.resource && *record == deletion.record;
    // Somebody has restored it since it was looked at.
    if !planned.iter().any(is_it) {
        return Err(is_back());
    }
    let tables: Vec<&'static Undoable> =
        ground.tables().iter().copied().filter(|table| is_among(table, &planned)).collect();
    for mark in undo::marks(undo, &tables) {
        note(tx, mark, &deletion).await?;
    }
    undo::lock(tx, undo, &tables).await?;
    let newer = tx.run(undo::changed_since(undo)).await?;
    if !newer.is_empty() {
        return Err(if newer.iter().any(is_it) { is_back() } else { has_changed() });
    }
    let restored = undo::carry_out(tx, caller, undo, &tables, |error| refused(error, table)).await?;
    let all = i64::try_from(planned.len()).unwrap_or(i64::MAX);
    let path = caller.modules().path_of(&deletion.resource, &deletion.record);
    let Deletion { resource, record, .. } = deletion;
    Ok(Restored { resource, record, path, restored, left_out: all - restored, undo_id: undo })
}

fn is_among(table: &Undoable, planned: &[(String, String)]) -> bool {
    planned.iter().any(|(resource, _)| resource == table.table.as_str())
}

/// Notes which records have a conflict. They are left out, unless it is the one that is to be restored.
async fn note(tx: &mut TenantTx, mark: Mark, deletion: &Deletion) -> ApiResult<()> {
    let Mark { table, conflict, column, statement } = mark;
    let noted = tx.run(statement).await?;
    if table.as_str() != deletion.resource || !noted.iter().any(|(record,)| *record == deletion.record) {
        return Ok(());
    }
    let (code, detail, reason) = match conflict {
        UndoConflict::Taken => (
            "value_taken",
            "Another record has a value by now that no two may share. Change or delete that one, then restore this one.",
            "another record has this value by now",
        ),
        UndoConflict::Bound => (
            "restore_refused",
            "Something else says the same as this record, such as a calendar, so it does not come back alone. Make it anew.",
            "is said elsewhere too",
        ),
        _ => (
            "reference_gone",
            "This record refers to one that is gone too. Restore that one first.",
            "the record that it names is gone: restore that first",
        ),
    };
    Err(ApiError::conflict(code, detail).at(format!("/{}", column.as_str()), reason))
}

fn is_back() -> ApiError {
    ApiError::conflict("restored_already", "This record is back already: somebody has restored it.")
}

fn has_changed() -> ApiError {
    let detail = "Records that come back with this one have changed just now, so nothing was done. Send it again.";
    ApiError::conflict("restore_outdated", detail)
}

/// The database has the last word. Of several who restore a record at once, all but one meet it there.
fn refused(error: DbError, table: &Undoable) -> ApiError {
    match &error {
        DbError::Conflict { constraint, kind: Guards::Unique }
            if constraint.strip_suffix("_pkey") == Some(table.table.as_str()) =>
        {
            is_back()
        }
        refused if refused.is_about_rows() => {
            tracing::info!(error = error.diagnosis(), "a restoration was refused");
            let conflict = ApiError::conflict(
                "restore_refused",
                "What would come back breaks a rule of the records as they are now, such as a combination of values that no two \
                 may share, so nothing was done. Change the record that has them, and restore this one then.",
            );
            match refused {
                DbError::Conflict { constraint, kind: Guards::Unique } => match column(constraint, table) {
                    Some(column) => conflict.at(format!("/{column}"), "another record has this by now"),
                    None => conflict,
                },
                _ => conflict,
            }
        }
        _ => error.into(),
    }
}

/// The column that a constraint is about, by its name: `<table>_<column>_key`.
fn column<'a>(constraint: &'a str, table: &Undoable) -> Option<&'a str> {
    constraint.strip_prefix(table.table.as_str())?.strip_prefix('_')?.strip_suffix("_key")
}
