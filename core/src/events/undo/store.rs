//! The SQL of undos: what was asked for, and what became of it.

use uuid::Uuid;

use super::{LeftOut, NewUndo, Undo, UndoId, UndoRecord, UndoRecordSort, UndoSort};
use crate::http::{Page, Paging};
use crate::tenancy::{Change, Fragment, Statement, change, records, select, statement};
use crate::{row, sql};

pub(super) fn list(paging: Paging<UndoSort>) -> Statement<Page<Undo>> {
    paging.page(records(sql!("undos")))
}

pub(super) fn find(id: UndoId) -> Statement<Option<Undo>> {
    select::<Undo>(sql!("FROM undos WHERE id = $1")).bind(id).optional()
}

/// The records of an undo, but for kinds that are hidden.
pub(super) fn records_of(
    id: UndoId,
    hidden: Vec<&'static str>,
    paging: Paging<UndoRecordSort>,
) -> Statement<Page<UndoRecord>> {
    let hidden = Some(hidden).filter(|hidden| !hidden.is_empty());
    let found = records(sql!("undo_records")).filter(sql!("undo_id = $1"), Some(id)).filter(HIDDEN, hidden);
    paging.page(found)
}

const HIDDEN: Fragment = sql!("resource <> ALL ($1)");

pub(super) fn insert(id: UndoId, by: Uuid, new: &NewUndo, left_out: Vec<LeftOut>) -> Statement<Undo> {
    inserting(id, by, new, left_out).insert()
}

/// One that is applied in the same transaction.
pub(super) fn insert_applied(id: UndoId, by: Uuid, new: &NewUndo) -> Statement<Undo> {
    let applied = inserting(id, by, new, Vec::new()).set(sql!("applied_by"), by);
    applied.set(sql!("applied_at"), time::OffsetDateTime::now_utc()).insert()
}

fn inserting(id: UndoId, by: Uuid, new: &NewUndo, left_out: Vec<LeftOut>) -> Change<Undo> {
    change(sql!("undos"))
        .set(sql!("id"), id)
        .set(sql!("user_id"), new.user_id)
        .set(sql!("since"), new.from)
        .set(sql!("until"), new.until)
        .set(sql!("resources"), new.resources.clone())
        .set(sql!("records"), new.records.clone())
        .set(sql!("request_id"), new.request_id)
        .set(sql!("left_out"), left_out)
        .set(sql!("created_by"), by)
}

/// Forgets the records of undos that were not applied in their day.
pub(in crate::events) fn forget_previews() -> Statement<()> {
    statement(sql!(
        "DELETE FROM undo_records AS r USING undos AS u WHERE u.id = r.undo_id AND u.applied_at IS NULL ",
        "AND u.created_at < now() - interval '1 day'"
    ))
    .done()
}

/// An undo that is about to be applied.
pub(super) struct Pending {
    pub(super) is_applied: bool,
    pub(super) is_old: bool,
    /// The kinds of its records.
    pub(super) resources: Vec<String>,
}
row!(Pending {
    is_applied = "applied_at IS NOT NULL",
    is_old = "created_at < now() - interval '1 day'",
    resources = "ARRAY(SELECT DISTINCT r.resource FROM undo_records r WHERE r.undo_id = undos.id)"
});

/// Locks it, so that it is applied once.
pub(super) fn lock(id: UndoId) -> Statement<Option<Pending>> {
    select::<Pending>(sql!("FROM undos WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn applied(id: UndoId, by: Uuid) -> Statement<Undo> {
    change(sql!("undos"))
        .set(sql!("applied_by"), by)
        .set(sql!("applied_at"), time::OffsetDateTime::now_utc())
        .update(id)
}
